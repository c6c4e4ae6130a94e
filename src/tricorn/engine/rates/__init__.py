"""What service costs, by the provider's own rates, and when that pays.

    rates = Rates.from_toml(text)
    found = priced(option, rates, now=agreement)   # lines, the price a month, the difference
    break_even(found.extra, saved, rates.currency) # what an hour has to be worth
    balance(now, then, found)                      # who gains and who pays

Rules P1 to P12 are in docs/engine/price.md.
"""

from .balance import Stake, balance
from .pricing import Line, Priced, monthly, priced, staffed
from .rates import OnCall, Rates, Surcharge, Team
from .when import When
from .worth import BreakEven, OutageEven, a_month, break_even, outage_even

__all__ = [
    "BreakEven",
    "Line",
    "OnCall",
    "OutageEven",
    "Priced",
    "Rates",
    "Stake",
    "Surcharge",
    "Team",
    "When",
    "a_month",
    "balance",
    "break_even",
    "monthly",
    "outage_even",
    "priced",
    "staffed",
]
