"""When a step of escalation is due, in service time: before, at lateness, after, and never."""

from datetime import UTC, datetime, timedelta

import pytest

from tricorn.engine.clock import Clock, Holder, Terms, Wait
from tricorn.engine.errors import BadInput
from tricorn.engine.escalation import Step, checked, moment, read
from tricorn.engine.hours import Hours, Schedule, Target

WEEK = {
    "zone": "Europe/Berlin",
    "weekly": {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
}
SCHEDULE = Schedule(Hours.from_data(WEEK))
MONDAY = datetime(2026, 10, 12, 6, tzinfo=UTC)  # 08:00 in Berlin
FRIDAY = datetime(2026, 10, 9, 17, 50, tzinfo=UTC)  # 19:50, ten minutes before it closes
INSTANT = timedelta(microseconds=1)


def clock(target="8h", start=MONDAY, **more):
    terms = Terms("R2", SCHEDULE, Target.parse(target), frozenset({Holder.CUSTOMER}))
    return Clock(terms, start, **more)


@pytest.mark.parametrize(
    ("target", "start", "step", "due"),
    [
        ("8h", MONDAY, Step("before", 30), MONDAY + timedelta(hours=7.5)),
        ("8h", MONDAY, Step("share", 75), MONDAY + timedelta(hours=6)),
        ("8h", MONDAY, Step("late"), MONDAY + timedelta(hours=8) + INSTANT),
        ("8h", MONDAY, Step("after", 120), MONDAY + timedelta(hours=10)),
        # More before than there is: at once.
        ("1h", MONDAY, Step("before", 90), MONDAY),
        # Begun Friday evening, due Monday 08:20: half an hour before is Friday, at its start.
        ("30m", FRIDAY, Step("before", 15), MONDAY + timedelta(minutes=5)),
        ("30m", FRIDAY, Step("before", 25), FRIDAY + timedelta(minutes=5)),
        # Late at the very end of a day is late when the next one begins.
        ("12h", MONDAY, Step("late"), MONDAY + timedelta(days=1) + INSTANT),
        ("12h", MONDAY, Step("after", 60), MONDAY + timedelta(days=1, hours=1)),
        # In service days: due on Wednesday at 08:00, so an hour before is Tuesday at 19:00.
        ("2d", MONDAY, Step("before", 60), MONDAY + timedelta(days=1, hours=11)),
        ("2d", MONDAY, Step("late"), MONDAY + timedelta(days=2) + INSTANT),
    ],
)
def test_a_step_is_due_in_service_time(target, start, step, due):
    assert moment(clock(target, start), step, start) == due


def test_a_share_of_service_days_is_counted_backwards_over_nights():
    run = clock("2d")
    whole = SCHEDULE.elapsed(MONDAY, run.breach_at(MONDAY))

    due = moment(run, Step("share", 50), MONDAY)

    assert SCHEDULE.elapsed(MONDAY, due) == whole / 2


def test_nothing_is_due_while_the_clock_stands_still_and_later_by_so_much_after():
    hour = timedelta(hours=1)
    waiting = clock(waits=(Wait(Holder.CUSTOMER, MONDAY + hour),))
    over = clock(waits=(Wait(Holder.CUSTOMER, MONDAY + hour, MONDAY + 2 * hour),))

    assert moment(waiting, Step("before", 30), MONDAY + 2 * hour) is None
    assert moment(over, Step("before", 30), MONDAY + 3 * hour) == MONDAY + 8.5 * hour
    assert moment(over, Step("late"), MONDAY + 3 * hour) == MONDAY + 9 * hour + INSTANT


def test_a_step_is_read_back_as_it_was():
    steps = checked(
        [Step("before", 30), Step("late", 5, "team", 3), Step("after", 60, "person", 4)]
    )

    assert steps[1] == Step("late", 0, "team")
    assert read(step.to_data() for step in steps) == steps


@pytest.mark.parametrize(
    "steps",
    [
        [Step("sometime")],
        [Step("before", 0)],
        [Step("share", 100)],
        [Step("after", 10**9)],
        [Step("late", whom="nobody")],
        [Step("late", whom="person")],
        [Step("late")] * 11,
    ],
)
def test_a_chain_that_makes_no_sense_is_refused(steps):
    with pytest.raises(BadInput):
        checked(steps)
