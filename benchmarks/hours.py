"""Service hours beside NumPy's busday functions and the peers that are installed.

    ./tricorn --dev python benchmarks/hours.py [ROWS]

Workload: starts uniform over 2024 and 2025, exponential lengths with a mean of three days, whole
seconds; Monday to Friday 08:00 to 20:00 in Berlin with the public holidays of Bavaria. Every answer
is compared with a minute-by-minute count through datetime and zoneinfo; wrong means off by more
than half a second. Times are the best of several runs in one process: ratios are firm, absolute
figures are the machine's. Exit status 1 if a promise of the project is broken.

busday knows neither zones nor clocks: it is given local wall times, which costs it nothing here.
"""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tricorn.engine.hours import Coverage, Hours, Schedule, Target
from tricorn.engine.hours.spec import DAY_NAMES

Seconds = npt.NDArray[np.int64]
ZONE = ZoneInfo("Europe/Berlin")
DAY, OPEN, CLOSE = 86_400, 8 * 3600, 20 * 3600
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2023, 2027))
WEEK = dict.fromkeys(DAY_NAMES[:5], ("08:00-20:00",))
BUSINESS = Hours.from_data(
    {
        "zone": "Europe/Berlin",
        "weekly": WEEK,
        "holidays": {"country": "DE", "subdivision": "BY"},
    }
)
NIGHTS = Hours.from_data(
    {
        "zone": "Europe/Berlin",
        "weekly": dict.fromkeys(DAY_NAMES, ("22:00-06:00",)),
    }
)
PEER_ROWS = 1_000


@dataclass(frozen=True)
class Load:
    """Starts and ends in UTC seconds, and the same as local wall seconds for who needs them."""

    starts: Seconds
    ends: Seconds
    local_starts: Seconds
    local_ends: Seconds


class Truth:
    """Covered seconds by the slow way: every minute classified by itself, then summed."""

    def __init__(self, hours: Hours) -> None:
        minutes = range(FIRST, LAST, 60)
        self.open = np.fromiter((_is_open(hours, m) for m in minutes), bool, len(minutes))
        self.before = np.concatenate(([0], np.cumsum(self.open, dtype=np.int64) * 60))

    def covered(self, at: Seconds) -> Seconds:
        minute, second = (at - FIRST) // 60, (at - FIRST) % 60
        return self.before[minute] + second * self.open[minute]

    def elapsed(self, load: Load) -> Seconds:
        return self.covered(load.ends) - self.covered(load.starts)


def main(rows: int) -> None:
    load, days = workload(rows), Days(BUSINESS)
    ask, truth = Schedule(BUSINESS), Truth(BUSINESS)
    print(f"{rows:,} rows, NumPy {np.__version__}, Python {sys.version.split()[0]}\n")
    broken = arrays(ask, truth, load, days)
    broken |= wide_cover(rows)
    broken |= years(rows)
    broken |= scalars(ask, load)
    peers(load, truth)
    sys.exit(1 if broken else 0)


def arrays(ask: Schedule, truth: Truth, load: Load, days: "Days") -> bool:
    print("Arrays                          ours ns  busday ns  times  ours wrong  busday wrong")
    expected = truth.elapsed(load)
    hour, eight, three = 3600, Target.parse("8h"), Target.parse("3d")
    ratios = [
        compare(
            "elapsed",
            lambda: ask.elapsed_seconds(load.starts, load.ends),
            lambda: days.elapsed(load.local_starts, load.local_ends),
            lambda ours, theirs: (wrong(ours, expected), wrong(theirs, expected)),
        ),
        compare(
            "due in 8h of service time",
            lambda: ask.due_seconds(load.starts, eight),
            lambda: days.due_time(load.local_starts, 8 * hour),
            lambda ours, theirs: (late(truth, load, ours, 8 * hour), differ(ask, ours, theirs)),
        ),
        compare(
            "due in 3 service days",
            lambda: ask.due_seconds(load.starts, three),
            lambda: days.due_days(load.local_starts, 3),
            lambda ours, theirs: (differ(ask, ours, theirs), differ(ask, ours, theirs)),
        ),
    ]
    return min(ratios) < 5


