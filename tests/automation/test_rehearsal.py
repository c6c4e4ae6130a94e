"""What a rule would have done: which matters, why, and nothing is written."""

from datetime import timedelta

from tests.automation.making import NOTE
from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.automation.rehearsal import rehearse
from tricorn.engine.rules import Condition, Written
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.tickets import verbs as tickets


def shown(when, *conditions, minutes=None, days=7, at=NOON):
    found = rehearse(Written(when, conditions, (NOTE,), minutes), days=days, by=COMMAND, at=at)
    return found, [(each.ticket.summary, each.holds) for each in found.tried]


def test_reports_are_read_as_they_came_and_each_says_why(una, desi, mail):
    slow = make_ticket(una, mail, text="Mail is slow")
    make_ticket(una, mail, at=MONDAY + HOUR, text="A wish")
    tickets.prioritise(slow, by=desi.actor, at=NOON, priority="critical")
    lines = Line.objects.count()

    found, rows = shown(
        "reported", Condition("words", ("slow",)), Condition("priority", ("moderate", "low"))
    )

    assert rows == [("A wish", False), ("Mail is slow", True)]
    assert found.tried[1].because == ("the text says “slow”", "the priority is moderate")
    assert (found.count, found.looked_at, found.is_cut) == (1, 2, False)
    assert Line.objects.count() == lines


def test_what_was_reported_before_those_days_is_left_out(una, mail):
    make_ticket(una, mail, at=NOON - timedelta(days=8))

    assert shown("reported")[1] == []
    assert shown("reported", days=9)[1] == [("Mail is slow", True)]


def test_events_come_from_the_journal_and_lengths_from_the_clocks(cleo, desi, a7, mail):
    ticket = make_ticket(cleo, mail)
    tickets.answer(ticket, by=cleo.actor, at=MONDAY + HOUR / 2, text="Please")
    tickets.wait(ticket, by=desi.actor, at=MONDAY + 2 * HOUR, holder="supplier")

    assert len(shown("answered_by_them")[1]) == 1
    assert len(shown("answered_by_us")[1]) == 0
    assert len(shown("waiting_since", minutes=120)[1]) == 1
    assert len(shown("waiting_since", minutes=121)[1]) == 0
    assert len(shown("late")[1]) == 1  # nobody gave the first answer
    assert len(shown("resolved_since", minutes=1)[1]) == 0


def test_what_is_held_is_not_looked_at(una, mail):
    given = tickets.Report(service=mail, text="Mail is slow", held_for="link")
    tickets.report(given, by=una.actor, at=MONDAY)

    assert shown("reported")[1] == []


def test_many_matters_cost_the_same_queries_as_one(una, mail, django_assert_num_queries):
    make_ticket(una, mail)
    asks = (Condition("words", ("slow",)), Condition("service", (mail.pk,)))
    for _ in range(2):
        with django_assert_num_queries(3):
            shown("reported", *asks)
        for number in range(4):
            make_ticket(una, mail, text=f"Slow {number}")
