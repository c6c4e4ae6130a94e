"""A year of a made-up desk, and its pictures: what the tests and the gallery look at."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from tricorn import pictures
from tricorn.engine.agreement import Agreement
from tricorn.engine.hours import Hours, Schedule
from tricorn.engine.measures import share
from tricorn.engine.replay import Extra, History, coverage, reclock
from tricorn.pictures import Estimate, Money, Outcome, Series, Times

HOUR = 3600
DAYS = "".join(f'{day} = ["08:30-18:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri"))
DESK = Hours.from_toml(f'zone = "Europe/Berlin"\n[weekly]\n{DAYS}')
SATURDAY = Extra.parse("sat 09:00-13:00")
EVENING = Extra.parse("mon-fri 18:00-20:00")
NASTY = '<b>"Finance" & Söhne</b>'


def history(n=2400, seed=7):
    """Tickets of a year: busy mornings, some evenings and Saturdays, times with a long tail."""
    rng = np.random.default_rng(seed)
    start = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
    days = rng.integers(0, 365, n)
    weekday = (days + 2) % 7
    kept = rng.random(n) < np.where(weekday < 5, 1.0, np.where(weekday == 5, 0.35, 0.12))
    hour = np.clip(rng.normal(10.5, 3.6, n), 0, 23.99)
    reported = (start + days * 86_400 + hour * HOUR).astype(np.int64)
    length = np.exp(rng.normal(1.6, 1.5, n)) * HOUR
    resolved = reported + length.astype(np.int64)
    refs = [f"T{row}" for row in range(int(kept.sum()))]
    return History.from_columns(
        refs, reported[kept], resolved=resolved[kept], kind=["incident"] * len(refs)
    )


def agreement(hours=DESK, target="8h"):
    text = f"""
[agreement]
ref = "A-1"
services = ["mail"]
from = 2025-01-01
[parties]
client = "Finance"
provider = "House IT"
[hours.desk]
{hours.to_toml().replace("[weekly]", "[hours.desk.weekly]")}
[[clause]]
id = "R1"
stop = "resolved"
hours = "desk"
target = "{target}"
"""
    return Agreement.from_toml(text)


def uncovered(of=None, hours=DESK, extras=(SATURDAY, EVENING)):
    return coverage(of or history(), Schedule(hours), windows=extras)


def options():
    """Three agreements, judged: now, Saturdays too, half the time to resolve."""
    past = history()
    chosen = {
        "Now": agreement(),
        "Saturday mornings": agreement(SATURDAY.added_to(DESK)),
        "Resolved in half the time": agreement(target="4h"),
    }
    return {name: reclock(past, each) for name, each in chosen.items()}


def outcomes():
    return [
        Outcome(
            "Now",
            Money(Decimal(8240), "EUR"),
            (1840.0, 5120.0),
            (("R1, resolved in 8 h", share(1530, 1700)), ("R2, first answer", share(1601, 1700))),
        ),
        Outcome(
            "Saturday mornings",
            Money(Decimal(8640), "EUR"),
            (1210.0, 4300.0),
            (("R1, resolved in 8 h", share(1581, 1700)), ("R2, first answer", share(1601, 1700))),
        ),
        Outcome("Evenings to 20", Money(Decimal(9100), "EUR"), (890.0, 3650.0)),
        Outcome(
            "Sunday call-out", Money(Decimal(9200), "EUR"), (1500.0, 4900.0), beaten_by="Evenings"
        ),
        Outcome("Always open", Money(Decimal(14_900), "EUR"), (0.0, 0.0)),
        Outcome("A supplier at night", None, (400.0, 900.0)),
    ]


def gallery():
    """One picture of every kind."""
    judged = options()
    series = [Series.of(name, found.attainment("month"), "R1") for name, found in judged.items()]
    thin = dict(series[1].months)
    thin["2025-08"] = share(1, 2)
    series[1] = Series(series[1].name, thin)
    groups = [
        Times(
            name,
            found.elapsed(0)[found.judged(0)[0]] / HOUR,
            found.agreement.clauses[0].target.seconds / HOUR,
            found.attainment()[0].share,
        )
        for name, found in judged.items()
    ]
    found = outcomes()
    waited = [
        Estimate("Now", 2.4, 1.9, 3.1, "3 people"),
        Estimate("Saturday mornings", 1.8, 1.4, 2.3, "3 people"),
        Estimate("Resolved in half the time", 0.7, 0.5, 0.9, "5 people"),
        Estimate("Always open", None, note="nobody on nights"),
    ]
    return {
        "heat": pictures.heat_map("heat", uncovered(), DESK, (SATURDAY, EVENING)),
        "heat-hours": pictures.heat_map(
            "heat-hours", uncovered(), DESK, by="hours", title="When people waited"
        ),
        "months": pictures.months("months", series, 0.85),
        "times": pictures.times("times", groups),
        "frontier": pictures.frontier("frontier", found),
        "change": pictures.before_after("change", found[0], found[1]),
        "waits": pictures.waits("waits", waited),
    }
