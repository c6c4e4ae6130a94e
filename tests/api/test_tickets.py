"""Tickets through the API: what the token's person sees and does in the browser, and no more."""

import pytest

from tests.api.conftest import program_of
from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Message, Ticket


@pytest.fixture
def hers(una, desi, mail):
    """Una's ticket, with an answer and a note of Desi's, waiting for her."""
    ticket = make_ticket(una, mail, text="Mail is slow")
    verbs.answer(ticket, by=desi.actor, at=MONDAY + HOUR, text="Since when?")
    verbs.add_note(ticket, by=desi.actor, at=MONDAY + HOUR, text="The old server again")
    return verbs.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="user")


@pytest.fixture
def laptop(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours)


@pytest.fixture
def dora(house, laptop):
    """Works at the desk, for Laptop alone."""
    person = somebody("Dora", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    return person


def test_a_report_is_answered_with_its_place(cleo, mail, a7):
    answer = program_of(cleo).post("/tickets", {"text": "Mail is slow", "service": "mail"})

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert answer["Location"] == f"/api/v1/tickets/{told['ref']}"
    assert (told["requester"]["name"], told["desk"]) == ("Cleo", None)
    assert Ticket.objects.get().version == a7


def test_the_journal_says_whose_token_it_was(una, mail):
    program_of(una).post("/tickets", {"text": "Mail is slow", "service": "mail"})

    line = Line.objects.get(kind="ticket.reported")
    assert (line.by_kind, line.by_id) == ("person", una.pk)
    assert line.data["via"] == una.tokens.get().pk


def test_the_desk_reports_for_somebody_else_and_for_nobody(desi, una, mail):
    program = program_of(desi)
    given = {"text": "Her mail is slow", "service": "mail", "impact": 1, "urgency": 1}

    for_una = program.post("/tickets", {**given, "requester": una.pk}).json()
    for_nobody = program.post("/tickets", {**given, "requester": None}).json()

    assert (for_una["requester"]["name"], for_una["desk"]["priority"]) == ("Una", "critical")
    assert for_una["desk"]["reported_by"]["name"] == "Desi"
    assert for_nobody["requester"] is None


@pytest.mark.parametrize("more", [{"requester": 10**6}, {"requester": None}, {"impact": 1}])
def test_nobody_else_reports_for_others_or_says_how_pressing_it_is(una, mail, more):
    answer = program_of(una).post("/tickets", {"text": "Help", "service": "mail", **more})

    assert answer.status_code == 403
    assert not Ticket.objects.exists()


def test_whose_matter_it_is_reads_no_note_and_nothing_of_the_desk(una, hers):
    told = program_of(una).get(f"/tickets/{hers.ref}").json()

    assert [each["text"] for each in told["messages"]] == ["Mail is slow", "Since when?"]
    assert [each["voice"] for each in told["messages"]] == ["theirs", "ours"]
    assert (told["desk"], told["clocks"], told["waits"]) == (None, [], [])
    assert told["waiting_on"] == "user"


def test_the_desk_reads_notes_waits_and_clocks(desi, hers):
    told = program_of(desi).get(f"/tickets/{hers.ref}").json()

    assert [each["voice"] for each in told["messages"]] == ["theirs", "ours", "note"]
    assert [each["holder"] for each in told["waits"]] == ["user"]
    clocks = {each["measure"]: each for each in told["clocks"]}
    assert clocks["first_response"]["is_met"] is True
    assert clocks["resolution"]["paused_by"] == "user"
    explained = program_of(desi).get(f"/tickets/{hers.ref}/clocks").json()
    assert all(each["sentences"] for each in explained["items"])


@pytest.mark.parametrize("path", ["", "/messages", "/clocks"])
def test_what_is_not_yours_is_not_there(sam, dora, mo, hers, path):
    for person in (sam, dora, mo):
        answer = program_of(person).get(f"/tickets/{hers.ref}{path}")
        assert answer.status_code == 404, person


def test_the_list_holds_what_one_may_know_of_and_no_more(una, dora, desi, sam, mo, hers):
    seen = {
        person.name: [each["ref"] for each in program_of(person).get("/tickets").json()["items"]]
        for person in (una, dora, desi, sam, mo)
    }

    assert seen == {"Una": [hers.ref], "Desi": [hers.ref], "Dora": [], "Sam": [], "Mo": []}


def test_what_is_held_for_review_is_in_no_list_of_the_desk(desi, una, hers):
    Ticket.objects.update(held_for="many links")

    assert program_of(desi).get("/tickets").json()["items"] == []
    assert len(program_of(una).get("/tickets").json()["items"]) == 1


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("state=waiting&state=open", True),
        ("state=closed", False),
        ("service=mail", True),
        ("service=laptop", False),
        ("kind=praise", False),
        ("requester=me", False),
        ("assignee=nobody", True),
        ("assignee=me", False),
        ("priority=moderate", True),
        ("late=true", False),
        ("changed_since=2026-10-12T06:30:00Z", True),
        ("changed_since=2026-10-12T07:30:00%2B00:00", False),
        ("reported_since=2026-10-12T08:00:00%2B02:00", True),
        ("reported_before=2026-10-12T06:00:00Z", False),
    ],
)
def test_a_filter_leaves_out_what_it_says(desi, hers, query, is_found):
    items = program_of(desi).get(f"/tickets?{query}").json()["items"]

    assert [each["ref"] for each in items] == ([hers.ref] if is_found else [])


