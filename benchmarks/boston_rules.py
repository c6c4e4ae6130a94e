"""Find the City of Boston's own promises in its data, and reproduce its due times.

    ./tricorn --dev python benchmarks/boston_rules.py DATA.csv.gz

DATA is a year of "311 service requests" with the columns open_dt, target_dt and type (City of
Boston, PDDL 1.0). For each type the number of service days is tried out that fits most of its due
times; three minutes of difference are allowed. Prints the tables of docs/engine/boston.md.
"""

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tricorn.engine.hours import Hours, Schedule, Target

Seconds = npt.NDArray[np.int64]
ZONE = ZoneInfo("America/New_York")
ALLOWED = 180
FITS = 0.97
MOST_DAYS = 130
CALENDARS: dict[str, dict[str, object]] = {
    "no holidays": {},
    "United States": {"holidays": {"country": "US"}},
    "Massachusetts": {"holidays": {"country": "US", "subdivision": "MA"}},
    "Massachusetts and Evacuation Day": {
        "holidays": {"country": "US", "subdivision": "MA"},
        "closed": [{"on": "2015-03-17"}],
    },
    "Massachusetts and Bunker Hill Day": {
        "holidays": {"country": "US", "subdivision": "MA"},
        "closed": [{"on": "2015-06-17"}],
    },
    "Massachusetts and both": {
        "holidays": {"country": "US", "subdivision": "MA"},
        "closed": [{"on": "2015-03-17"}, {"on": "2015-06-17"}],
    },
}


@dataclass(frozen=True)
class Rule:
    """The number of service days that fits a type best, and how many due times it hits."""

    kind: str
    days: int
    hit: int
    requests: int

    @property
    def share(self) -> float:
        return self.hit / self.requests


def main(path: str) -> None:
    types = read(path)
    total = sum(len(starts) for starts, _ in types.values())
    print(f"{total} requests with a due time, {len(types)} types\n")
    print("| calendar | types that fit | their requests | reproduced | share |")
    print("|---|--:|--:|--:|--:|")
    for name, more in CALENDARS.items():
        fitting = rules(Schedule(hours(more)), types)
        hit, of = sum(rule.hit for rule in fitting), sum(rule.requests for rule in fitting)
        print(f"| {name} | {len(fitting)} | {of} | {hit} | {hit / max(of, 1):.2%} |")
    print("\n| type | service days | requests | reproduced | share |")
    print("|---|--:|--:|--:|--:|")
    best = rules(Schedule(hours(CALENDARS["Massachusetts"])), types)
    for rule in sorted(best, key=lambda rule: (-rule.requests, rule.kind)):
        print(f"| {rule.kind} | {rule.days} | {rule.requests} | {rule.hit} | {rule.share:.2%} |")


def hours(more: dict[str, object]) -> Hours:
    week = {day: ["08:30-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    return Hours.from_data({"zone": "America/New_York", "weekly": week, **more})


def read(path: str) -> dict[str, tuple[Seconds, Seconds]]:
    """Type -> opened and due, UTC seconds, of all requests that have a due time."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["target_dt"]:
                found[row["type"]].append((utc(row["open_dt"]), utc(row["target_dt"])))
    return {kind: _columns(pairs) for kind, pairs in found.items()}


def rules(ask: Schedule, types: dict[str, tuple[Seconds, Seconds]]) -> list[Rule]:
    """The best rule of each type, where it fits well enough."""
    best = [_best(ask, kind, *columns) for kind, columns in types.items()]
    return [rule for rule in best if rule.share >= FITS]


def _best(ask: Schedule, kind: str, starts: Seconds, dues: Seconds) -> Rule:
    tried = (
        Rule(kind, days, _hits(ask.due_seconds(starts, Target(days=days)), dues), len(starts))
        for days in range(1, MOST_DAYS + 1)
    )
    return max(tried, key=lambda rule: rule.hit)


def _hits(found: Seconds, dues: Seconds) -> int:
    return int((np.abs(found - dues) <= ALLOWED).sum())


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[Seconds, Seconds]:
    table = np.array(list(pairs), dtype=np.int64)
    return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