def wide_cover(rows: int) -> bool:
    """Day and night, and nights alone, over the clock changes: where wall arithmetic goes wrong."""
    load = workload(rows, around_changes=True)
    print("\nOver the clock changes          ours ns  ours wrong  wall arithmetic wrong")
    failed = False
    for name, hours in (("24x7", Hours.always("Europe/Berlin")), ("nights 22-06", NIGHTS)):
        ask, expected = Schedule(hours), Truth(hours).elapsed(load)
        seconds, ours = best(partial(ask.elapsed_seconds, load.starts, load.ends))
        wall = wrong(load.local_ends - load.local_starts, expected) if name == "24x7" else None
        shown = "cannot say" if wall is None else f"{wall:,} ({wall / rows:.0%})"
        errors = wrong(ours, expected)
        failed |= errors > 0
        print(f"{name:<30} {seconds / rows * 1e9:>8.1f}  {errors:>10,}  {shown:>21}")
    return failed


def years(rows: int) -> bool:
    """The cost of random rows all over a longer and longer calendar."""
    print("\nYears of calendar   elapsed ns  due 8h ns  due 3d ns  compile ms")
    costs = []
    for length in (2, 5, 10, 20, 30):
        last = FIRST + length * 366 * DAY
        moments = np.random.default_rng(length).integers(FIRST, last - 40 * DAY, (2, rows))
        starts, ends = np.sort(moments, axis=0)
        begun = time.perf_counter()
        fresh = Hours(BUSINESS.zone, BUSINESS.weekly, BUSINESS.holidays, names=())
        coverage = compiled(fresh, FIRST, last)
        compiling = (time.perf_counter() - begun) * 1e3
        cost = [
            best(partial(coverage.elapsed_array, starts, ends))[0],
            best(partial(coverage.due_array, starts, 8 * 3600))[0],
            best(partial(coverage.due_days_array, starts, 3))[0],
        ]
        costs.append(cost[0])
        shown = "  ".join(f"{seconds / rows * 1e9:>9.1f}" for seconds in cost)
        print(f"{length:>17}    {shown}  {compiling:>10.1f}")
    return costs[-1] > 1.5 * costs[0]


def scalars(ask: Schedule, load: Load) -> bool:
    print("\nOne at a time                     ns")
    few = 20_000
    pairs = list(zip(load.starts[:few].tolist(), load.ends[:few].tolist(), strict=True))
    moments = [(datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC)) for a, b in pairs]
    coverage = ask.coverage(_moment(FIRST), _moment(LAST))
    three, eight = Target.parse("3d"), Target.parse("8h")
    slow = False
    for name, limit, call, rows in (
        ("elapsed, seconds", 2000, lambda a, b: coverage.elapsed(a, b), pairs),
        ("due in 8h, seconds", 2000, lambda a, b: coverage.due(a, 28_800), pairs),
        ("due in 3d, seconds", 2000, lambda a, b: coverage.due_days(a, 3), pairs),
        ("elapsed, datetimes", None, ask.elapsed, moments),
        ("due in 8h, datetimes", None, lambda a, b: ask.due(a, eight), moments),
        ("due in 3d, datetimes", None, lambda a, b: ask.due(a, three), moments),
    ):
        nanoseconds = best(partial(_each, call, rows))[0] / few * 1e9
        slow |= limit is not None and nanoseconds > limit
        print(f"{name:<28} {nanoseconds:>8,.0f}")
    return slow


def peers(load: Load, truth: Truth) -> None:
    print(f"\nPeers, elapsed, {PEER_ROWS:,} rows         ns per row  wrong")
    few = Load(*(column[:PEER_ROWS] for column in vars(load).values()))
    expected = truth.elapsed(few)
    for name, module, make in PEERS:
        try:
            import_module(module)
        except ImportError:
            print(f"{name:<34} not installed")
            continue
        call = make()
        walls = [(_wall(a), _wall(b)) for a, b in zip(*_lists(few), strict=True)]
        begun = time.perf_counter()
        found = np.array([call(a, b) for a, b in walls], dtype=np.float64)
        spent = time.perf_counter() - begun
        errors = int((np.abs(found - expected) > 0.5).sum())
        print(f"{name:<34} {spent / PEER_ROWS * 1e9:>10,.0f}  {errors:>5}")


