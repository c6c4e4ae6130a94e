"""What people shout about in other desks: each complaint is a sentence here."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tricorn.engine.clock import Clock, Holder, Terms, Wait
from tricorn.engine.errors import BadTimeline
from tricorn.engine.hours import Hours, Schedule, Target

BERLIN = {
    "zone": "Europe/Berlin",
    "weekly": {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    "closed": [{"on": "2026-05-01"}],
}
DESK = Schedule(Hours.from_data(BERLIN))
ALWAYS = Schedule(Hours.always("Europe/Berlin"))
CUSTOMER = frozenset({Holder.CUSTOMER})


def berlin(text: str) -> datetime:
    """A moment of 2026, read as people in Berlin say it: "06-01 08:00" is in summer time."""
    month = int(text[:2])
    offset = "+02:00" if 3 < month < 11 else "+01:00"
    return datetime.fromisoformat(f"2026-{text}{offset}").astimezone(UTC)


def terms(
    target: str, stopped_by: frozenset[Holder] = CUSTOMER, schedule: Schedule = DESK
) -> Terms:
    return Terms("3.1", schedule, Target.parse(target), stopped_by)


def wait(start: str, end: str | None = None, holder: Holder | None = Holder.CUSTOMER) -> Wait:
    return Wait(holder, berlin(start), berlin(end) if end else None)


def clock(target: str, start: str, *waits: Wait, stop: str | None = None) -> Clock:
    return Clock(terms(target), berlin(start), waits, berlin(stop) if stop else None)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


# 1 June 2026 is a Monday.


def test_a_clock_that_runs_says_what_has_passed_what_is_left_and_when_it_is_due() -> None:
    running = clock("8h", "06-01 09:00")

    assert running.elapsed(berlin("06-01 12:00")) == hours(3)
    assert running.remaining(berlin("06-01 12:00")) == hours(5)
    assert running.due(berlin("06-01 12:00")) == berlin("06-01 17:00")
    assert not running.breached(berlin("06-01 17:00"))
    assert running.breached(berlin("06-01 17:00") + timedelta(microseconds=1))


def test_what_ends_on_its_target_at_closing_time_is_kept_until_the_next_opening() -> None:
    running = clock("12h", "06-01 08:00")
    morning = berlin("06-02 08:00")

    assert running.due(morning) == berlin("06-01 20:00")
    assert running.breach_at(morning) == morning
    assert not running.breached(morning)
    assert running.breached(morning + timedelta(seconds=1))


def test_what_was_created_outside_hours_counts_from_the_opening() -> None:
    saturday = clock("8h", "06-06 10:00")

    assert saturday.due(berlin("06-06 10:00")) == berlin("06-08 16:00")
    assert saturday.elapsed(berlin("06-08 08:00")) == timedelta()


def test_the_saturday_is_not_late_and_still_forty_six_hours_pass() -> None:
    saturday = clock("8h", "06-06 10:00", stop="06-08 12:00")
    end = berlin("06-08 12:00")

    assert not saturday.breached(end)
    assert saturday.outside(end) == hours(46)


def test_a_priority_changed_while_paused_forgets_no_earlier_pause() -> None:
    paused = clock("8h", "06-01 08:00", wait("06-01 09:00", "06-01 11:00"), wait("06-01 13:00"))
    urgent = paused.under(terms("4h"))

    assert urgent.due(berlin("06-01 14:00")) is None
    assert urgent.elapsed(berlin("06-01 14:00")) == hours(3)
    assert urgent.remaining(berlin("06-01 14:00")) == hours(1)


def test_a_priority_changed_while_running_forgets_no_earlier_pause() -> None:
    running = clock("8h", "06-01 08:00", wait("06-01 09:00", "06-01 11:00"))

    assert running.due(berlin("06-01 12:00")) == berlin("06-01 18:00")
    assert running.under(terms("4h")).due(berlin("06-01 12:00")) == berlin("06-01 14:00")
    assert running.under(terms("12h")).due(berlin("06-01 12:00")) == berlin("06-02 10:00")


def test_a_clause_changed_while_paused_may_let_the_clock_run() -> None:
    paused = clock("8h", "06-01 08:00", wait("06-01 09:00"))
    strict = paused.under(terms("8h", stopped_by=frozenset({Holder.SUPPLIER})))

    assert paused.due(berlin("06-01 12:00")) is None
    assert strict.due(berlin("06-01 12:00")) == berlin("06-01 16:00")
    assert strict.paused_by(berlin("06-01 12:00")) is None


def test_other_hours_in_a_new_clause_count_the_same_pauses_by_those_hours() -> None:
    paused = clock("8h", "06-05 18:00", wait("06-05 19:00", "06-08 09:00"))
    around_the_clock = paused.under(terms("8h", schedule=ALWAYS))

    assert paused.due(berlin("06-08 10:00")) == berlin("06-08 16:00")
    assert around_the_clock.due(berlin("06-08 10:00")) == berlin("06-08 16:00")
    assert around_the_clock.outside(berlin("06-08 10:00")) == timedelta()


def test_a_reopened_ticket_goes_on_from_what_had_passed() -> None:
    reopened = clock("8h", "06-01 08:00", wait("06-01 12:00", "06-03 10:00", holder=None))

    assert reopened.elapsed(berlin("06-02 12:00")) == hours(4)
    assert reopened.stands_still(berlin("06-02 12:00"))
    assert reopened.paused_by(berlin("06-02 12:00")) is None
    assert reopened.due(berlin("06-03 11:00")) == berlin("06-03 14:00")


def test_a_pause_over_a_weekend_takes_only_service_time() -> None:
    weekend = clock("8h", "06-05 16:00", wait("06-05 18:00", "06-08 10:00"))

    assert weekend.elapsed(berlin("06-08 12:00")) == hours(4)
    assert weekend.due(berlin("06-08 12:00")) == berlin("06-08 16:00")


@pytest.mark.parametrize(
    ("night", "due"),
    # The pause ends at 04:00 local: in March the night has an hour less, in October one more.
    [("2026-03-29", "2026-03-29T03:00+00:00"), ("2026-10-25", "2026-10-25T04:00+00:00")],
)
def test_a_pause_over_the_night_of_the_changing_clocks_is_exact(night: str, due: str) -> None:
    midnight = datetime.fromisoformat(f"{night}T00:00+00:00") - hours(1 if "-03-" in night else 2)
    end = datetime.fromisoformat(f"{night}T04:00+0{2 if '-03-' in night else 1}:00")
    paused = Clock(
        terms("4h", schedule=ALWAYS),
        midnight - hours(3),
        (Wait(Holder.CUSTOMER, midnight, end),),
    )

    assert paused.due(end) == datetime.fromisoformat(due)
    assert paused.elapsed(end) == hours(3)
    assert paused.by_holder(end)[Holder.CUSTOMER] == hours(3 if "-03-" in night else 5)


def test_overlapping_pauses_are_subtracted_once() -> None:
    overlapping = Clock(
        terms("8h", stopped_by=frozenset({Holder.CUSTOMER, Holder.CLIENT})),
        berlin("06-01 08:00"),
        (
            wait("06-01 10:00", "06-01 13:00", Holder.CLIENT),
            wait("06-01 09:00", "06-01 11:00"),
            wait("06-01 09:30", "06-01 10:30"),
        ),
    )

    assert overlapping.elapsed(berlin("06-01 14:00")) == hours(2)
    assert overlapping.due(berlin("06-01 14:00")) == berlin("06-01 20:00")
    assert overlapping.by_holder(berlin("06-01 14:00")) == {
        Holder.PROVIDER: hours(2),
        Holder.CUSTOMER: hours(2),
        Holder.CLIENT: hours(2),
    }


def test_a_pause_after_the_breach_moves_neither_due_time_nor_breach() -> None:
    before = clock("2h", "06-01 08:00")
    after = clock("2h", "06-01 08:00", wait("06-01 11:00", "06-01 15:00"))

    for at in ("06-01 12:00", "06-01 16:00"):
        assert after.due(berlin(at)) == before.due(berlin(at)) == berlin("06-01 10:00")
        assert after.breach_at(berlin(at)) == berlin("06-01 10:00")
        assert after.breached(berlin(at))


def test_a_pause_that_begins_as_the_target_is_used_up_comes_before_the_breach() -> None:
    just = clock("2h", "06-01 08:00", wait("06-01 10:00", "06-01 11:00"))

    assert just.due(berlin("06-01 10:30")) is None
    assert not just.breached(berlin("06-01 11:00"))
    assert just.due(berlin("06-01 11:00")) == berlin("06-01 10:00")
    assert just.breach_at(berlin("06-01 11:00")) == berlin("06-01 11:00")


def test_a_holiday_does_not_count() -> None:
    over_may_day = clock("8h", "04-30 16:00")

    assert over_may_day.due(berlin("04-30 16:00")) == berlin("05-04 12:00")


def test_three_service_days_are_the_same_local_time_three_service_days_later() -> None:
    assert clock("3d", "06-04 15:00").due(berlin("06-04 15:00")) == berlin("06-09 15:00")


def test_service_days_do_not_count_the_weekend_in_a_wait() -> None:
    waited = clock("3d", "06-04 15:00", wait("06-05 18:00", "06-08 10:00"))

    assert waited.due(berlin("06-08 12:00")) == berlin("06-09 19:00")
    assert not waited.breached(berlin("06-09 19:00"))
    assert waited.breached(berlin("06-09 19:01"))


def test_service_days_have_no_due_time_while_paused_and_say_what_is_left() -> None:
    paused = clock("1d", "06-01 15:00", wait("06-02 10:00"))

    assert paused.due(berlin("06-03 10:00")) is None
    assert paused.breach_at(berlin("06-03 10:00")) is None
    assert paused.remaining(berlin("06-03 10:00")) == hours(5)
    assert not paused.breached(berlin("06-09 10:00"))


def test_a_pause_that_begins_after_the_due_day_changes_nothing() -> None:
    late = clock("1d", "06-01 15:00", wait("06-02 16:00", "06-03 16:00"))

    assert late.due(berlin("06-04 09:00")) == berlin("06-02 15:00")
    assert late.remaining(berlin("06-03 17:00")) == -hours(2)


def test_being_solved_while_waiting_ends_the_wait() -> None:
    solved = clock("4h", "06-01 08:00", wait("06-01 10:00"), stop="06-01 16:00")

    assert solved.elapsed(berlin("06-05 10:00")) == hours(2)
    assert solved.paused_by(berlin("06-05 10:00")) is None
    assert not solved.breached(berlin("06-05 10:00"))
    assert solved.due(berlin("06-05 10:00")) == berlin("06-01 18:00")


def test_what_nobody_knew_yet_changes_no_answer() -> None:
    story = clock("4h", "06-01 08:00", wait("06-01 10:00", "06-01 11:00"), stop="06-01 13:00")

    assert story.due(berlin("06-01 09:00")) == berlin("06-01 12:00")
    assert story.due(berlin("06-01 10:30")) is None
    assert story.due(berlin("06-01 12:00")) == berlin("06-01 13:00")


def test_hours_that_never_open_never_fall_due() -> None:
    never = Schedule(Hours.from_data({"zone": "Europe/Berlin", "weekly": {}}))
    for target in ("8h", "3d"):
        sleeping = Clock(terms(target, schedule=never), berlin("06-01 08:00"))
        assert sleeping.due(berlin("06-09 08:00")) is None
        assert not sleeping.breached(berlin("06-09 08:00"))
        assert "never falls due" in sleeping.explain(berlin("06-09 08:00")).sentences[-1]


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    elsewhere = datetime.fromisoformat("2026-06-01T16:00:00+09:00")

    assert Clock(terms("8h"), elsewhere).due(elsewhere) == berlin("06-01 17:00")


def test_an_explanation_tells_the_whole_story_in_local_time() -> None:
    story = clock(
        "8h",
        "06-06 10:00",
        wait("06-08 10:00", "06-08 12:00"),
        wait("06-08 11:00", "06-08 13:00", Holder.SUPPLIER),
    )

    assert story.explain(berlin("06-08 15:00")).sentences == (
        "Clause 3.1 promises 8 hours of service time.",
        "It started on Sat 6 Jun 2026 10:00 (Europe/Berlin), outside service hours, so time counts "
        "from Mon 8 Jun 2026 08:00.",
        "From Mon 8 Jun 2026 10:00 to Mon 8 Jun 2026 12:00 it stood still, waiting for the "
        "customer (2 hours of service time).",
        "From Mon 8 Jun 2026 11:00 to Mon 8 Jun 2026 13:00 it waited for a supplier; by this "
        "clause that does not stop it.",
        "5 hours of service time counted.",
        "While the service was closed, another 46 hours passed.",
        "It is due on Mon 8 Jun 2026 18:00, with 3 hours of service time left.",
    )


@pytest.mark.parametrize(
    ("waits", "stop", "at", "last"),
    [
        (
            [wait("06-01 09:00")],
            None,
            "06-01 12:00",
            "It stands still now, so nothing falls due, with 3 hours of service time left.",
        ),
        (
            [],
            None,
            "06-01 14:30",
            "It was due on Mon 1 Jun 2026 12:00 and is 2 hours 30 minutes of service time late.",
        ),
        (
            [],
            "06-01 11:00",
            "06-02 09:00",
            "It stopped on Mon 1 Jun 2026 11:00, on time; it was due on Mon 1 Jun 2026 12:00.",
        ),
        (
            [],
            "06-01 13:00",
            "06-02 09:00",
            "It stopped on Mon 1 Jun 2026 13:00, 1 hour of service time late; it was due on "
            "Mon 1 Jun 2026 12:00.",
        ),
    ],
)
def test_an_explanation_ends_with_how_it_stands(
    waits: list[Wait], stop: str | None, at: str, last: str
) -> None:
    story = clock("4h", "06-01 08:00", *waits, stop=stop)

    assert story.explain(berlin(at)).sentences[-1] == last


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda: wait("06-01 10:00", "06-01 09:00"), "before it starts"),
        (lambda: Wait(Holder.CLIENT, datetime(2026, 6, 1, 9)), "has no time zone"),
        (lambda: clock("8h", "06-01 10:00", wait("06-01 09:00")), "before it starts"),
        (lambda: clock("8h", "06-01 10:00", stop="06-01 09:00"), "before it starts"),
        (lambda: Clock(terms("8h"), datetime(2026, 6, 1, 9)), "has no time zone"),
        (lambda: clock("8h", "06-01 10:00").due(datetime(2026, 6, 1, 9)), "has no time zone"),
        (lambda: clock("8h", "06-01 10:00").elapsed(datetime(2026, 6, 1, 9)), "has no time zone"),
        (
            lambda: clock("8h", "06-01 10:00", wait("06-01 11:00")).stands_still(
                datetime(2026, 6, 1, 9)
            ),
            "has no time zone",
        ),
    ],
)
def test_moments_out_of_order_or_without_a_zone_are_refused(
    broken: Callable[[], object], words: str
) -> None:
    with pytest.raises(BadTimeline, match=words):
        broken()
