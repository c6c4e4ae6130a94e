"""Service hours: when a provider serves, how much service time has passed, when an answer is due.

    schedule = Schedule(Hours.from_toml(text))
    schedule.elapsed(reported, resolved)          # service time between two moments
    schedule.due(reported, Target.parse("3d"))    # the moment by which an answer is promised

Rules H1 to H13 are in docs/engine/hours.md.
"""

from .coverage import NEVER, Coverage
from .schedule import Schedule
from .spec import Holidays, Hours, week_of
from .target import Target
from .window import Span, Window

__all__ = [
    "NEVER",
    "Coverage",
    "Holidays",
    "Hours",
    "Schedule",
    "Span",
    "Target",
    "Window",
    "week_of",
]