class Days:
    """What NumPy's busday functions can do of the same work, on local wall seconds."""

    def __init__(self, hours: Hours) -> None:
        dates = np.arange("2023-01-01", "2027-01-01", dtype="datetime64[D]").tolist()
        closed = [date for date in dates if hours.holiday_name(date)]
        self.calendar = np.busdaycalendar(holidays=closed)

    def elapsed(self, starts: Seconds, ends: Seconds) -> Seconds:
        a, early = self._split(starts)
        b, late = self._split(ends)
        return np.busday_count(a, b, busdaycal=self.calendar) * (CLOSE - OPEN) + late - early

    def due_time(self, starts: Seconds, seconds: int) -> Seconds:
        day, spent = self._split(starts)
        total = spent + seconds
        more, rest = np.divmod(total - 1, CLOSE - OPEN)
        due = np.busday_offset(day, more, roll="forward", busdaycal=self.calendar)
        return due.astype(np.int64) * DAY + OPEN + rest + 1

    def due_days(self, starts: Seconds, days: int) -> Seconds:
        day, clock = np.divmod(starts, DAY)
        date = (day + (clock >= CLOSE)).view("datetime64[D]")
        in_hours = (clock >= OPEN) & (clock < CLOSE) & np.is_busday(date, busdaycal=self.calendar)
        due = np.busday_offset(date, days, roll="forward", busdaycal=self.calendar)
        return due.astype(np.int64) * DAY + np.where(in_hours, clock, OPEN)

    def _split(self, local: Seconds) -> tuple[npt.NDArray[np.datetime64], Seconds]:
        """Date, and seconds of it that are over of its window."""
        day, clock = np.divmod(local, DAY)
        dates = day.view("datetime64[D]")
        over = np.clip(clock - OPEN, 0, CLOSE - OPEN)
        return dates, over * np.is_busday(dates, busdaycal=self.calendar)


def workload(rows: int, around_changes: bool = False) -> Load:
    random = np.random.default_rng(20_240_101)
    begin = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
    starts = begin + random.integers(0, 731 * DAY, rows)
    if around_changes:
        changes = ("2024-03-31", "2024-10-27", "2025-03-30")
        nights = np.array(changes, dtype="datetime64[s]").astype(np.int64)
        starts = random.choice(nights, rows) - random.integers(0, 6 * DAY, rows)
    ends = starts + np.minimum(random.exponential(3 * DAY, rows), 300 * DAY).astype(np.int64)
    ask = Schedule(BUSINESS)
    return Load(starts, ends, starts + ask.offsets(starts), ends + ask.offsets(ends))


def compare(
    name: str,
    ours: Callable[[], Seconds],
    theirs: Callable[[], Seconds],
    judge: Callable[[Seconds, Seconds], tuple[int, int]],
) -> float:
    (fast, mine), (slow, other) = best(ours), best(theirs)
    rows = len(mine)
    errors = judge(mine, other)
    print(
        f"{name:<30} {fast / rows * 1e9:>8.1f}  {slow / rows * 1e9:>9.1f}  {slow / fast:>5.1f}  "
        f"{errors[0]:>10,}  {errors[1]:>12,}"
    )
    return slow / fast


def best(call: Callable[[], Seconds], runs: int = 7) -> tuple[float, Seconds]:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        found = call()
        times.append(time.perf_counter() - begun)
    return min(times), found


def wrong(found: Seconds, expected: Seconds) -> int:
    return int((found != expected).sum())


def late(truth: Truth, load: Load, due: Seconds, seconds: int) -> int:
    """Due times that are not the first second at which the target has passed."""
    done = truth.covered(load.starts)
    on_time = truth.covered(due) - done == seconds
    return int((~(on_time & (truth.covered(due - 1) - done < seconds))).sum())


