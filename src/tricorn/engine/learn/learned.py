"""What was learned: rules with their shares, what cannot be told apart, and where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..agreement import Agreement
from ..hours import Hours, Target
from ..measures import Share


@dataclass(frozen=True)
class Rule:
    """The rule of one priority, or of one group, as far as the log tells it.

    priority    exactly as the source writes it; the name of the group where rules go by groups
    hours       in a few words; `service_hours` the same as the engine reads it
    target      a text that Target.parse reads
    between     targets within these bounds explain what was learned from equally well
    stopped_by  whose waits stop the clock, named as in agreements
    since       the first report for which it holds, where another rule went before; else None.
                Shares count from there
    told        "flag" or "due": what the log says itself
    agreement_train, agreement_test  how often the rule says the same as the log
    balanced_train, balanced_test    the mean of that share among the met and among the missed;
                None where only one of them occurs, or the log tells due times
    """

    priority: str
    start: str
    stop: str
    hours: str
    service_hours: Hours
    target: str
    between: tuple[Target, Target]
    stopped_by: tuple[str, ...]
    since: datetime | None
    told: str
    agreement_train: Share
    agreement_test: Share
    balanced_train: float | None
    balanced_test: float | None

    @property
    def n(self) -> int:
        return self.agreement_train.n + self.agreement_test.n


@dataclass(frozen=True)
class RuleText:
    """One rule as an agreement, for groups that a clause cannot name.

    groups   whose tickets it is about; `tickets` how many of them say something
    """

    groups: tuple[str, ...]
    tickets: int
    agreement: Agreement


@dataclass(frozen=True)
class Learned:
    """The present rule of a log, as far as it can be told.

    rules          in the order of the source's names
    agreement      the rules as a text that replay reads back; None where nothing was learned, or
                   where rules go by groups
    agreements     where rules go by groups, which no clause can name: each distinct rule as an
                   agreement of its own, the one with the most tickets first
    unidentified   sentences: what the log cannot tell apart
    cannot         priority or group -> why nothing was learned for it
    disagreements  refs of the tickets of which a rule says something else than the log
    train_until    the last report that was learned from; what was reported later tests
    told           "flag" or "due"
    excluded       tickets that say something but could not be compared, by reason
    """

    rules: tuple[Rule, ...]
    agreement: Agreement | None
    agreements: tuple[RuleText, ...]
    unidentified: tuple[str, ...]
    cannot: Mapping[str, str]
    disagreements: tuple[str, ...]
    train_until: datetime | None
    told: str
    excluded: Mapping[str, int]
