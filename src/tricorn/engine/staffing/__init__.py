"""Staffing: who begins what and when, if these people work in these shifts.

    team = Team.from_toml(text)
    found = replicate(Demand.of(history), team, Touch(25 * 60), seed=1, within=Target.parse("4h"))
    found.of("within").value          # the share begun within four hours

Rules S1 to S14 are in docs/engine/staffing.md.
"""

from .demand import Demand
from .erlang import Live, erlang_a, erlang_c, people_needed
from .estimate import Estimate
from .needed import Needed, needed
from .replications import Replicated, replicate
from .simulate import RULE_SENTENCES, RULES, Duty, Rule, Run, Simulation, Work, simulate
from .team import Agent, Team
from .touch import SHAPES, Touch

__all__ = [
    "RULES",
    "RULE_SENTENCES",
    "SHAPES",
    "Agent",
    "Demand",
    "Duty",
    "Estimate",
    "Live",
    "Needed",
    "Replicated",
    "Rule",
    "Run",
    "Simulation",
    "Team",
    "Touch",
    "Work",
    "erlang_a",
    "erlang_c",
    "needed",
    "people_needed",
    "replicate",
    "simulate",
]
