"""One promise running: start, pauses by who holds things up, stop.

Everything is computed from the timeline and the terms; nothing is stored, so other terms over the
same timeline forget no earlier pause.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..errors import BadTimeline
from ..hours import Span
from .explanation import Explanation, explain
from .terms import Holder, Terms, Wait, in_utc

NOTHING = timedelta()


@dataclass(frozen=True)
class Clock:
    """One promise for one ticket.

    Shapes  `waits` in any order, overlapping or not; those after `stopped_at` do not matter.
    Units   Aware datetimes in (kept as UTC), UTC datetimes and timedeltas out.
    Errors  BadTimeline for a time without a zone, a stop or a wait before the start.
    Every question is asked `at` an instant and answered with what was known then: a wait that ended
    later is still on, one that began later is unknown.
    """

    terms: Terms
    started_at: datetime
    waits: tuple[Wait, ...] = ()
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "started_at", in_utc(self.started_at, "The start of a clock"))
        object.__setattr__(self, "waits", tuple(sorted(self.waits, key=lambda wait: wait.start)))
        if self.stopped_at is not None:
            object.__setattr__(self, "stopped_at", in_utc(self.stopped_at, "The stop of a clock"))
            self._check_order("is stopped", self.stopped_at)
        if self.waits:
            self._check_order("waits", self.waits[0].start)

    def under(self, terms: Terms) -> "Clock":
        """Return the same timeline under other terms: another clause, priority or agreement.

        Source  docs/engine/clocks.md, rule C10: other terms forget no earlier pause.
        """
        return replace(self, terms=terms)

    def elapsed(self, at: datetime) -> timedelta:
        """Return the service time that has counted.

        Source  docs/engine/clocks.md, rule C1: only open, unpaused time counts.
        """
        return sum((self._service(piece) for piece in self._active(at)), NOTHING)

    def due(self, at: datetime) -> datetime | None:
        """Return when the target is used up; None if never, or while it stands still in time.

        Source  docs/engine/clocks.md, rules C4 and C5: due in service time and in service days.
        """
        if self.stands_still(at) and not self.breached(at):
            return None
        return self._due_in_days(at) if self._in_days else self._due_in_time(at)

    def breach_at(self, at: datetime) -> datetime | None:
        """Return the last instant at which the promise is kept; None while that is not settled.

        Source  docs/engine/clocks.md, rule C3: service time is late after its target, not at it.
        """
        return self._due_in_days(at) if self._in_days else self._kept_in_time(at)

    def breached(self, at: datetime) -> bool:
        """Return whether the promise was broken by then."""
        last = self.breach_at(at)
        return last is not None and self._end(at) > last

    def remaining(self, at: datetime) -> timedelta | None:
        """Return the service time that is left, negative when late; None if it never falls due.

        Source  docs/engine/clocks.md, rule C12: what is left of service days is counted in
        service time up to the due time.
        """
        if self.terms.target.seconds is not None:
            return timedelta(seconds=self.terms.target.seconds) - self.elapsed(at)
        due, standing = self._days(at)
        if due is None:
            return None
        now = min(self._end(at), standing) if standing else self._end(at)
        if now <= due:
            return self.terms.schedule.elapsed(max(now, self.started_at), due)
        late = (Span(max(p.start, due), p.end) for p in self._active(at) if p.end > due)
        return -sum((self._service(piece) for piece in late), NOTHING)

    def paused_by(self, at: datetime) -> Holder | None:
        """Return who stops the clock now: of several, who began first. None when nobody does."""
        if self._is_stopped(at):
            return None
        holding = (w.holder for w in self._stopping(at) if _lasts(w, at) and w.holder)
        return next(holding, None)

    def stands_still(self, at: datetime) -> bool:
        """Return whether something stops the clock now: a wait, or being resolved."""
        return not self._is_stopped(at) and any(_lasts(w, at) for w in self._stopping(at))

    def outside(self, at: datetime) -> timedelta:
        """Return the time waited while the service was closed, pauses left out.

        Source  docs/engine/clocks.md, rule C9: hours waited while closed.
        """
        waited = sum((piece.end - piece.start for piece in self._active(at)), NOTHING)
        return waited - self.elapsed(at)

    def by_holder(self, at: datetime) -> dict[Holder | None, timedelta]:
        """Return the service time that each held things up, whether or not it stopped the clock.

        None is the time that the ticket was resolved before it was reopened; what nobody else held
        up is the provider's. The values add up to the service time from the start.

        Source  docs/engine/clocks.md, rule C11: each instant has one holder.
        """
        end = self._end(at)
        total = self._service(Span(self.started_at, end)) if end > self.started_at else NOTHING
        held: dict[Holder | None, timedelta] = {Holder.PROVIDER: total}
        covered = self.started_at
        for wait in self._known(at):
            start, stop = max(wait.start, covered), min(wait.end or end, end)
            if stop <= start:
                continue
            time = self._service(Span(start, stop))
            held[Holder.PROVIDER] -= time
            held[wait.holder] = held.get(wait.holder, NOTHING) + time
            covered = stop
        return held

    def counted(self, at: datetime) -> tuple[Span, ...]:
        """Return the spans of service time that counted, in order."""
        return self.last_counted(at, None)[1]

    def last_counted(self, at: datetime, most: int | None) -> tuple[int, tuple[Span, ...]]:
        """Return how many spans counted earlier, and the last `most` (None for all), in order."""
        earlier = 0
        found: list[Span] = []
        for piece in reversed(list(self._active(at))):
            left = None if most is None else most - len(found)
            before, spans = self.terms.schedule.last_spans(piece.start, piece.end, left)
            earlier += before
            found = spans + found
        return earlier, tuple(found)

    def pauses(self, at: datetime) -> tuple[Span, ...]:
        """Return the spans in which the clock stood still, up to `at` or the stop."""
        end = self._end(at)
        spans = (Span(pause.start, pause.end or end) for pause in self._pauses(at))
        return tuple(span for span in spans if span.end > span.start)

    def active(self, at: datetime) -> tuple[Span, ...]:
        """Return the spans in which the clock ran, open or closed, up to `at` or the stop."""
        return tuple(self._active(at))

    def explain(self, at: datetime, most: int | None = None) -> Explanation:
        """Return in plain sentences how the clock came to stand where it stands.

        `most` is how many of the spans that counted are wanted, the last ones; None is all.
        """
        return explain(self, in_utc(at, "The moment"), most)

    # The timeline as it was known at an instant.

    def _is_stopped(self, at: datetime) -> bool:
        return self.stopped_at is not None and self.stopped_at <= in_utc(at, "The moment")

    def _end(self, at: datetime) -> datetime:
        at = in_utc(at, "The moment")
        return at if self.stopped_at is None else min(at, self.stopped_at)

    def _known(self, at: datetime) -> tuple[Wait, ...]:
        end = self._end(at)
        return tuple(wait for wait in self.waits if wait.start <= end)

    def _stopping(self, at: datetime) -> tuple[Wait, ...]:
        """Source  docs/engine/clocks.md, rule C7: the clause says who stops its clock."""
        stopped_by = self.terms.stopped_by
        return tuple(w for w in self._known(at) if w.holder is None or w.holder in stopped_by)

    def _pauses(self, at: datetime) -> list["_Pause"]:
        """Return what stopped the clock, united; the last has no end while it lasts.

        Source  docs/engine/clocks.md, rule C6: overlapping pauses are one pause.
        """
        united: list[_Pause] = []
        for wait in self._stopping(at):
            end = self._end_of(wait, at)
            last = united[-1] if united else None
            if last is None or (last.end is not None and wait.start > last.end):
                united.append(_Pause(wait.start, end))
            elif last.end is not None:
                united[-1] = _Pause(last.start, None if end is None else max(last.end, end))
        return united

    def _end_of(self, wait: Wait, at: datetime) -> datetime | None:
        """Return when a wait was over, as known at `at`; the stop of the clock ends every wait."""
        if _lasts(wait, at) and not self._is_stopped(at):
            return None
        end = self._end(at)
        return end if wait.end is None else min(wait.end, end)

    def _active(self, at: datetime) -> Iterator[Span]:
        start, end = self.started_at, self._end(at)
        for pause in self.pauses(at):
            if pause.start > start:
                yield Span(start, pause.start)
            start = pause.end
        if end > start:
            yield Span(start, end)

    def _service(self, span: Span) -> timedelta:
        return self.terms.schedule.elapsed(span.start, span.end)

    # When it falls due.

    @property
    def _in_days(self) -> bool:
        return self.terms.target.days is not None

    def _due_in_time(self, at: datetime) -> datetime | None:
        """Walk the pauses until the target is used up before one of them begins."""
        schedule, target = self.terms.schedule, self.terms.target
        paused = NOTHING
        for pause in self._pauses(at):
            due = schedule.due(self.started_at, target, paused=paused)
            if due is None or due <= pause.start or pause.end is None:
                return due
            paused += self._service(Span(pause.start, pause.end))
        return schedule.due(self.started_at, target, paused=paused)

    def _kept_in_time(self, at: datetime) -> datetime | None:
        """Walk the pauses until one begins after the promise was broken.

        Source  docs/engine/clocks.md, rule C8: a pause after the breach changes nothing.
        """
        schedule, target = self.terms.schedule, self.terms.target
        paused = NOTHING
        for pause in self._pauses(at):
            last = schedule.kept_until(self.started_at, target, paused=paused)
            if last is None or last < pause.start:
                return last
            if pause.end is None:
                return None
            paused += self._service(Span(pause.start, pause.end))
        return schedule.kept_until(self.started_at, target, paused=paused)

    def _due_in_days(self, at: datetime) -> datetime | None:
        due, standing = self._days(at)
        return None if standing else due

    def _days(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        """Return the due time as far as it is settled, and since when a pause moves it further."""
        schedule, target = self.terms.schedule, self.terms.target
        paused = NOTHING
        due = schedule.due(self.started_at, target)
        for pause in self._pauses(at):
            if due is None or pause.start >= due:
                break
            if pause.end is None:
                return due, pause.start
            paused += self._service(Span(pause.start, pause.end))
            due = schedule.due(self.started_at, target, paused=paused)
        return due, None

    def _check_order(self, what: str, moment: datetime) -> None:
        if moment < self.started_at:
            raise BadTimeline(
                f"A clock {what} at {moment.isoformat()}, before it starts at "
                f"{self.started_at.isoformat()}. Check the order of these moments."
            )


@dataclass(frozen=True)
class _Pause:
    start: datetime
    end: datetime | None


def _lasts(wait: Wait, at: datetime) -> bool:
    return wait.start <= at and (wait.end is None or wait.end > at)
