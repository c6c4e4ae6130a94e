"""`tricorn ticket show`: each clock with the clause it runs by, and the spans that add up to it."""

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from tests.cast import HOUR, MONDAY, NOON, SATURDAY, make_ticket
from tricorn.cli import tricorn
from tricorn.tickets import verbs as tickets
from tricorn.tickets.reads.explained import clocks_shown

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(tricorn, ["ticket", "show", *map(str, arguments)])


def clocks(ticket):
    data = json.loads(run(ticket.ref, "--json").stdout)
    return {each["measure"]: each for each in data["clocks"]}


def seconds(explanation):
    spans = [tuple(map(datetime.fromisoformat, span)) for span in explanation["spans"]]
    return sum((end - start).total_seconds() for start, end in spans)


def test_a_resolved_ticket_names_agreement_version_and_clause_and_adds_up(cleo, desi, mail, a7):
    ticket = make_ticket(cleo, mail, at=SATURDAY)
    tickets.resolve(ticket, by=desi.actor, at=NOON, note="Fixed")

    found = clocks(ticket)["resolution"]

    assert (found["agreement"], found["version"], found["clause"]) == ("A-7", 1, "R2")
    assert found["due_at"] == "2026-10-12T14:00:00+00:00"
    assert found["elapsed_seconds"] == 4 * 3600
    assert found["breached"] is False
    assert found["explanation"]["spans"] == [
        ["2026-10-12T06:00:00+00:00", "2026-10-12T10:00:00+00:00"]
    ]
    assert found["closed_seconds"] == 46 * 3600
    assert "Clause R2 promises 8 hours of service time." in found["explanation"]["sentences"]


def test_a_running_clock_is_computed_now_and_is_late_without_any_job(cleo, mail, a7):
    ticket = make_ticket(cleo, mail, at=MONDAY - timedelta(days=200))

    found = clocks(ticket)["resolution"]

    assert found["stopped_at"] is None
    assert found["breached"] is True
    assert found["elapsed_seconds"] > 8 * 3600
    assert seconds(found["explanation"]) == pytest.approx(found["elapsed_seconds"], abs=1)


def test_waiting_is_left_out_of_what_counted(cleo, desi, mail, a7):
    ticket = make_ticket(cleo, mail)
    tickets.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="customer")
    tickets.go_on(ticket, by=desi.actor, at=MONDAY + 3 * HOUR)

    (_, found) = clocks_shown(ticket, at=NOON)[:2]

    assert [(span.start, span.end) for span in found.counted] == [
        (MONDAY, MONDAY + HOUR),
        (MONDAY + 3 * HOUR, NOON),
    ]
    assert found.elapsed_seconds == 2 * 3600


def test_a_ticket_without_agreement_runs_by_the_house_promise(una, mail):
    ticket = make_ticket(una, mail)

    found = clocks(ticket)["first_response"]

    assert (found["agreement"], found["version"], found["clause"]) == (None, None, None)
    assert found["target"] == "8h"
    assert "first_response: house promise" in run(ticket.ref).stdout


def test_any_number_of_waits_costs_the_same(cleo, desi, mail, a7, django_assert_num_queries):
    ticket = make_ticket(cleo, mail)
    for n in range(5):
        at = MONDAY + n * 2 * HOUR
        tickets.wait(ticket, by=desi.actor, at=at, holder="customer")
        tickets.go_on(ticket, by=desi.actor, at=at + HOUR)

    with django_assert_num_queries(3):
        clocks_shown(ticket, at=NOON)


@pytest.mark.parametrize("ref", ["T-99", "nonsense", "T-" + "9" * 40])
def test_a_ticket_that_is_not_there_is_one_sentence(una, mail, ref):
    make_ticket(una, mail)

    answer = run(ref)

    assert answer.exit_code == 1
    assert "A ref is like T-2041. The newest is T-" in str(answer.exception)
