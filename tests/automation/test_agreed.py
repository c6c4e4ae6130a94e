"""Escalation along the chain that the client signed; the chain of the service where none is."""

import pytest

from tests.automation.making import turn
from tests.cast import A7, HOUR, LONG_AGO, MONDAY, make_ticket
from tricorn.agreements.models import AgreedStep
from tricorn.agreements.proof import changed_versions
from tricorn.agreements.verbs import activate
from tricorn.automation.escalated import rehearse_chains
from tricorn.automation.models import Escalated
from tricorn.automation.reads import escalated_among, escalated_on
from tricorn.automation.verbs import set_chain
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadAgreement
from tricorn.engine.escalation import Step
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Person
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs as tickets
from tricorn.tickets.jobs import move_clocks

CHAIN = """
[[escalation]]
id = "E1"
at = "50 %"
tell = "team"

[[escalation]]
id = "E2"
services = ["mail"]
at = "late"
person = "mo@example.org"
client = true
"""
MINUTE = HOUR / 60


def signed(text=A7 + CHAIN, at=LONG_AGO):
    return activate(Agreement.from_toml(text, "A-7.toml"), by=COMMAND, at=at).version


@pytest.fixture
def agreed(mail, clive, mo, finance):
    """A-7 with a chain: who works there at half of the time, Mo and the client when it is late."""
    set_chain(mail, [Step("share", 25, "manager")], by=COMMAND, at=LONG_AGO)
    return signed()


def taken(ticket):
    found = Escalated.objects.filter(ticket=ticket, clock__measure="first_response")
    return [(str(each.agreed or ""), each.number, each.persons) for each in found]


def test_the_agreed_chain_counts_instead_of_the_services_own(agreed, cleo, una, desi, mo, mail):
    covered, other = make_ticket(cleo, mail), make_ticket(una, mail)

    turn(MONDAY + 30 * MINUTE)
    turn(MONDAY + 2 * HOUR)

    assert taken(covered) == [("E1", 1, [desi.pk]), ("E2", 2, [mo.pk])]
    assert taken(other) == [("", 1, [mo.pk])]
    shown = escalated_on(covered)
    assert [(each.agreement, each.clause) for each in shown[:2]] == [("A-7", "E1"), ("A-7", "E2")]
    assert escalated_among([covered.pk, other.pk]) == {covered.pk: "E2", other.pk: ""}
    line = Line.objects.about("ticket", covered.pk).filter(kind="ticket.escalated").first()
    assert (line.data["clause"], line.data["version"]) == ("E1", agreed.pk)


def test_a_wait_that_stops_the_clock_moves_the_agreed_steps(agreed, cleo, desi, mail):
    ticket = make_ticket(cleo, mail)
    tickets.answer(ticket, by=desi.actor, at=MONDAY + MINUTE, text="We are at it")
    tickets.wait(ticket, by=desi.actor, at=MONDAY + 2 * HOUR, holder="customer")
    tickets.go_on(ticket, by=desi.actor, at=MONDAY + 5 * HOUR)
    turn(MONDAY + 7 * HOUR - MINUTE)
    assert not Escalated.objects.filter(ticket=ticket).exists()

    turn(MONDAY + 7 * HOUR)

    assert [str(each.agreed) for each in Escalated.objects.filter(ticket=ticket)] == ["E1"]


def test_a_step_that_names_who_has_left_goes_to_the_managers(agreed, cleo, clive, mo, mail):
    Person.objects.filter(pk=mo.pk).update(is_active=False)
    give_duty(clive, "manage", by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)

    turn(MONDAY + 2 * HOUR)

    assert taken(ticket)[-1] == ("E2", 2, [clive.pk])


def test_what_ran_out_before_the_chain_was_agreed_is_left_alone(mail, clive, mo, cleo):
    moves = A7.replace("from = 2026-05-04", 'from = 2026-10-13\nrunning = "move"')
    signed(A7)
    ticket = make_ticket(cleo, mail, at=MONDAY + 11 * HOUR)
    signed(moves.replace("on = 2026-05-04", "on = 2026-10-12") + CHAIN, at=MONDAY + 12 * HOUR)

    turn(MONDAY + 20 * HOUR)
    while move_clocks(MONDAY + 20 * HOUR):
        pass
    turn(MONDAY + 32 * HOUR)

    found = Escalated.objects.filter(ticket=ticket)
    assert {(each.clock.measure, str(each.agreed)) for each in found} == {
        ("first_response", "E2"),
        ("resolution", "E1"),
        ("resolution", "E2"),
    }


def test_a_dry_run_counts_the_steps_and_writes_nothing(
    agreed, cleo, una, desi, mail, django_assert_num_queries
):
    for person in (cleo, una):
        make_ticket(person, mail)
    done = make_ticket(cleo, mail, text="Soon done")
    tickets.resolve(done, by=desi.actor, at=MONDAY + 20 * MINUTE, note="Done")

    with django_assert_num_queries(6):
        found = rehearse_chains(mail, days=30, by=COMMAND, at=MONDAY + 2 * HOUR)

    assert found.looked_at == 3
    counts = [(str(each.agreed or ""), each.number, times) for each, times in found.counts]
    assert counts == [("", 1, 1), ("E1", 1, 1), ("E2", 2, 1)]
    assert [each.at for each in found.taken if str(each.chained.agreed) == "E1"] == [
        MONDAY + 30 * MINUTE
    ]
    assert not Escalated.objects.exists()


def test_a_chain_that_names_nobody_known_cannot_be_activated(mail, clive, finance):
    with pytest.raises(BadAgreement, match=r"the person 'mo@example.org' is not known here"):
        signed()

    assert not AgreedStep.objects.exists()


def test_the_rows_prove_the_signed_text(agreed):
    assert list(changed_versions()) == []
    assert [(each.name, each.person) for each in agreed.steps.all()] == [
        ("E1", None),
        ("E2", Person.objects.get(name="Mo")),
    ]
