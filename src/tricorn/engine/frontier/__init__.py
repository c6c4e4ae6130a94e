"""Options on a plane of price against hours waited, and a search for the best of them.

    frontier(points)                                             # which are dominated, and by whom
    search(history, agreement, rates=rates, goal=Goal("95 %"))   # the cheapest that met it
    search(history, agreement, rates=rates, budget=Budget(extra=400))

Rules P13 to P17 are in docs/engine/price.md.
"""

from .asked import Budget, Goal, goal_clauses
from .changes import Change, Less, candidates, change, changed
from .options import Combination, option_of
from .points import Placed, Point, frontier
from .search import Found, Option, search
from .waits import Waits

__all__ = [
    "Budget",
    "Change",
    "Combination",
    "Found",
    "Goal",
    "Less",
    "Option",
    "Placed",
    "Point",
    "Waits",
    "candidates",
    "change",
    "changed",
    "frontier",
    "goal_clauses",
    "option_of",
    "search",
]
