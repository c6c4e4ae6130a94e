"""Service hours to ask questions of: compiled when first asked, further when asked further.

Moments are aware datetimes in and UTC out, exact to the microsecond. Arrays are int64 UTC seconds.
"""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from tricorn.engine.errors import BadTimeline

from .coverage import NEVER, Coverage
from .horizon import DAY, FURTHEST, holidays_known_until, horizon_of
from .spec import Hours
from .target import Target
from .window import Span

Seconds = npt.NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = timedelta()
_MICRO = timedelta(microseconds=1)
_MILLION = 1_000_000


class Schedule:
    """The service hours of one specification. Cheap to make: compiled once per specification.

    Units   aware datetimes in, UTC datetimes and timedeltas out, exact to the microsecond.
    Errors  BadTimeline for a datetime without a zone, an end before its start, or moments more
            than 400 years apart.
    None    stands for never: nothing is covered within a hundred years.
    Source  docs/engine/hours.md, rules H5 to H9 and H13.
    """

    __slots__ = ("_horizon", "hours")

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self._horizon = horizon_of(hours)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Service time between two moments."""
        a, a_micro = _split(start)
        b, b_micro = _split(end)
        if b < a or (b == a and b_micro < a_micro):
            raise BadTimeline(f"The end {end} lies before the start {start}.")
        coverage = self._horizon.reach(a, b)
        micro = 0
        if b_micro and coverage.is_open(b):
            micro = b_micro
        if a_micro and coverage.is_open(a):
            micro -= a_micro
        return timedelta(seconds=coverage.elapsed(a, b), microseconds=micro)

    def due(self, start: datetime, target: Target, paused: timedelta = _NOTHING) -> datetime | None:
        """The moment by which to be done, for people; paused service time comes on top.

        Service time: the first moment at which the target is used up, so the end of a window
        rather than the start of the next. Service days: rule H7.
        """
        if not paused:
            quick = self._quick_due(start, target)
            if quick is not None:
                return quick
        _check_paused(paused)
        if target.seconds is not None:
            return self.add(start, timedelta(seconds=target.seconds) + paused)
        assert target.days is not None
        due = self._due_days(start, target.days)
        return due if due is None or not paused else self.add(due, paused)

    def kept_until(
        self, start: datetime, target: Target, paused: timedelta = _NOTHING
    ) -> datetime | None:
        """The last moment at which the promise is still kept; None if it can never be broken.

        Service time: the last moment at which elapsed <= target (rule H8). Service days: `due`.
        """
        if target.seconds is None:
            return self.due(start, target, paused)
        _check_paused(paused)
        amount = timedelta(seconds=target.seconds) + paused
        return self._inverse(start, amount, at_the_latest=True)

    def add(self, start: datetime, duration: timedelta) -> datetime | None:
        """The first moment at which `duration` of service time has passed since `start`."""
        if duration < _NOTHING:
            raise BadTimeline("Service time can be added, not taken away.")
        if not duration:
            _split(start)
            return start.astimezone(UTC)
        return self._inverse(start, duration, at_the_latest=False)

    def is_open(self, at: datetime) -> bool:
        second, _ = _split(at)
        return self._horizon.reach(second, second).is_open(second)

    def next_open(self, at: datetime) -> datetime | None:
        """`at` itself when open then, otherwise the next opening."""
        second, micro = _split(at)
        found = self._horizon.find(second, lambda coverage: coverage.next_open(second))
        return _moment(found, micro if found == second else 0)

    def next_close(self, at: datetime) -> datetime | None:
        """When the window that is open at `at`, or else the next one, closes. None for 24/7."""
        second, _ = _split(at)
        return _moment(self._horizon.find(second, lambda coverage: coverage.next_close(second)))

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """The covered spans between two moments, in order; touching windows come as one."""
        return self.last_spans(start, end, None)[1]

    def last_spans(
        self, start: datetime, end: datetime, most: int | None
    ) -> tuple[int, list[Span]]:
        """How many covered spans come earlier, and the last `most` (None for all), in order."""
        a, a_micro = _split(start)
        b, b_micro = _split(end)
        if (b, b_micro) <= (a, a_micro):
            return 0, []
        runs = self._horizon.reach(a, b).runs(a, b + bool(b_micro))
        earlier = 0 if most is None else max(len(runs) - most, 0)
        found = []
        for first, last in runs[earlier:]:
            left = start.astimezone(UTC) if first == a else _known(first)
            right = end.astimezone(UTC) if last > b or last == b == first else _known(last)
            if left < right:
                found.append(Span(left, right))
        return earlier, found

    def counted(self, start: datetime, target: Target, paused: timedelta = _NOTHING) -> list[Span]:
        """The covered spans between the start and its due time; none if it is never due."""
        due = self.due(start, target, paused)
        return [] if due is None else self.spans(start, due)

    # Arrays of int64 UTC seconds

    def elapsed_seconds(self, starts: Seconds, ends: Seconds) -> Seconds:
        """Service seconds between each start and its end.

        Shapes  two int64 arrays of one shape; the same out.
        Errors  BadTimeline names the first row whose end lies before its start.
        """
        starts, ends = _array(starts), _array(ends)
        if starts.shape != ends.shape:
            raise BadTimeline(f"{starts.size} starts do not pair with {ends.size} ends.")
        if not starts.size:
            return np.empty(starts.shape, dtype=np.int64)
        coverage = self._horizon.reach(
            min(int(starts.min()), int(ends.min())), max(int(starts.max()), int(ends.max()))
        )
        wrong = ends < starts
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadTimeline(f"Row {row}: the end lies before the start.", row=row)
        return coverage.elapsed_array(starts, ends)

    def due_seconds(self, starts: Seconds, target: Target, paused: Seconds | int = 0) -> Seconds:
        """The due time of each start; NEVER where there is none. `paused` in service seconds."""
        if target.seconds is not None:
            amount = target.seconds + np.asarray(paused, dtype=np.int64)
            return self._amounts(starts, amount, at_the_latest=False)
        assert target.days is not None
        days = target.days
        due = self._horizon.find_array(
            _array(starts), lambda coverage, at, _: coverage.due_days_array(at, days)
        )
        if not np.any(paused):
            return due
        held = np.broadcast_to(np.asarray(paused, dtype=np.int64), due.shape) * (due != NEVER)
        late = held > 0
        due[late] = self._amounts(due[late], held[late], at_the_latest=False)
        return due

    def kept_until_seconds(
        self, starts: Seconds, target: Target, paused: Seconds | int = 0
    ) -> Seconds:
        """The last second at which each promise is still kept; NEVER where it always is."""
        if target.seconds is None:
            return self.due_seconds(starts, target, paused)
        amount = target.seconds + np.asarray(paused, dtype=np.int64)
        return self._amounts(starts, amount, at_the_latest=True)

    def coverage(self, first: datetime, last: datetime) -> Coverage:
        """The compiled hours, reaching at least from `first` to `last`."""
        return self._horizon.reach(_split(first)[0], _split(last)[0] + 1)

    def utc_of_local(self, local: Seconds) -> Seconds:
        """UTC seconds of naive wall readings in the zone of the hours (rule H9)."""
        local = _array(local)
        if not local.size:
            return local
        reached = self._horizon.reach(int(local.min()) - 2 * DAY, int(local.max()) + 2 * DAY)
        return reached.zone.read_local_array(local)

    def offsets(self, utc: Seconds) -> Seconds:
        """Seconds to add to UTC for local time, for each moment."""
        utc = _array(utc)
        if not utc.size:
            return utc
        return self._horizon.reach(int(utc.min()), int(utc.max())).zone.at_array(utc)

    @property
    def holidays_known_until(self) -> date | None:
        """The last date for which the holiday data knows anything; None without holidays."""
        return holidays_known_until(self.hours)

    def _quick_due(self, start: datetime, target: Target) -> datetime | None:
        """The common case: a whole second, and an answer within what is compiled already."""
        second, micro = _split(start)
        coverage = self._horizon.known_at(second)
        if micro or coverage is None:
            return None
        if target.seconds is not None:
            found = coverage.due(second, target.seconds)
        else:
            found = coverage.due_days(second, target.days or 0)
        return None if found - second > FURTHEST else _known(found)

    def _due_days(self, start: datetime, days: int) -> datetime | None:
        second, micro = _split(start)
        found = self._horizon.find(second, lambda coverage: coverage.due_days(second, days))
        if found == NEVER or not micro:
            return _moment(found)
        coverage = self._horizon.reach(second, found)
        moved = found + coverage.zone.at(found) - second - coverage.zone.at(second)
        return _moment(found, micro if coverage.is_open(second) and moved % DAY == 0 else 0)

    def _inverse(self, start: datetime, amount: timedelta, at_the_latest: bool) -> datetime | None:
        second, micro = _split(start)
        if micro and not self.is_open(start):
            micro = 0
        whole, rest = divmod(amount // _MICRO + micro, _MILLION)
        if rest or at_the_latest:
            found = self._horizon.find(second, lambda c: c.exceeded(c.covered(second) + whole))
        else:
            found = self._horizon.find(second, lambda c: c.reached(c.covered(second) + whole))
        return _moment(found, rest)

    def _amounts(self, starts: Seconds, amount: Seconds, at_the_latest: bool) -> Seconds:
        starts = _array(starts)
        single = int(amount) if amount.ndim == 0 else None
        amounts = np.broadcast_to(amount, starts.shape).ravel() if single is None else amount

        def find(coverage: Coverage, at: Seconds, rows: Seconds | slice) -> Seconds:
            wanted = amounts[rows] if single is None else single
            after = coverage.kept_array if at_the_latest else coverage.due_array
            return after(at, wanted)

        return self._horizon.find_array(starts, find)


def _split(at: datetime) -> tuple[int, int]:
    """Whole UTC seconds, and the microseconds beyond."""
    if at.tzinfo is None:
        raise BadTimeline(f"{at} has no time zone; moments must say theirs.")
    since = at - _EPOCH
    return since.days * DAY + since.seconds, since.microseconds


def _moment(second: int, micro: int = 0) -> datetime | None:
    return None if second == NEVER else _known(second, micro)


def _known(second: int, micro: int = 0) -> datetime:
    return _EPOCH + timedelta(seconds=second, microseconds=micro)


def _array(moments: Seconds) -> Seconds:
    array = np.asarray(moments)
    if array.dtype.kind not in "iu":
        raise BadTimeline(f"Arrays of moments are int64 UTC seconds, not {array.dtype}.")
    return array.astype(np.int64, copy=False)


def _check_paused(paused: timedelta) -> None:
    if paused < _NOTHING:
        raise BadTimeline("Paused service time cannot be negative.")
