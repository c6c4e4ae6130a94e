"""Pure rules: time, roles, lifecycle. Standard library, NumPy and the holidays data only.

As a library: `from tricorn.engine import History, Schedule, reclock`, with NumPy arrays in and out;
see docs/library.md. A name is loaded when it is first asked for, so nobody waits for the others.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agreement import Agreement as Agreement
    from .clock import Clock as Clock
    from .clock import Holder as Holder
    from .clock import Terms as Terms
    from .clock import Wait as Wait
    from .frontier import Budget as Budget
    from .frontier import Goal as Goal
    from .frontier import Point as Point
    from .frontier import search as search
    from .hours import NEVER as NEVER
    from .hours import Hours as Hours
    from .hours import Schedule as Schedule
    from .hours import Target as Target
    from .measures import Share as Share
    from .measures import share as share
    from .measures import wilson as wilson
    from .rates import Rates as Rates
    from .rates import balance as balance
    from .rates import break_even as break_even
    from .rates import priced as priced
    from .replay import MISSING as MISSING
    from .replay import Extra as Extra
    from .replay import History as History
    from .replay import Reclocked as Reclocked
    from .replay import Row as Row
    from .replay import Uncovered as Uncovered
    from .replay import coverage as coverage
    from .replay import reclock as reclock
    from .replay import reclock_many as reclock_many
    from .staffing import Demand as Demand
    from .staffing import Duty as Duty
    from .staffing import Team as Team
    from .staffing import Touch as Touch
    from .staffing import erlang_a as erlang_a
    from .staffing import erlang_c as erlang_c
    from .staffing import needed as needed
    from .staffing import people_needed as people_needed
    from .staffing import replicate as replicate
    from .staffing import simulate as simulate

_HOME = {
    "agreement": ("Agreement",),
    "clock": ("Clock", "Holder", "Terms", "Wait"),
    "frontier": ("Budget", "Goal", "Point", "search"),
    "hours": ("NEVER", "Hours", "Schedule", "Target"),
    "measures": ("Share", "share", "wilson"),
    "rates": ("Rates", "balance", "break_even", "priced"),
    "replay": (
        "MISSING",
        "Extra",
        "History",
        "Reclocked",
        "Row",
        "Uncovered",
        "coverage",
        "reclock",
        "reclock_many",
    ),
    "staffing": (
        "Demand",
        "Duty",
        "Team",
        "Touch",
        "erlang_a",
        "erlang_c",
        "needed",
        "people_needed",
        "replicate",
        "simulate",
    ),
}
_NAMES = {name: module for module, names in _HOME.items() for name in names}
__all__ = sorted(_NAMES)


def __getattr__(name: str) -> object:
    if name not in _NAMES:
        raise AttributeError(f"tricorn.engine has no {name}. It has: {', '.join(__all__)}.")
    return getattr(import_module(f".{_NAMES[name]}", __name__), name)
