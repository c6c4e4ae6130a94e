"""Learning the present rule of a log: hours, holidays, start, stop, pauses and targets.

    learned = learn(history, zone="America/Sao_Paulo")
    learned.rules             # one for each priority, with its shares on months it did not see
    learned.agreement         # a text that replay reads back
    learned.unidentified      # what the log cannot tell apart

Rules L1 to L12 are in docs/engine/learn.md.
"""

from .learned import Learned, Rule, RuleText
from .learning import learn

__all__ = ["Learned", "Rule", "RuleText", "learn"]
