"""Rates and agreements for tests about price."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from tricorn.engine.agreement import Agreement
from tricorn.engine.hours import Hours
from tricorn.engine.rates import Rates
from tricorn.engine.replay import Extra, History

PLAIN = 'currency = "EUR"\nhour = 40\n'
FULL = """
currency = "eur"
hour = 42
people = 1
shortest_shift = "4h"
monthly = 120
share = "50 %"
margin = 10

[holidays]
country = "DE"
subdivision = "BE"

[[surcharge]]
when = "sat"
percent = 25
[[surcharge]]
when = "mon-fri 20:00-06:00"
percent = "50 %"
[[surcharge]]
when = "holidays"
percent = 100

[[team]]
when = "sat-sun"
people = 2

[[on_call]]
when = "22:00-06:00"
hour = 6.5
"""
DESK = """
[agreement]
ref = "A-1"
title = "Mail"
services = ["mail"]
from = 2026-01-01
[parties]
client = "Finance"
provider = "House IT"
[hours.desk]
zone = "Europe/Berlin"
[hours.desk.weekly]
mon = ["08:00-18:00"]
tue = ["08:00-18:00"]
wed = ["08:00-18:00"]
thu = ["08:00-18:00"]
fri = ["08:00-18:00"]
[[clause]]
id = "R1"
stop = "resolved"
hours = "desk"
target = "8h"
"""
PRICE = '\n[[price]]\namount = 1000\ncurrency = "EUR"\n'


def rates(text: str = PLAIN) -> Rates:
    return Rates.from_toml(text)


def desk(more: str = PRICE) -> Agreement:
    return Agreement.from_toml(DESK + more)


def with_hours(agreement: Agreement, hours: Hours) -> Agreement:
    """The same agreement in other hours, without a price of its own."""
    return replace(agreement, hours={"desk": hours}, prices=())


def wider(agreement: Agreement, *windows: str) -> Agreement:
    hours = agreement.hours["desk"]
    for window in windows:
        hours = Extra.parse(window).added_to(hours)
    return with_hours(agreement, hours)


def quarter(n: int = 400) -> History:
    """Tickets of thirteen weeks at all hours, resolved after 1 to 60 hours; 30 people."""
    random = np.random.default_rng(7)
    first = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
    reported = first + np.sort(random.integers(0, 13 * 7 * 24 * 4, n)) * 900
    return History.from_columns(
        [f"T{k}" for k in range(n)],
        reported,
        resolved=reported + random.integers(4, 240, n) * 900,
        priority=np.where(random.random(n) < 0.2, "high", "low").tolist(),
        person=random.integers(0, 30, n),
    )
