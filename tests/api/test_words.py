"""`q` in the list of tickets, and what has changed: meant as in the box, refused with its place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import program_of
from tests.cast import HOUR, LONG_AGO, MONDAY, make_ticket, somebody
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket


@pytest.fixture
def hers(una, desi, mail):
    ticket = make_ticket(una, mail, text="Mail is slow")
    verbs.add_note(ticket, by=desi.actor, at=MONDAY + HOUR, text="The old server again")
    return ticket


def refs(program, query):
    answer = program.get(f"/tickets?{query}")
    assert answer.status_code == 200, answer.content
    return [each["ref"] for each in answer.json()["items"]]


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("slow", True),
        ("server", True),
        ("is:open service:mail from:una slo", True),
        ("is:resolved", False),
        ("-slow", False),
        ("for:desi", False),
    ],
)
def test_the_desk_finds_by_words_and_fields(desi, hers, q, is_found):
    assert refs(program_of(desi), f"q={q}") == ([hers.ref] if is_found else [])


@pytest.mark.parametrize(
    ("q", "places", "says"),
    [
        ("slow  is:opne", [6], "is:opne means nothing here. There is: open,"),
        ("due:soon slow colour:red", [0, 14], "due:soon means nothing here. There is: <2h,"),
        ("slow due:", [5], "due: means nothing here."),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(desi, hers, q, places, says):
    answer = program_of(desi).get(f"/tickets?q={q}")

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "bad-input")
    assert [(each["field"], each["position"]) for each in told["errors"]] == [
        ("q", place) for place in places
    ]
    assert told["detail"].startswith(says)


def test_whose_matter_it_is_finds_words_that_were_said_to_them(una, sam, hers):
    assert refs(program_of(una), "q=slow") == [hers.ref]
    assert refs(program_of(una), "q=server") == []
    assert refs(program_of(sam), "q=slow") == []
    refused = program_of(una).get("/tickets?q=slow by:desi").json()
    assert refused["errors"][0]["position"] == 5
    assert "is for the desk" in refused["detail"]


def test_words_and_pages_go_together(una, desi, mail):
    made = [make_ticket(una, mail, text=f"Slow number {n}").ref for n in range(3)]
    program, seen, cursor = program_of(desi), [], ""
    while cursor is not None:
        page = program.get(f"/tickets?q=slow&limit=2&cursor={cursor}").json()
        seen += [each["ref"] for each in page["items"]]
        cursor = page["next"]

    assert seen == made[::-1]


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_changes_are_told_in_their_order_page_by_page(una, desi, mail, order):
    made = [make_ticket(una, mail, text=f"Number {n}") for n in range(4)]
    for n, back in ((0, 2), (1, 0), (2, 2), (3, 1)):
        Ticket.objects.filter(pk=made[n].pk).update(changed_at=MONDAY + timedelta(hours=9 + back))
    by_change = [made[n].ref for n in (1, 3, 0, 2)]
    program, seen, cursor = program_of(desi), [], ""
    while cursor is not None:
        asked = f"changed_since=2026-10-12T08:00:00Z&order={order}&limit=1&cursor={cursor}"
        page = program.get(f"/tickets?{asked}").json()
        seen += [each["ref"] for each in page["items"]]
        cursor = page["next"]

    assert seen == (by_change if order == "oldest" else by_change[::-1])


@pytest.mark.parametrize("service", [None, "mail"])
def test_what_changed_is_found_by_its_index(una, house, mail, service):
    """Without reading all tickets, and without sorting them: 250,000 cost what a page costs."""
    for n in range(20):
        make_ticket(una, mail, text=f"Number {n}")
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=mail if service else None)
    program = program_of(dora)
    since = "/tickets?changed_since=2026-10-01T00:00:00Z&limit=5"
    cursor = program.get(since).json()["next"]
    with CaptureQueriesContext(connection) as queries:
        program.get(f"{since}&cursor={cursor}")
    sql = next(
        each["sql"]
        for each in queries
        if 'ORDER BY "tickets_ticket"."changed_at"' in each["sql"] and " LIMIT 6" in each["sql"]
    )

    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN"
        if connection.vendor == "postgresql":
            # So few rows that any plan will do: without a sort only what is in order already.
            cursor.execute("ANALYZE tickets_ticket")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            plan = "EXPLAIN"
        cursor.execute(f"{plan} {sql}")
        told = str(cursor.fetchall())
    assert "ticket_changed" in told
    assert "TEMP B-TREE" not in told


def test_a_merged_ticket_is_told_as_such(una, desi, mail):
    one, other = (make_ticket(una, mail, text=text) for text in ("Slow", "Slow too"))
    verbs.merge(other, by=desi.actor, at=MONDAY + HOUR, into=one)

    for program in (program_of(una), program_of(desi)):
        assert program.get(f"/tickets/{other.ref}").json()["state"] == "merged"
        assert len(refs(program, "limit=5")) == 2
