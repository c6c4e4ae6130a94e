"""Availability: in which share of its service hours a service was up, from recorded outages.

Rules V1 to V8 are in docs/engine/availability.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from .clock.explanation import length, speaker
from .clock.terms import in_utc
from .errors import BadTimeline
from .hours import Schedule, Span

Seconds = npt.NDArray[np.int64]
NOTHING = timedelta()


@dataclass(frozen=True)
class Outage:
    """A stretch in which a service did not work, half-open; `end` None while it lasts.

    Units   aware datetimes, kept in UTC.
    Errors  BadTimeline for a moment without a zone, or an end that is not after its start.
    Source  docs/engine/availability.md, rule V1: an outage is a stretch of time.
    """

    start: datetime
    end: datetime | None = None
    is_planned: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", in_utc(self.start, "The start of an outage"))
        if self.end is None:
            return
        object.__setattr__(self, "end", in_utc(self.end, "The end of an outage"))
        if self.end <= self.start:
            raise BadTimeline(
                f"An outage ends at {self.end.isoformat()}, not after it begins at "
                f"{self.start.isoformat()}. Give a later end."
            )


@dataclass(frozen=True)
class Stretch:
    """A part of a month with one set of service hours; half-open."""

    schedule: Schedule
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Availability:
    """How long a service should have been up, and how long it was down meanwhile.

    service  service hours of the period
    down     time inside them in which an unplanned outage lasted, each moment once
    planned  time inside them of planned work alone, not part of `down`
    spans    the stretches that make up `down`, in order
    recorded how many unplanned outages touch the period, also outside service hours
    """

    service: timedelta
    down: timedelta
    planned: timedelta
    spans: tuple[Span, ...]
    recorded: int

    @property
    def up(self) -> timedelta:
        return self.service - self.down

    @property
    def share(self) -> float | None:
        """The share of service hours in which it was up; None when there were no service hours.

        Source  docs/engine/availability.md, rule V4: up over service hours.
        """
        return self.up / self.service if self.service else None

    def explain(self, zone: str) -> tuple[str, ...]:
        """Return the arithmetic in plain sentences, with moments in the words of a zone.

        Source  docs/engine/availability.md, rule V7: the explanation adds up.
        """
        say = speaker(ZoneInfo(zone))
        said = [f"{_capital(length(self.service))} of service in the period."]
        said += [
            f"Down from {say(span.start)} to {say(span.end)}: {length(span.length)}."
            for span in self.spans
        ]
        said.append(_down(self))
        if self.planned:
            said.append(
                f"Planned work inside them, counted apart and not as down: {length(self.planned)}."
            )
        if self.service:
            said.append(
                f"{_capital(length(self.up))} of {length(self.service)} is "
                f"{percent(self.up, self.service)}."
            )
        said.append("Only outages that were recorded are counted.")
        return tuple(said)


def availability(stretches: Sequence[Stretch], outages: Iterable[Outage]) -> Availability:
    """Return the availability over stretches of time, each with its own service hours.

    Shapes  stretches do not overlap (one, or several when the hours changed within the month);
            outages in any order, overlapping or not. What still lasts goes on to the end.
    Errors  BadTimeline for a moment without a zone, or stretches that overlap or end early.
    Cost    O(n log n) in outages, and one look-up in the compiled hours for each merged outage.
    Source  docs/engine/availability.md, rules V2 to V6.
    """
    known = list(outages)
    real = union(known, is_planned=False)
    work = union(known, is_planned=True)
    service = down = planned = NOTHING
    spans: list[Span] = []
    for each in _in_order(stretches):
        service += each.schedule.elapsed(each.start, each.end)
        found = _inside(each, real)
        spans += found
        down += _total(found)
        planned += _total(_inside(each, _without(work, real)))
    touching = sum(
        1
        for one in known
        if not one.is_planned
        and any(one.start < s.end and (one.end is None or one.end > s.start) for s in stretches)
    )
    return Availability(service, down, planned, tuple(spans), touching)


def union(outages: Iterable[Outage], *, is_planned: bool) -> list[tuple[datetime, datetime | None]]:
    """Return the outages of one sort as stretches in order that neither overlap nor touch.

    Source  docs/engine/availability.md, rule V2: no moment counts twice.
    """
    merged: list[tuple[datetime, datetime | None]] = []
    chosen = (each for each in outages if each.is_planned == is_planned)
    for one in sorted(chosen, key=lambda each: each.start):
        last = merged[-1] if merged else None
        if last is None or (last[1] is not None and one.start > last[1]):
            merged.append((one.start, one.end))
        elif last[1] is not None and (one.end is None or one.end > last[1]):
            merged[-1] = (last[0], one.end)
    return merged


def down_seconds(
    schedule: Schedule, bounds: Seconds, starts: Seconds, ends: Seconds
) -> tuple[Seconds, Seconds]:
    """Return service seconds and seconds down for many periods at once: a year of months, say.

    Shapes  bounds is (n + 1,) int64 UTC seconds in order: n periods that follow one another;
            starts and ends are (m,), one unplanned outage each, in any order. Two (n,) arrays out.
    Errors  BadTimeline for bounds out of order, or an outage that does not end after its start.
    Cost    O(m log m + n log m), without a loop.
    Source  docs/engine/availability.md, rule V8: many periods give what one by one would.
    """
    bounds, starts, ends = (np.asarray(each, dtype=np.int64) for each in (bounds, starts, ends))
    if np.any(np.diff(bounds) < 0):
        raise BadTimeline("The bounds of the periods are out of order. Sort them first.")
    if starts.shape != ends.shape or np.any(ends <= starts):
        raise BadTimeline("Each outage has a start and a later end; one of them does not.")
    service = schedule.elapsed_seconds(bounds[:-1], bounds[1:])
    if not starts.size or not service.size:
        return service, np.zeros_like(service)
    first, last = _merged(starts, ends)
    done = np.concatenate(([0], np.cumsum(schedule.elapsed_seconds(first, last))))
    # Down before a bound: all merged outages before it, and its part of the one it lies in.
    k = np.searchsorted(first, bounds, side="right") - 1
    at = np.maximum(k, 0)
    part = schedule.elapsed_seconds(np.minimum(first[at], bounds), np.minimum(last[at], bounds))
    before = np.where(k < 0, 0, done[at] + part)
    return service, np.diff(before)


def percent(part: timedelta, whole: timedelta) -> str:
    """Return a share in percent with up to two decimals, never above the truth.

    Source  docs/engine/availability.md, rule V4: cut off, not rounded.
    """
    micro = timedelta(microseconds=1)
    hundredths = (part // micro) * 10_000 // (whole // micro)
    text = f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return f"{text} %"


def _merged(starts: Seconds, ends: Seconds) -> tuple[Seconds, Seconds]:
    """The union of half-open stretches: sorted, disjoint, not touching."""
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    begins = np.concatenate(([True], starts[1:] > reach[:-1]))
    return starts[begins], reach[np.concatenate((begins[1:], [True]))]


def _in_order(stretches: Sequence[Stretch]) -> list[Stretch]:
    found = sorted(stretches, key=lambda each: each.start)
    for left, right in pairwise(found):
        if right.start < left.end:
            raise BadTimeline("Two stretches of the period overlap. Give each moment once.")
    return found


def _inside(stretch: Stretch, merged: Sequence[tuple[datetime, datetime | None]]) -> list[Span]:
    """The service hours of a stretch that lie in the merged outages."""
    found: list[Span] = []
    for start, end in merged:
        left = max(start, stretch.start)
        right = stretch.end if end is None else min(end, stretch.end)
        if left < right:
            found += stretch.schedule.spans(left, right)
    return found


def _without(
    whole: Sequence[tuple[datetime, datetime | None]],
    taken: Sequence[tuple[datetime, datetime | None]],
) -> list[tuple[datetime, datetime | None]]:
    """What of the first lies in none of the second: planned work in which nothing else failed."""
    left: list[tuple[datetime, datetime | None]] = list(whole)
    for start, end in taken:
        rest: list[tuple[datetime, datetime | None]] = []
        for first, last in left:
            if last is not None and last <= start:
                rest.append((first, last))
                continue
            if first < start:
                rest.append((first, start))
            if end is not None and (last is None or last > end):
                rest.append((max(first, end), last))
        left = rest
    return left


def _total(spans: Iterable[Span]) -> timedelta:
    return sum((span.length for span in spans), NOTHING)


def _down(found: Availability) -> str:
    if not found.recorded:
        return "No outage is on record."
    if not found.down:
        outside = "an outage is" if found.recorded == 1 else f"{found.recorded} outages are"
        return f"Nothing of them down: {outside} on record, outside service hours."
    if len(found.spans) == 1:
        return f"Down inside service hours: {length(found.down)}."
    return f"Down inside service hours, all together: {length(found.down)}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