def test_by_what_the_desk_reads_only_the_desk_may_choose(una, desi, hers):
    verbs.assign(hers, by=desi.actor, at=NOON, to=desi)

    for query in (f"assignee={desi.pk}", "assignee=nobody", "priority=moderate", "late=false"):
        assert program_of(una).get(f"/tickets?{query}").json()["items"] == []


def test_pages_go_on_where_the_one_before_ended(una, mail):
    refs = [make_ticket(una, mail, text=f"Number {n}").ref for n in range(5)]
    program = program_of(una)
    seen, cursor = [], ""
    while cursor is not None:
        page = program.get(f"/tickets?limit=2&order=oldest&cursor={cursor}").json()
        seen += [each["ref"] for each in page["items"]]
        cursor = page["next"]

    assert seen == refs
    newest = program.get("/tickets?limit=2").json()
    assert [each["ref"] for each in newest["items"]] == refs[:2:-1]
    wrong = program.get(f"/tickets?order=oldest&cursor={newest['next']}")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "cursor")


def test_every_list_costs_the_same_for_one_and_for_many(
    una, desi, mo, mail, a7, django_assert_max_num_queries
):
    program, manager = program_of(desi), program_of(mo)
    give_duty(mo, "desk", by=COMMAND, at=LONG_AGO)
    paths = ["/people", "/organisations", "/places", "/services", "/agreements"]
    asked = [(program, "/tickets"), *((manager, path) for path in paths)]
    make_ticket(una, mail, text="One")
    for each in (program, manager):
        each.get("/me")  # the first use within an hour is written down
    counts = {}
    for many in (False, True):
        if many:
            for n in range(12):
                make_ticket(somebody(f"P{n} Q", mail.provider), mail, text=f"Number {n}")
        for who, path in asked:
            with django_assert_max_num_queries(15) as counted:
                answer = who.get(path)
            assert answer.status_code == 200
            counts.setdefault(path, []).append(len(counted))

    assert {path: pair for path, pair in counts.items() if len(set(pair)) > 1} == {}


def test_a_ticket_goes_through_its_whole_life(una, desi, mail):
    ref = make_ticket(una, mail).ref
    desk, own = program_of(desi), program_of(una)
    steps = [
        (desk, "assign", {"to": desi.pk}, "new"),
        (desk, "open", None, "open"),
        (desk, "answer", {"text": "Since when?"}, "open"),
        (desk, "add_note", {"text": "The old server"}, "open"),
        (desk, "wait", {"holder": "user"}, "waiting"),
        (own, "answer", {"text": "Since Friday"}, "open"),
        (desk, "wait", {"holder": "supplier"}, "waiting"),
        (desk, "go_on", None, "open"),
        (desk, "prioritise", {"priority": "high"}, "open"),
        (desk, "count_affected", {"count": 3}, "open"),
        (desk, "log_time", {"minutes": 15}, "open"),
        (desk, "change_persons", {"requester": una.pk, "affected": None}, "open"),
        (desk, "hand_over", {"note": "Yours", "team": mail.provider_id}, "open"),
        (desk, "resolve", {"note": "A new disk"}, "resolved"),
        (own, "reopen", None, "open"),
        (desk, "resolve", {"note": "Another disk"}, "resolved"),
        (own, "rate", {"score": 4}, "resolved"),
        (own, "close", None, "closed"),
    ]
    for program, verb, given, state in steps:
        answer = program.post(f"/tickets/{ref}/{verb}", given)
        assert (answer.status_code, answer.json().get("state")) == (200, state), (
            verb,
            answer.json(),
        )

    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.minutes_spent, ticket.team) == ("high", 15, mail.provider)
    assert own.get(f"/tickets/{ref}").json()["score"] == 4


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("add_note", {"text": "x"}),
        ("assign", {"to": None}),
        ("wait", {"holder": "user"}),
        ("resolve", {"note": "x"}),
        ("prioritise", {"priority": "low"}),
        ("log_time", {"minutes": 5}),
        ("count_affected", {"count": 2}),
    ],
)
def test_at_ones_own_ticket_the_desks_verbs_are_the_desks(mo, mail, verb, given):
    """A manager has the right; the browser offers it at the desk alone, and so does the API."""
    ref = make_ticket(mo, mail).ref
    said = Message.objects.count()

    answer = program_of(mo).post(f"/tickets/{ref}/{verb}", given)

    assert (answer.status_code, answer.json()["code"]) == (403, "not-with-your-standing")
    assert Message.objects.count() == said


def test_the_state_says_no_as_a_conflict(desi, una, mail):
    ref = make_ticket(una, mail).ref

    answer = program_of(desi).post(f"/tickets/{ref}/close")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


def test_who_may_not_sign_in_is_given_no_ticket(desi, una, mail):
    una.is_active = False
    una.save()
    ref = make_ticket(None, mail).ref

    answer = program_of(desi).post(f"/tickets/{ref}/change_persons", {"requester": una.pk})

    assert answer.json()["errors"][0]["field"] == "requester"
