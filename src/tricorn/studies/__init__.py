"""A study: the same tickets under the agreement of today and under others, every figure of it.

    found = study(Case(history, Plan(Choice("now", agreement), (Choice("A", option),))))
    found.options[1].change.hours_saved
    json.dumps(found.as_data())

Needs neither Django nor a database. The method is in docs/replay.md.
"""

from .answer import Caveat, ClauseFigure, Option, Study
from .case import Case
from .flag import check_flag
from .plan import Choice, Plan, of_groups, within
from .study import differing, study

__all__ = [
    "Case",
    "Caveat",
    "Choice",
    "ClauseFigure",
    "Option",
    "Plan",
    "Study",
    "check_flag",
    "differing",
    "of_groups",
    "study",
    "within",
]
