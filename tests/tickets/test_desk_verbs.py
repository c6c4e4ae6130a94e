"""Assigning, handing over, prioritising, counting, logging time, reviewing held reports."""

from datetime import timedelta

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import everything, fresh, lines, told
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import COMMAND, VISITOR, Actor
from tricorn.journal.models import Line
from tricorn.standing.verbs import end_duty, give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket


@pytest.fixture
def ticket(cleo, mail, a7):
    return make_ticket(cleo, mail)


@pytest.fixture
def phone(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)


def once(verb, *args, **kwargs) -> None:
    """Do it, and again: the second time nothing happens."""
    verb(*args, **kwargs)
    before = everything()
    verb(*args, **kwargs)
    assert everything() == before


def refused(said: str, verb, *args, **kwargs) -> None:
    before = everything()
    with pytest.raises((BadInput, MoveRefused)) as refusal:
        verb(*args, **kwargs)
    assert said in str(refusal.value)
    assert everything() == before


def test_a_ticket_is_given_to_somebody_at_the_desk_and_taken_back(ticket, desi, mo):
    once(verbs.assign, ticket, by=mo.actor, at=NOON, to=desi)
    assert fresh(ticket).assignee == desi

    once(verbs.assign, ticket, by=desi.actor, at=NOON, to=None)
    assert fresh(ticket).assignee is None
    assert lines(ticket) == ["reported", "assigned", "assigned"]


def test_a_ticket_is_not_given_to_who_does_not_work_here(ticket, desi, una, phone, house):
    pat = somebody("Pat", house.provider)
    give_duty(pat, "desk", by=COMMAND, at=LONG_AGO, service=phone)
    gone = somebody("Gus", house.provider)
    end_duty(give_duty(gone, "desk", by=COMMAND, at=LONG_AGO), by=COMMAND, at=MONDAY)

    for person in (una, pat, gone):
        said = f"{person} does not work at the desk of Mail. Choose somebody who does."
        refused(said, verbs.assign, ticket, by=desi.actor, at=NOON, to=person)


def test_handing_over_leaves_a_note_for_the_others_only(ticket, desi, phone, house):
    verbs.assign(ticket, by=desi.actor, at=NOON, to=desi)

    verbs.hand_over(
        ticket, by=desi.actor, at=NOON, note="Your line", service=phone, team=house.provider
    )

    moved = fresh(ticket)
    assert (moved.service, moved.team, moved.assignee) == (phone, house.provider, None)
    note = ticket.messages.get(text="Your line")
    assert not note.is_public
    line = Line.objects.about("ticket", ticket.pk).last()
    assert (line.kind, line.data) == (
        "ticket.handed_over",
        {"message": note.pk, "service": phone.pk, "team": house.provider.pk},
    )


def test_a_priority_is_set_once_and_the_computed_one_stays(ticket, desi):
    once(verbs.prioritise, ticket, by=desi.actor, at=NOON, priority="critical")

    assert (fresh(ticket).priority, fresh(ticket).computed_priority) == ("critical", "moderate")
    refused("A priority is one of", verbs.prioritise, ticket, by=desi.actor, at=NOON, priority="P1")


def test_how_many_are_hurt_is_counted_once(ticket, desi, cleo):
    once(verbs.count_affected, ticket, by=cleo.actor, at=NOON, count=12)

    assert (fresh(ticket).affected_count, lines(ticket)) == (12, ["reported", "affected_counted"])
    for count in (0, -1, 100_001):
        refused(
            "a number from 1 to 100,000",
            verbs.count_affected,
            ticket,
            by=desi.actor,
            at=NOON,
            count=count,
        )


def test_whose_matter_it_is_is_changed_once_and_the_agreement_looked_up(ticket, desi, una):
    once(verbs.change_persons, ticket, by=desi.actor, at=NOON, requester=una, affected=None)

    changed = fresh(ticket)
    assert (changed.requester, changed.affected, changed.version) == (una, una, None)


def test_minutes_add_up_and_a_second_press_of_the_button_adds_none(ticket, desi):
    once(verbs.log_time, ticket, by=desi.actor, at=NOON, minutes=30)
    verbs.log_time(ticket, by=desi.actor, at=NOON + timedelta(minutes=1), minutes=30)

    assert (fresh(ticket).minutes_spent, ticket.time_spent.count()) == (60, 2)
    for minutes in (0, -5, 1441):
        refused(
            "1 to 1,440 minutes", verbs.log_time, ticket, by=desi.actor, at=NOON, minutes=minutes
        )


@pytest.fixture
def held(mail):
    given = verbs.Report(service=mail, text="Buy now", held_for="quick")
    return verbs.report(given, by=VISITOR, at=MONDAY)


def test_a_held_report_is_in_no_queue_and_told_to_nobody(held):
    assert lines(held) == ["held"]
    assert not Ticket.objects.queued().exists()
    assert Ticket.objects.held().get() == held


def test_a_released_report_joins_the_queue_as_of_when_it_was_reported(held, desi):
    due = held.due_at

    verbs.release(held, by=desi.actor, at=NOON)

    assert Ticket.objects.queued().get() == held
    assert lines(held) == ["held", "reported"]
    assert (fresh(held).due_at, fresh(held).reported_at) == (due, MONDAY)
    refused("is not held.", verbs.release, held, by=desi.actor, at=NOON)


def test_a_discarded_report_is_cancelled_and_stays_marked(held, desi):
    verbs.discard(held, by=desi.actor, at=NOON)

    gone = fresh(held)
    assert (gone.state, gone.held_for, gone.closed_at) == ("cancelled", "quick", NOON)
    assert not gone.clocks.exclude(is_met=None).exists()
    refused("is cancelled", verbs.release, held, by=desi.actor, at=NOON)
    refused("Cannot cancel", verbs.discard, held, by=desi.actor, at=NOON)


def test_what_is_not_held_is_not_discarded(ticket, desi):
    refused("is not held", verbs.discard, ticket, by=desi.actor, at=NOON)


def test_who_looks_at_a_ticket_is_seen_and_leaves_no_line(ticket, desi):
    verbs.seen(ticket, by=desi.actor, at=NOON)
    verbs.seen(ticket, by=desi.actor, at=NOON + HOUR)

    assert ticket.present.get().seen_at == NOON + HOUR
    assert lines(ticket) == ["reported"]


def test_the_holder_of_a_link_says_how_many_are_hurt(mail):
    ticket = make_ticket(None, mail)

    verbs.count_affected(ticket, by=Actor("link", ticket.pk), at=NOON, count=3)

    assert fresh(ticket).affected_count == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "order"}, "A ticket is one of"),
        ({"impact": 0}, "Impact and urgency are 1 (high), 2 or 3 (low)."),
        ({"urgency": 4}, "Impact and urgency"),
        ({"affected_count": 0}, "a number from 1 to 100,000"),
        ({"began_at": MONDAY + HOUR}, "It cannot have begun in the future."),
        ({"began_at": LONG_AGO.replace(year=1066)}, "more than ten years ago"),
        ({"contact_email": "una at example"}, "is not a mail address"),
        ({"contact_email": "u@" + "e" * 60 + ".example" * 30}, "is not a mail address"),
        ({"photo": b"<svg onload=alert(1)>"}, "This is not a photo we can read."),
    ],
)
def test_a_report_that_cannot_be_is_refused(una, mail, a7, wrong, said):
    before = everything()

    with pytest.raises(BadInput) as refusal:
        told(una, mail, **wrong)

    assert said in str(refusal.value)
    assert everything() == before
