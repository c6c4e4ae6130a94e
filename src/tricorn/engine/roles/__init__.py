"""Observable facts -> roles under a naming scheme; who may use which verb, with the reason."""

from .facts import COUNTS, FACTS, Facts
from .naming import Reason, Role, all_roles, find_scheme, flags_of, highest, roles_of, shown
from .schemes import SCHEMES, THRESHOLDS, Rule, Scheme
from .standing import AUTHORITY, RIGHTS, Door, Right, Ruling, Standing, doors, rule

__all__ = [
    "AUTHORITY",
    "COUNTS",
    "FACTS",
    "RIGHTS",
    "SCHEMES",
    "THRESHOLDS",
    "Door",
    "Facts",
    "Reason",
    "Right",
    "Role",
    "Rule",
    "Ruling",
    "Scheme",
    "Standing",
    "all_roles",
    "doors",
    "find_scheme",
    "flags_of",
    "highest",
    "roles_of",
    "rule",
    "shown",
]
