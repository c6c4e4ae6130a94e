"""What happens by itself: rules and their log, escalation, what comes again."""

from tricorn.automation.models.escalation import Alarm, Chain, Escalated, Sweep
from tricorn.automation.models.recurring import Recurring
from tricorn.automation.models.rule import OUTCOMES, Rule, Run, Turn

__all__ = [
    "OUTCOMES",
    "Alarm",
    "Chain",
    "Escalated",
    "Recurring",
    "Rule",
    "Run",
    "Sweep",
    "Turn",
]
