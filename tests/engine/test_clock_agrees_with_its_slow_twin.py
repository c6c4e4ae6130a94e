"""Random weeks, waits and questions: the clock and its slow twin say the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.clock_oracle import MINUTE, SlowClock, Week
from tricorn.engine.clock import Clock, Holder, Terms, Wait
from tricorn.engine.hours import Hours, Schedule, Target

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Each begins shortly before a change of the clocks: Berlin both ways, Lord Howe by half an hour.
BEGINNINGS = (
    ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 23, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 10, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 6, 5, tzinfo=UTC)),
)
STEP = 15


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, list[tuple[int, int]]]:
    """At least one open day; windows on quarters of an hour that do not touch."""
    found: dict[int, list[tuple[int, int]]] = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=2)):
        shift = draw(st.integers(0, 8)) * STEP
        edges = sorted(draw(st.sets(st.integers(0, 12), min_size=2, max_size=4)))
        minutes = [min(edge * 120 + shift, 1440) for edge in edges]
        pairs = zip(minutes[::2], minutes[1::2], strict=False)
        found[day] = [(a, b) for a, b in pairs if a < b] or [(600, 720)]
    return found


@st.composite
def stories(draw: st.DrawFn) -> tuple[SlowClock, Clock, datetime]:
    zone, first = draw(st.sampled_from(BEGINNINGS))
    windows = draw(weeks())
    start = first + draw(st.integers(0, 200)) * STEP * MINUTE
    later = st.integers(0, 500).map(lambda n: start + n * STEP * MINUTE)
    waits = []
    for _ in range(draw(st.integers(0, 3))):
        a, b = sorted((draw(later), draw(later)))
        holder = draw(st.sampled_from([Holder.CUSTOMER, Holder.SUPPLIER, Holder.CLIENT, None]))
        waits.append(Wait(holder, a, draw(st.sampled_from([b, b, b, None]))))
    stop = draw(st.one_of(st.none(), later))
    stopped_by = frozenset({Holder.CUSTOMER, Holder.CLIENT})
    minutes, days = draw(
        st.one_of(
            st.tuples(st.integers(1, 60).map(lambda n: n * STEP), st.none()),
            st.tuples(st.none(), st.integers(1, 4)),
        )
    )
    target = Target(days=days) if days else Target(seconds=(minutes or 0) * 60)
    weekly = {
        DAYS[day]: [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]
        for day, spans in windows.items()
    }
    schedule = Schedule(Hours.from_data({"zone": zone, "weekly": weekly}))
    slow = SlowClock(Week(zone, windows), start, tuple(waits), stopped_by, stop, minutes, days)
    quick = Clock(Terms("1", schedule, target, stopped_by), start, tuple(waits), stop)
    return slow, quick, draw(later)


@pytest.mark.slow_oracle
@settings(max_examples=30)
@given(stories())
def test_a_clock_says_what_counting_every_minute_says(
    story: tuple[SlowClock, Clock, datetime],
) -> None:
    slow, quick, at = story
    kept = slow.kept_until(at)
    end = at if slow.stop is None else min(at, slow.stop)
    late = kept is not None and end > kept

    assert quick.elapsed(at) == slow.elapsed(at) * MINUTE
    assert quick.breach_at(at) == kept
    assert quick.breached(at) == late
    held = slow.waits_at(at, at) and not (slow.stop is not None and slow.stop <= at)
    assert quick.stands_still(at) == held
    assert quick.due(at) == (None if held and not late else slow.used_up(at))
    if slow.minutes is not None:
        assert quick.breached(at) == (slow.elapsed(at) > slow.minutes)
        assert quick.remaining(at) == (slow.minutes - slow.elapsed(at)) * MINUTE


@settings(max_examples=50)
@given(stories())
def test_every_instant_of_service_time_has_one_holder(
    story: tuple[SlowClock, Clock, datetime],
) -> None:
    _, clock, at = story
    end = at if clock.stopped_at is None else min(at, clock.stopped_at)
    total = clock.terms.schedule.elapsed(clock.started_at, max(end, clock.started_at))

    held = clock.by_holder(at)

    assert sum(held.values(), timedelta()) == total
    assert all(time >= timedelta() for time in held.values())


@settings(max_examples=50)
@given(stories())
def test_an_explanation_adds_up(story: tuple[SlowClock, Clock, datetime]) -> None:
    _, clock, at = story

    said = clock.explain(at)

    assert sum((span.length for span in said.counted), timedelta()) == clock.elapsed(at)
    assert all(a.end <= b.start for a, b in zip(said.counted, said.counted[1:], strict=False))
    assert all(sentence.endswith(".") for sentence in said.sentences)


@settings(max_examples=50)
@given(stories())
def test_the_last_spans_are_the_end_of_all(story: tuple[SlowClock, Clock, datetime]) -> None:
    _, clock, at = story
    whole = clock.counted(at)

    for most in (0, 1, 3, len(whole), len(whole) + 1):
        earlier, last = clock.last_counted(at, most)
        assert last == (whole[-most:] if most else ())
        assert earlier == len(whole) - len(last)


@settings(max_examples=50)
@given(stories(), st.integers(1, 200))
def test_what_is_late_stays_late_and_its_due_time_stays(
    story: tuple[SlowClock, Clock, datetime], more: int
) -> None:
    _, clock, at = story
    later = at + more * STEP * MINUTE
    if clock.breached(at):
        assert clock.breached(later)
        assert clock.due(later) == clock.due(at)
        assert clock.breach_at(later) == clock.breach_at(at)
    assert clock.elapsed(later) >= clock.elapsed(at)
