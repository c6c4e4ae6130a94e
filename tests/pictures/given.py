"""A year of a made-up desk, and its pictures: what the tests and the gallery look at."""

import os
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import django
import numpy as np

from tricorn import pictures
from tricorn.engine.agreement import Agreement
from tricorn.engine.hours import Hours, Schedule
from tricorn.engine.measures import share
from tricorn.engine.replay import Extra, History, coverage, reclock
from tricorn.pictures import Estimate, Money, Outcome, Series, Table, Times
from tricorn.pictures.page import Costs, Page, Rule, Staffing, clauses_of, closed_of

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
    return coverage(history() if of is None else of, Schedule(hours), windows=extras)


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


def page(drawn=None):
    """A whole report, every part filled."""
    drawn = drawn or gallery()
    judged = options()
    return Page(
        title="What Saturday mornings would have meant for mail",
        lead="Saturday mornings would have reached 41 to 63 people more in 2025, for 400 EUR a "
        "month. The promise itself would have been kept about as often.",
        facts=(
            ("From", "mail-2025.csv, 1,848 tickets"),
            ("Period", "1 January to 31 December 2025, times in Europe/Berlin"),
            ("Compared with", "what is agreed now, A-1"),
        ),
        options=Table.of(
            ("Option", "Price a month", "On time", "Waited for the desk to open"),
            [
                ("Now", "8,240 EUR", "82.8 % (1,529 of 1,848)", "1,840–5,120 h"),
                ("Saturday mornings", "8,640 EUR", "82 % (1,515 of 1,848)", "1,210–4,300 h"),
                ("Resolved in half the time", "9,100 EUR", "60.6 % (1,120 of 1,848)", "as now"),
            ],
        ),
        clauses=clauses_of(judged),
        closed=closed_of(uncovered(), DESK, (SATURDAY, EVENING)),
        staffing=Staffing(
            "Three people keep the promise on most days; five would halve the wait.",
            pictures=(drawn["waits"],),
            shift_rule="Who is at work on something when a shift ends finishes it first.",
        ),
        costs=Costs(
            "Saturday mornings cost 400 EUR a month more: one person for four hours each week.",
            gains=Table.of(
                ("Who", "gains", "pays"),
                [
                    ("Customers in Finance", "630–820 h less waiting", "–"),
                    ("Finance, the client", "–", "400 EUR a month"),
                    ("The desk", "–", "one Saturday in three"),
                ],
            ),
            break_even=("It pays once an hour of waiting is worth 6 to 8 EUR to you.",),
            pictures=(drawn["frontier"], drawn["change"]),
        ),
        rule=Rule(
            "The log’s own flag says the same as this rule for 99.2 % of the tickets in months "
            "that it did not see.",
            Table.of(
                ("Priority", "Target", "agrees, first months", "agrees, later months"),
                [("3 - Moderate", "88 h", "99.4 %", "99.2 %")],
            ),
            unidentified=("Whether waiting for a supplier stops the clock: too few waited.",),
            disagreements=("T17", "T204", "T1031"),
        ),
        changed=Table.of(
            ("Ticket", "now", "with Saturday mornings"),
            [("T17", "late by 3 h", "on time"), ("T204", "on time", "late by 20 min")],
        ),
        caveats=tuple(caveat.sentence for caveat in uncovered().caveats),
        excluded=(("It was still open, and not late, when the log ended.", 12),),
    )


def main(folder):
    """Write the report as a file to look at: python -m tests.pictures.given FOLDER."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tricorn.config.settings")
    django.setup()
    from tricorn.web.replay_report import report_page

    Path(folder, "report.html").write_text(report_page(page()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
