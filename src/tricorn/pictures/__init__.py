"""Pictures of data: plain values in; an inline SVG, its sentence and its table out. No Django.

    heat_map("demand", uncovered, hours, extras)   # when tickets come, and when the desk is open
    months("promise", series, agreed=0.95)         # on time by month, with intervals
    times("times", groups)                         # how long it took, and what took too long
    frontier("plane", outcomes)                    # price against hours waited for the desk to open
    before_after("change", now, option)            # one option beside what is agreed now
    waits("waits", estimates)                      # simulated waits, with their intervals

What they are drawn from (`values`):

    Outcome(name, price, waited, on_time)          one option: its price, hours [low, high], shares
    Series(name, months)                           shares by month, "2026-10": measures.Share
    Times(name, hours, target)                     hours of many tickets as an array
    Estimate(name, value, low, high)               one simulated figure

What a page about the replay shows around them is in `page`. Every `Picture` has a name (the prefix
of its ids, unique on a page), a title, one or two sentences that say what is to be seen, the SVG
and a `Table` with the same figures. Whatever has no figures says so, drawn or not.
"""

from .change import before_after
from .frontier import frontier
from .heat import heat_map
from .months import months
from .picture import Picture, Table
from .times import times
from .values import Estimate, Money, Outcome, Series, Shape, Times
from .waits import waits

__all__ = [
    "Estimate",
    "Money",
    "Outcome",
    "Picture",
    "Series",
    "Shape",
    "Table",
    "Times",
    "before_after",
    "frontier",
    "heat_map",
    "months",
    "times",
    "waits",
]
