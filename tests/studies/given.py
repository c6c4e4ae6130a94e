"""A month of made-up tickets, and agreements beside which they are held."""

import numpy as np

from tricorn.engine.agreement import Agreement
from tricorn.engine.replay import History

HOUR, DAY = 3600, 86_400
MONDAY = 1_456_704_000  # 29 February 2016, 00:00 UTC
WEEK = {day: ["08:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def tickets(n=200, days=28, seed=1):
    """Tickets at any hour of the day, resolved some hours later, closed five days after that."""
    random = np.random.default_rng(seed)
    reported = MONDAY + np.sort(random.integers(0, days * DAY, n))
    resolved = reported + random.exponential(20 * HOUR, n).astype(np.int64)
    return History.from_columns(
        [f"T{k}" for k in range(n)],
        reported,
        priority=random.choice(["2 - High", "3 - Moderate"], n).tolist(),
        resolved=resolved,
        closed=resolved + 5 * DAY,
        person=random.integers(0, 40, n),
    )


def agreement(week=WEEK, target="8h", price=None, zone="America/Sao_Paulo", **more):
    clause = {"id": "R1", "stop": "resolved", "hours": "desk", "target": target, "share": 0.9}
    text = {
        "agreement": {"ref": "A-1", "services": ["mail"], "from": "2016-01-01"},
        "parties": {"client": "Finance", "provider": "House IT"},
        "hours": {"desk": {"zone": zone, "weekly": week}},
        "clause": [clause],
        **more,
    }
    if price:
        text["price"] = [{"amount": price[0], "currency": price[1]}]
    return Agreement.from_data(text)
