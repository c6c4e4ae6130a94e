"""The clock's slow twin: walks from minute to minute and asks of each one alone.

It knows nothing of spans, sums or inverses. All moments lie on whole minutes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tricorn.engine.clock import Holder, Wait

MINUTE = timedelta(minutes=1)
PATIENCE = timedelta(days=60)


@dataclass(frozen=True)
class Week:
    """Local windows by weekday, Monday 0, in minutes of the day: {0: [(480, 1200)]}."""

    zone: str
    windows: Mapping[int, Sequence[tuple[int, int]]]

    def is_open(self, moment: datetime) -> bool:
        here = moment.astimezone(ZoneInfo(self.zone))
        minute = here.hour * 60 + here.minute
        return any(a <= minute < b for a, b in self.windows.get(here.weekday(), ()))


@dataclass(frozen=True)
class SlowClock:
    """What `Clock` answers, found by walking. `minutes` or `days` is the target."""

    week: Week
    start: datetime
    waits: tuple[Wait, ...]
    stopped_by: frozenset[Holder]
    stop: datetime | None = None
    minutes: int | None = None
    days: int | None = None

    def waits_at(self, minute: datetime, at: datetime) -> bool:
        """Is the clock held in this minute, as far as anybody knew at `at`?"""
        for wait in self.waits:
            if wait.holder is not None and wait.holder not in self.stopped_by:
                continue
            if wait.start > at or wait.start > minute:
                continue
            if self.stop is not None and self.stop <= min(at, minute):
                continue
            known_end = wait.end if wait.end is not None and wait.end <= at else None
            if known_end is None or minute < known_end:
                return True
        return False

    def elapsed(self, at: datetime) -> int:
        end = at if self.stop is None else min(at, self.stop)
        return sum(
            self.week.is_open(minute) and not self.waits_at(minute, at)
            for minute in _walk(self.start, end)
        )

    def kept_until(self, at: datetime) -> datetime | None:
        """Stay while the promise is kept; the last minute that is still kept is the answer."""
        if self.days is not None:
            return self.due_in_days(at)
        assert self.minutes is not None
        counted = 0
        for minute in _walk(self.start, self.start + PATIENCE):
            if self.week.is_open(minute) and not self.waits_at(minute, at):
                if counted == self.minutes:
                    return minute
                counted += 1
        return None

    def used_up(self, at: datetime) -> datetime | None:
        """The first minute at which the whole target has been used."""
        if self.days is not None:
            return self.due_in_days(at)
        assert self.minutes is not None
        counted = 0
        for minute in _walk(self.start, self.start + PATIENCE):
            if counted >= self.minutes:
                return minute
            counted += self.week.is_open(minute) and not self.waits_at(minute, at)
        return None

    def due_in_days(self, at: datetime) -> datetime | None:
        """Every open minute of a wait that began before the due time so far moves it by one."""
        due: datetime | None = self.first_due()
        counts = False
        for minute in _walk(self.start, self.start + PATIENCE):
            if due is None:
                return None
            held = self.waits_at(minute, at)
            if held and not counts and minute >= due:
                return due
            if not held and minute >= due:
                return due
            counts = held
            if held and self.week.is_open(minute):
                due = self.one_open_minute_after(due)
        return None

    def first_due(self) -> datetime | None:
        assert self.days is not None
        zone = ZoneInfo(self.week.zone)
        opening = self.first(self.start, self.week.is_open)
        if opening is None:
            return None
        here = opening.astimezone(zone)
        day, left = here.date(), self.days
        while left:
            day += timedelta(days=1)
            left -= bool(self.week.windows.get(day.weekday()))
        wanted = datetime.combine(day, here.time(), zone)
        midnight = datetime.combine(day, time(), zone).astimezone(UTC)
        if wanted.astimezone(UTC).astimezone(zone).time() == here.time():
            return self.first(wanted.astimezone(UTC), self.week.is_open)
        return self.first(  # the clocks jump over that local time
            midnight,
            lambda m: m.astimezone(zone).time() > here.time() and self.week.is_open(m),
        )

    def one_open_minute_after(self, moment: datetime) -> datetime | None:
        opening = self.first(moment, self.week.is_open)
        return None if opening is None else opening + MINUTE

    def first(self, start: datetime, when: Callable[[datetime], bool]) -> datetime | None:
        return next((m for m in _walk(start, start + PATIENCE) if when(m)), None)


def _walk(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += MINUTE
