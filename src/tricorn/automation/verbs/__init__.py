"""Everything that changes rules, chains and what comes again."""

from tricorn.automation.verbs.escalation import set_chain
from tricorn.automation.verbs.recurring import (
    Again,
    add_recurring,
    change_recurring,
    make_due,
    pause_recurring,
    resume_recurring,
)
from tricorn.automation.verbs.rules import (
    add_rule,
    change_rule,
    move_rule,
    remove_rule,
    switch_rule,
)

__all__ = [
    "Again",
    "add_recurring",
    "add_rule",
    "change_recurring",
    "change_rule",
    "make_due",
    "move_rule",
    "pause_recurring",
    "remove_rule",
    "resume_recurring",
    "set_chain",
    "switch_rule",
]
