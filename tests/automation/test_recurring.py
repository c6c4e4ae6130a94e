"""What comes again is made once at its time, by the verb of every report."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.automation.making import turn
from tests.cast import HOUR, MONDAY, NOON
from tricorn.automation import verbs
from tricorn.automation.models import Recurring
from tricorn.automation.verbs import Again
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.recurring import Rhythm
from tricorn.journal.models import Line
from tricorn.parties import verbs as parties
from tricorn.standing.models import Use
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket

# Mondays at 13:00 in Berlin; today is a Monday, 12:00.
ONE = datetime(2026, 10, 12, 11, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def given(mail):
    rhythm = Rhythm(date(2026, 10, 5), time(13), "Europe/Berlin")
    return Again(mail, "Check the backups\nBoth of them.", rhythm)


@pytest.fixture
def weekly(given, mo):
    return verbs.add_recurring(given, by=mo.actor, at=NOON)


def made():
    return Ticket.objects.filter(channel="recurring").order_by("id")


def test_it_is_made_at_its_time_and_once(weekly, mail):
    turn(ONE - timedelta(seconds=1))
    assert not made().exists()

    turn(ONE)
    turn(ONE)

    ticket = made().get()
    weekly.refresh_from_db()
    assert (ticket.summary, ticket.kind, ticket.service) == ("Check the backups", "request", mail)
    assert (weekly.next_at, weekly.last) == (ONE + WEEK, ticket)
    line = Line.objects.get(kind="ticket.reported")
    assert (line.by_kind, line.data["recurring"]) == ("worker", weekly.pk)
    assert not Use.objects.exists()


def test_the_same_form_sent_twice_comes_once(weekly, given, mo):
    assert verbs.add_recurring(given, by=mo.actor, at=NOON) == weekly
    assert Recurring.objects.count() == 1
    assert verbs.add_recurring(replace(given, text="Tapes"), by=mo.actor, at=NOON) != weekly


def test_a_worker_that_died_in_between_makes_no_second_one(weekly, mo):
    turn(ONE)
    # As if the next time had not been noted: the word of its time keeps it one.
    Recurring.objects.update(next_at=ONE, last=None)

    turn(ONE + HOUR)

    assert made().count() == 1


def test_nine_in_the_morning_stays_so_over_the_end_of_summer_time(given, mo):
    verbs.add_recurring(replace(given, skips_while_open=False), by=mo.actor, at=NOON)

    for moment in (ONE, ONE + WEEK, ONE + 2 * WEEK, ONE + 2 * WEEK + HOUR):
        turn(moment)

    assert [each.reported_at for each in made()] == [ONE, ONE + WEEK, ONE + 2 * WEEK + HOUR]


def test_while_the_last_one_is_open_none_is_made_if_so_chosen(weekly, desi):
    turn(ONE)
    turn(ONE + WEEK)
    assert made().count() == 1
    assert Line.objects.filter(kind="recurring.skipped").count() == 1

    tickets.resolve(made().get(), by=desi.actor, at=ONE + WEEK, note="Fine")
    turn(ONE + 2 * WEEK + HOUR)

    assert made().count() == 2


def test_a_worker_that_was_away_for_weeks_makes_one(given, mo):
    row = verbs.add_recurring(replace(given, skips_while_open=False), by=mo.actor, at=NOON)

    turn(ONE + 5 * WEEK)

    row.refresh_from_db()
    assert made().count() == 1
    assert row.next_at > ONE + 5 * WEEK


def test_paused_it_does_not_come_and_nothing_is_made_up_for(weekly, mo):
    verbs.pause_recurring(weekly, by=mo.actor, at=NOON)
    turn(ONE + 2 * WEEK)
    assert not made().exists()

    row = verbs.resume_recurring(weekly, by=mo.actor, at=ONE + 2 * WEEK + 2 * HOUR)
    turn(ONE + 2 * WEEK + 2 * HOUR)

    assert not made().exists()
    assert row.next_at == ONE + 3 * WEEK + HOUR


def test_it_goes_to_its_team_and_person_if_they_still_serve(given, mo, desi, sam, house):
    night = parties.add_organisation(by=mo.actor, at=NOON, name="Night", parent=house.provider)
    verbs.add_recurring(replace(given, team=night, assignee=desi), by=mo.actor, at=NOON)
    verbs.add_recurring(replace(given, assignee=sam, requester=sam), by=mo.actor, at=NOON)

    turn(ONE)

    first, second = made()
    assert (first.team, first.assignee) == (night, desi)
    assert (second.assignee, second.requester, second.affected) == (None, sam, sam)


def test_it_brings_its_checklist_along(given, mo, mail):
    tickets.keep_checklist(mail, by=mo.actor, at=NOON, name="Backups", items=["Disk", "Tape"])
    verbs.add_recurring(replace(given, checklist="backups"), by=mo.actor, at=NOON)

    turn(ONE)

    assert made().get().check_items.count() == 2


def test_a_retired_service_has_nothing_coming(weekly, mail):
    mail.is_retired = True
    mail.save()

    turn(ONE)

    assert not made().exists()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "  "},
        {"kind": "mood"},
        {"rhythm": Rhythm(date(2026, 1, 1), time(9), "Mars/Base")},
        {"checklist": "x" * 200},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_kept(given, mo, change):
    with pytest.raises(BadInput):
        verbs.add_recurring(replace(given, **change), by=mo.actor, at=NOON)

    assert not Recurring.objects.exists()


def test_who_does_not_manage_everything_is_refused(given, desi):
    with pytest.raises(StandingRefused):
        verbs.add_recurring(given, by=desi.actor, at=MONDAY)


def test_a_change_moves_the_next_time_and_says_so(weekly, given, mo):
    rhythm = replace(given.rhythm, at=time(14))

    changed = verbs.change_recurring(weekly, replace(given, rhythm=rhythm), by=mo.actor, at=NOON)

    assert changed.next_at == ONE + HOUR
    assert Line.objects.filter(kind="recurring.changed").count() == 1
