"""Escalation along the chain: before, at lateness, after; each step once for a clock."""

from datetime import timedelta

import pytest

from tests.automation.making import turn
from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket
from tricorn.automation import verbs
from tricorn.automation.alarms import Timed, ring
from tricorn.automation.models import Alarm, Escalated, Sweep
from tricorn.automation.reads import escalated_among, escalated_on
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.escalation import Step
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties import verbs as parties
from tricorn.standing.verbs import go_away
from tricorn.tickets import verbs as tickets

INSTANT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def chain(mail, clive):
    """Before, at lateness, two hours after: who has it, the desk, a person, the manager."""
    steps = [
        Step("before", 30),
        Step("share", 90, "team"),
        Step("late", whom="person", person=clive.pk),
        Step("after", 120, "manager"),
    ]
    return verbs.set_chain(mail, steps, by=COMMAND, at=LONG_AGO)


def taken(ticket, measure="resolution"):
    found = Escalated.objects.filter(ticket=ticket, clock__measure=measure)
    return [(each.number, each.persons) for each in found.order_by("number")]


def answered(ticket, desi):
    """The first answer is given, so that the resolution alone still runs: 8 h, due at 16:00."""
    tickets.answer(ticket, by=desi.actor, at=MONDAY + MINUTE, text="We are at it")
    turn(MONDAY + MINUTE)
    return ticket


@pytest.mark.parametrize(
    ("after", "numbers"),
    [
        (7.2 * HOUR - INSTANT, []),
        (7.2 * HOUR, [2]),
        (7.5 * HOUR - INSTANT, [2]),
        (7.5 * HOUR, [1, 2]),
        (8 * HOUR, [1, 2]),
        (8 * HOUR + INSTANT, [1, 2, 3]),
        (10 * HOUR - INSTANT, [1, 2, 3]),
        (10 * HOUR, [1, 2, 3, 4]),
    ],
)
def test_each_step_is_taken_at_its_moment_and_not_before(
    chain, cleo, desi, mo, a7, mail, after, numbers
):
    ticket = answered(make_ticket(cleo, mail), desi)

    turn(MONDAY + after)

    assert [number for number, _ in taken(ticket)] == numbers


def test_each_step_tells_whom_it_names_once(chain, cleo, clive, desi, mo, a7, mail):
    ticket = answered(make_ticket(cleo, mail), desi)
    tickets.assign(ticket, by=desi.actor, at=NOON, to=desi)

    for hours in (9, 10, 11):
        turn(MONDAY + hours * HOUR)

    assert taken(ticket) == [(1, [desi.pk]), (2, [desi.pk]), (3, [clive.pk]), (4, [mo.pk])]
    lines = Line.objects.about("ticket", ticket.pk).filter(kind="ticket.escalated")
    assert [(line.data["step"], line.data["of"]) for line in lines] == [
        (2, 4),
        (1, 4),
        (3, 4),
        (4, 4),
    ]
    assert lines[2].data["persons"] == [clive.pk]
    shown = escalated_on(ticket)
    assert [(each.number, each.names) for each in shown][2:] == [(3, ("Clive",)), (4, ("Mo",))]
    assert escalated_among([ticket.pk]) == {ticket.pk: ""}


def test_who_is_resolved_in_time_is_never_escalated(chain, cleo, desi, a7, mail):
    ticket = answered(make_ticket(cleo, mail), desi)
    tickets.resolve(ticket, by=desi.actor, at=MONDAY + 7 * HOUR, note="Cable")

    turn(MONDAY + 20 * HOUR)

    assert taken(ticket) == []
    assert escalated_among([ticket.pk]) == {}


def test_a_wait_that_stops_the_clock_moves_the_steps(chain, cleo, desi, a7, mail):
    ticket = answered(make_ticket(cleo, mail), desi)
    tickets.wait(ticket, by=desi.actor, at=MONDAY + 7 * HOUR, holder="customer")
    turn(MONDAY + 9 * HOUR)
    assert taken(ticket) == []

    tickets.go_on(ticket, by=desi.actor, at=MONDAY + 9 * HOUR)
    turn(MONDAY + 9.2 * HOUR)

    assert [number for number, _ in taken(ticket)] == [2]


