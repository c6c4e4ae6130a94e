"""What happens to a ticket's clocks when people work on it: the peers' bugs, one by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import A7, BUSINESS, HOUR, LONG_AGO, MONDAY, NOON, SATURDAY, make_ticket
from tests.tickets.steps import clock, fresh, hours_counted, told
from tricorn.agreements.verbs import activate
from tricorn.catalogue.verbs import Promise, add_service, change_hours, change_level
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import MoveRefused
from tricorn.journal.actor import COMMAND
from tricorn.tickets import verbs

TUESDAY = MONDAY + timedelta(days=1)
FRIDAY_EVENING = datetime(2026, 10, 9, 16, tzinfo=UTC)  # 18:00 in Berlin, two hours before closing
R3 = """
[[clause]]
id = "R3"
kinds = ["incident"]
priorities = ["critical"]
start = "began"
stop = "resolved"
hours = "desk"
target = "4h"
stopped_by = ["customer"]

[[entitled]]"""


@pytest.fixture
def ticket(cleo, mail, a7):
    """Cleo's mail is slow since Monday 08:00; A-7 promises eight hours, until 16:00."""
    return make_ticket(cleo, mail)


@pytest.fixture
def critical_in_four_hours(mail, clive):
    toml = A7.replace("[[entitled]]", R3.lstrip()).replace(
        'kinds = ["incident"]\nstart', 'kinds = ["incident"]\npriorities = ["moderate"]\nstart', 1
    )
    return activate(Agreement.from_toml(toml), by=COMMAND, at=LONG_AGO).version


def test_a_wait_on_somebody_whom_the_clause_names_stops_the_clock(ticket, desi):
    verbs.wait(ticket, by=desi.actor, at=NOON, holder="customer")

    stopped = clock(ticket)
    assert (stopped.paused_by, stopped.due_at, stopped.breach_at) == ("customer", None, None)
    assert hours_counted(ticket) == 4

    verbs.go_on(ticket, by=desi.actor, at=NOON + 2 * HOUR)

    assert (clock(ticket).due_at, clock(ticket).paused_by) == (MONDAY + 10 * HOUR, "")
    assert hours_counted(ticket) == 4


def test_a_wait_on_anybody_else_stops_no_clock(ticket, desi):
    for holder in ("provider", "user", "client"):
        verbs.wait(ticket, by=desi.actor, at=NOON, holder=holder)
        verbs.go_on(ticket, by=desi.actor, at=NOON + 2 * HOUR)

    assert clock(ticket).due_at == MONDAY + 8 * HOUR
    assert hours_counted(ticket) == 6


def test_each_clause_says_for_itself_who_stops_it(ticket, desi):
    verbs.wait(ticket, by=desi.actor, at=MONDAY, holder="customer")

    assert clock(ticket).paused_by == "customer"
    assert clock(ticket, "first_response").paused_by == ""
    assert fresh(ticket).due_at == MONDAY + HOUR


def test_a_ticket_whose_clocks_all_stand_still_goes_behind_what_falls_due(ticket, desi):
    verbs.answer(ticket, by=desi.actor, at=MONDAY, text="Which folder?")
    verbs.wait(ticket, by=desi.actor, at=MONDAY, holder="customer")

    standing = fresh(ticket)
    assert (standing.due_at, standing.breach_at, standing.queue_at.year) == (None, None, 9999)


def test_a_wait_over_the_weekend_moves_the_due_time_by_its_service_time_only(cleo, mail, a7, desi):
    ticket = make_ticket(cleo, mail, at=FRIDAY_EVENING)

    verbs.wait(ticket, by=desi.actor, at=FRIDAY_EVENING + HOUR, holder="supplier")
    verbs.go_on(ticket, by=desi.actor, at=MONDAY + HOUR)

    # One hour counted on Friday; seven are left from Monday 09:00.
    assert clock(ticket).due_at == MONDAY + 8 * HOUR
    assert hours_counted(ticket) == 1


def test_a_pause_after_the_breach_heals_nothing(ticket, desi):
    late = MONDAY + 9 * HOUR
    verbs.wait(ticket, by=desi.actor, at=late, holder="customer")
    verbs.resolve(ticket, by=desi.actor, at=late + HOUR, note="Restarted")

    assert (clock(ticket).is_met, clock(ticket).breach_at) == (False, MONDAY + 8 * HOUR)