def differ(ask: Schedule, due: Seconds, local: Seconds) -> int:
    return wrong(due + ask.offsets(due), local)


def compiled(hours: Hours, first: int, last: int) -> Coverage:
    from tricorn.engine.hours.compiler import compile_hours

    coverage = compile_hours(hours, first, last)
    _ = coverage.table
    return coverage


def _is_open(hours: Hours, second: int) -> bool:
    local = datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo(hours.zone))
    clock = local.hour * 3600 + local.minute * 60
    if hours is NIGHTS:
        return clock >= 22 * 3600 or clock < 6 * 3600
    if hours is not BUSINESS:
        return True
    weekday = local.weekday() < 5 and OPEN <= clock < CLOSE
    return weekday and not hours.holiday_name(local.date())


def _each(call: Callable, rows: list) -> Seconds:
    for a, b in rows:
        call(a, b)
    return np.empty(0, dtype=np.int64)


def _lists(load: Load) -> Iterable[list[int]]:
    return load.local_starts.tolist(), load.local_ends.tolist()


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _wall(local: int) -> datetime:
    return datetime.fromtimestamp(local, UTC).replace(tzinfo=None)


def _holidays() -> set:
    return {
        day
        for number in range(DAY_OF_2023, DAY_OF_2023 + 4 * 366)
        if BUSINESS.holiday_name(day := datetime.fromordinal(number).date())
    }


DAY_OF_2023 = datetime(2023, 1, 1, tzinfo=UTC).toordinal()


def day_loop() -> Callable:
    """What people write: one day after another."""
    closed = _holidays()

    def call(start: datetime, end: datetime) -> float:
        total, day = 0.0, start.date()
        while day <= end.date():
            if day.weekday() < 5 and day not in closed:
                midnight = datetime.combine(day, datetime.min.time())
                opens, closes = midnight + timedelta(hours=8), midnight + timedelta(hours=20)
                total += max((min(end, closes) - max(start, opens)).total_seconds(), 0)
            day += timedelta(days=1)
        return total

    return call


def business_time_delta() -> Callable:
    peer = import_module("businesstimedelta")

    class Closed(dict):
        def __contains__(self, day: object) -> bool:
            return day in closed

    closed = _holidays()
    hours = peer.WorkDayRule(
        start_time=datetime.min.time().replace(hour=8),
        end_time=datetime.min.time().replace(hour=20),
        working_days=[0, 1, 2, 3, 4],
    )
    rules = peer.Rules([hours, peer.HolidayRule(Closed.fromkeys(closed, ""))])

    def call(start: datetime, end: datetime) -> float:
        return rules.difference(start, end).timedelta.total_seconds()

    return call


def business_duration() -> Callable:
    measure = import_module("business_duration").businessDuration

    closed = dict.fromkeys(_holidays(), "")
    eight, twenty = (datetime.min.time().replace(hour=hour) for hour in (8, 20))

    def call(start: datetime, end: datetime) -> float:
        return measure(start, end, eight, twenty, [5, 6], closed, unit="sec")

    return call


def pandas_hours() -> Callable:
    pandas = import_module("pandas")

    closed = [np.datetime64(day) for day in _holidays()]
    offset = pandas.offsets.CustomBusinessDay(holidays=closed)

    def call(start: datetime, end: datetime) -> float:
        days = pandas.date_range(start.date(), end.date(), freq=offset)
        opens, closes = days + pandas.Timedelta(hours=8), days + pandas.Timedelta(hours=20)
        spans = np.minimum(closes, pandas.Timestamp(end)) - np.maximum(
            opens, pandas.Timestamp(start)
        )
        return float(sum(max(span.total_seconds(), 0) for span in spans))

    return call


PEERS: list[tuple[str, str, Callable[[], Callable]]] = [
    ("a loop over days", "datetime", day_loop),
    ("businesstimedelta", "businesstimedelta", business_time_delta),
    ("business-duration", "business_duration", business_duration),
    ("pandas CustomBusinessDay", "pandas", pandas_hours),
]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