def test_a_higher_priority_takes_no_step_twice(chain, cleo, desi, a7, mail):
    ticket = answered(make_ticket(cleo, mail), desi)
    turn(MONDAY + 7.5 * HOUR)
    tickets.prioritise(ticket, by=desi.actor, at=MONDAY + 7.5 * HOUR, priority="critical")

    turn(MONDAY + 7.6 * HOUR)

    assert [number for number, _ in taken(ticket)] == [1, 2]


def test_a_crash_after_a_step_takes_it_no_second_time(chain, cleo, desi, a7, mail):
    ticket = answered(make_ticket(cleo, mail), desi)
    before = Alarm.objects.get(ticket=ticket)
    turn(MONDAY + 9 * HOUR)
    lines = Line.objects.filter(kind="ticket.escalated").count()
    # As if the worker had died before it noted how far it had come.
    Alarm.objects.filter(ticket=ticket).update(at=before.at, seen_until=before.seen_until)

    ring(Alarm.objects.get(ticket=ticket), Timed(), at=MONDAY + 9 * HOUR)

    assert Line.objects.filter(kind="ticket.escalated").count() == lines


def test_what_is_held_tells_nobody(chain, cleo, a7, mail):
    given = tickets.Report(service=mail, text="Mail is slow", requester=cleo, held_for="link")
    ticket = tickets.report(given, by=cleo.actor, at=MONDAY)

    turn(MONDAY + 12 * HOUR)

    assert not Escalated.objects.filter(ticket=ticket).exists()


def test_a_new_chain_is_for_tickets_that_are_there_and_for_what_is_still_to_come(
    cleo, desi, a7, mail
):
    tickets_there = [make_ticket(cleo, mail, text=f"Number {n}") for n in range(2)]
    verbs.set_chain(mail, [Step("late"), Step("after", 180)], by=COMMAND, at=MONDAY + 2 * HOUR)

    turn(MONDAY + 4 * HOUR)  # the first answer was late at 09:00, before there was a chain

    for ticket in tickets_there:
        assert taken(ticket, "first_response") == [(2, [desi.pk])]
    assert Sweep.objects.get().done_at is not None


def test_who_is_away_is_not_told_as_one_of_the_desk(cleo, desi, dora_at_mail, a7, mail):
    verbs.set_chain(mail, [Step("late", whom="team")], by=COMMAND, at=LONG_AGO)
    go_away(desi, by=desi.actor, at=MONDAY)
    ticket = make_ticket(cleo, mail)

    turn(MONDAY + 2 * HOUR)

    assert taken(ticket, "first_response") == [(1, [dora_at_mail.pk])]


@pytest.fixture
def dora_at_mail(house, mail):
    from tests.cast import somebody
    from tricorn.standing.verbs import give_duty

    person = somebody("Dora", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=mail)
    return person


def test_a_chain_is_set_once_taken_away_and_refused_to_others(mo, desi, mail):
    steps = [Step("late")]
    with pytest.raises(StandingRefused):
        verbs.set_chain(mail, steps, by=desi.actor, at=NOON)
    with pytest.raises(BadInput, match="not here any more"):
        verbs.set_chain(mail, [Step("late", whom="person", person=99)], by=mo.actor, at=NOON)

    verbs.set_chain(mail, steps, by=mo.actor, at=NOON)
    verbs.set_chain(mail, steps, by=mo.actor, at=NOON + HOUR)
    assert verbs.set_chain(mail, [], by=mo.actor, at=NOON) is None

    assert Line.objects.filter(kind="service.escalation_set").count() == 2


def test_nothing_due_costs_one_query_for_each_thing(chain, mail, django_assert_num_queries):
    from tricorn.automation.jobs import work

    turn(NOON)
    with django_assert_num_queries(3):
        assert work(NOON) == 0


def test_a_team_of_its_own_is_told(cleo, desi, house, a7, mail, dora_at_mail):
    night = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Night", parent=house.provider)
    parties.join(dora_at_mail, night, by=COMMAND, at=LONG_AGO)
    verbs.set_chain(mail, [Step("late", whom="team")], by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)
    tickets.hand_over(ticket, by=desi.actor, at=MONDAY, note="Yours", team=night)

    turn(MONDAY + 2 * HOUR)

    assert taken(ticket, "first_response") == [(1, [dora_at_mail.pk])]