def test_another_priority_while_waiting_forgets_no_earlier_wait(
    critical_in_four_hours, cleo, mail, desi
):
    ticket = make_ticket(cleo, mail)
    verbs.wait(ticket, by=desi.actor, at=NOON, holder="customer")
    verbs.go_on(ticket, by=desi.actor, at=NOON + 2 * HOUR)
    verbs.wait(ticket, by=desi.actor, at=NOON + 3 * HOUR, holder="customer")

    verbs.prioritise(ticket, by=desi.actor, at=NOON + 4 * HOUR, priority="critical")

    now = clock(ticket)
    assert (now.clause.name, hours_counted(ticket)) == ("R3", 5)
    # Four hours were used up at noon, when the first wait began; the clock is late since 14:00.
    assert now.breach_at == NOON + 2 * HOUR
    assert fresh(ticket).waits.count() == 2


def test_there_and_back_again_is_as_if_nothing_had_been(critical_in_four_hours, cleo, mail, desi):
    ticket = make_ticket(cleo, mail)
    before = list(ticket.clocks.values())

    verbs.prioritise(ticket, by=desi.actor, at=MONDAY, priority="critical")
    assert clock(ticket).clause.name == "R3"
    verbs.prioritise(ticket, by=desi.actor, at=MONDAY, priority="moderate")

    assert list(ticket.clocks.values()) == before
    assert ticket.computed_priority == "moderate"


def test_a_reopened_ticket_goes_on_from_what_had_elapsed(ticket, desi, cleo):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    assert (clock(ticket).is_met, hours_counted(ticket)) == (True, 4)

    verbs.reopen(ticket, by=cleo.actor, at=TUESDAY)

    again = clock(ticket)
    assert (again.stopped_at, again.is_met, again.due_at) == (None, None, TUESDAY + 4 * HOUR)
    assert (hours_counted(ticket), fresh(ticket).resolved_at) == (4, None)


def test_reopened_after_being_closed_the_time_between_stands_still(ticket, desi, cleo):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    verbs.close(ticket, by=cleo.actor, at=NOON + HOUR)

    verbs.reopen(ticket, by=cleo.actor, at=TUESDAY)

    assert clock(ticket).due_at == TUESDAY + 4 * HOUR
    assert (fresh(ticket).closed_at, fresh(ticket).state) == (None, "open")


def test_reopened_after_being_cancelled_the_time_between_stands_still(ticket, desi, cleo):
    verbs.cancel(ticket, by=cleo.actor, at=NOON)

    verbs.reopen(ticket, by=cleo.actor, at=TUESDAY)

    assert clock(ticket).due_at == TUESDAY + 4 * HOUR
    assert hours_counted(ticket) == 4


def test_a_reopened_ticket_can_break_its_promise_the_second_time(ticket, desi, cleo):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    verbs.reopen(ticket, by=cleo.actor, at=TUESDAY)
    verbs.resolve(ticket, by=desi.actor, at=TUESDAY + 5 * HOUR, note="Replaced")

    assert (clock(ticket).is_met, hours_counted(ticket)) == (False, 9)
    assert clock(ticket, "first_response").stopped_at == NOON


@pytest.mark.parametrize(("seconds", "kept"), [(0, True), (1, False)])
def test_in_service_time_a_promise_is_kept_at_its_target_and_broken_a_second_later(
    ticket, desi, seconds, kept
):
    at = MONDAY + 8 * HOUR + timedelta(seconds=seconds)

    verbs.resolve(ticket, by=desi.actor, at=at, note="Restarted")

    assert clock(ticket).is_met is kept
    assert clock(ticket).elapsed_seconds == 8 * 3600 + seconds


@pytest.mark.parametrize(("seconds", "kept"), [(0, True), (1, False)])
def test_in_service_days_a_promise_is_kept_at_its_due_time_and_broken_a_second_later(
    una, mail, desi, seconds, kept
):
    ticket = make_ticket(una, mail)
    due = MONDAY + timedelta(days=3)
    assert clock(ticket).due_at == due

    verbs.resolve(ticket, by=desi.actor, at=due + timedelta(seconds=seconds), note="Restarted")

    assert clock(ticket).is_met is kept


def test_a_cancelled_ticket_has_no_verdict_and_its_clocks_stay_where_they_stopped(
    ticket, desi, cleo, una
):
    verbs.cancel(ticket, by=cleo.actor, at=MONDAY + 11 * HOUR)
    verbs.change_persons(ticket, by=desi.actor, at=TUESDAY, requester=una, affected=None)

    for each in ticket.clocks.all():
        assert (each.is_met, each.stopped_at) == (None, MONDAY + 11 * HOUR)
    assert fresh(ticket).due_at is None


def test_from_saturday_to_monday_46_hours_pass_while_the_desk_is_closed(clive, mail, a7, desi):
    ticket = make_ticket(clive, mail, at=SATURDAY)

    verbs.resolve(ticket, by=desi.actor, at=MONDAY + HOUR, note="Restarted")

    waited = clock(ticket)
    assert (waited.closed_seconds, waited.elapsed_seconds) == (46 * 3600, 3600)
    assert waited.is_met


def test_what_began_before_it_was_reported_has_counted_since_it_began(cleo, mail, a7, desi):
    ticket = told(cleo, mail, began_at=FRIDAY_EVENING)

    assert clock(ticket).started_at == FRIDAY_EVENING
    assert clock(ticket, "first_response").started_at == MONDAY
    assert (hours_counted(ticket), clock(ticket).due_at) == (2, MONDAY + 6 * HOUR)
    assert clock(ticket).closed_seconds == 60 * 3600


def test_what_began_at_a_local_time_that_does_not_exist_counts_from_the_hour_after(
    cleo, mail, clive, finance
):
    activate(
        Agreement.from_toml(A7.replace("2026-05-04", "2026-01-05").replace("mon = ", "sun = ")),
        by=COMMAND,
        at=LONG_AGO,
    )
    gap = datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    ticket = told(cleo, mail, at=datetime(2026, 3, 29, 8, tzinfo=UTC), began_at=gap)

    assert fresh(ticket).began_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 in Berlin
    # Open on Sunday since 08:00 in Berlin, which is 06:00 UTC from this day on.
    assert hours_counted(ticket) == 2


def test_handed_to_another_service_a_ticket_runs_by_what_that_one_promises(
    ticket, desi, house, hours
):
    phone = add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Phone",
        provider=house.provider,
        hours=hours,
        promises=[Promise("resolution", "2h")],
    )
    verbs.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="user")
    verbs.go_on(ticket, by=desi.actor, at=MONDAY + 2 * HOUR)

    moved = verbs.hand_over(ticket, by=desi.actor, at=NOON, note="Your line", service=phone)

    assert (moved.version, moved.covered_by, moved.assignee) == (None, "", None)
    assert [each.measure for each in moved.clocks.all()] == ["resolution"]
    # Since it was reported; the house promise stops for the user, the clause did not.
    assert (clock(moved).target.within, clock(moved).due_at) == ("2h", MONDAY + 3 * HOUR)


def test_a_running_clock_keeps_the_hours_and_the_target_that_it_began_with(una, mail, desi, hours):
    running = make_ticket(una, mail)
    due = clock(running).due_at
    always = {"zone": "UTC", "weekly": {"sun": ["00:00-24:00"]}}
    change_hours(hours, by=COMMAND, at=NOON, name=hours.name, spec=always)
    level = mail.levels.get()
    change_level(
        level, by=COMMAND, at=NOON + HOUR, hours=level.hours, promises=[Promise("resolution", "1h")]
    )

    verbs.wait(running, by=desi.actor, at=NOON + 2 * HOUR, holder="provider")
    later = make_ticket(una, mail, at=NOON + 2 * HOUR, text="Another")

    assert clock(running).due_at == due
    assert clock(running).target.spec == BUSINESS
    assert clock(later).target.within == "1h"
    assert clock(later).due_at == datetime(2026, 10, 18, 1, tzinfo=UTC)


def test_priority_of_what_is_done_is_not_changed_any_more(ticket, desi):
    verbs.resolve(ticket, by=desi.actor, at=MONDAY + 9 * HOUR, note="Restarted")

    with pytest.raises(MoveRefused, match="Reopen it before you change its priority"):
        verbs.prioritise(ticket, by=desi.actor, at=TUESDAY, priority="low")

    assert (fresh(ticket).priority, clock(ticket).is_met) == ("moderate", False)


def test_who_turns_out_to_have_asked_changes_no_verdict_of_what_is_done(ticket, desi, una, a7):
    verbs.resolve(ticket, by=desi.actor, at=MONDAY + 9 * HOUR, note="Restarted")

    changed = verbs.change_persons(ticket, by=desi.actor, at=TUESDAY, requester=una, affected=None)

    assert (changed.requester, changed.affected, changed.version) == (una, una, a7)
    assert clock(ticket).is_met is False


def test_of_two_requests_the_later_one_may_come_through_first(ticket, desi, cleo):
    verbs.wait(ticket, by=desi.actor, at=NOON, holder="customer")

    verbs.resolve(ticket, by=desi.actor, at=NOON - timedelta(seconds=1), note="Restarted")
    verbs.reopen(ticket, by=cleo.actor, at=NOON - timedelta(seconds=2))

    waits = [(wait.holder, wait.ended_at - wait.started_at) for wait in ticket.waits.all()]
    assert sorted(waits) == [("", timedelta(0)), ("customer", timedelta(0))]
