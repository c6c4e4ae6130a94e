"""Today's rule, learned from what the log itself says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadInput
from tricorn.engine.learn import Learned, learn
from tricorn.engine.replay import MISSING, History
from tricorn.histories import Groups
from tricorn.pictures import Table, said
from tricorn.pictures import page as pages

from .answer import Rule, Study

MOST_NAMED = 200


def learned_from(
    history: History,
    groups: Groups,
    *,
    zone: str,
    priorities: Mapping[str, str],
    priority_at: str = "final",
    heard: Callable[[float], None] | None = None,
) -> Learned:
    """Learn today's rule of an export: by priorities, or by its groups where those decide.

    A log of due times goes by whichever of the two explains more of what was learned from.
    Errors  BadInput when the log says nothing of promises.
    """
    asked: dict[str, Any] = {
        "zone": zone,
        "mapping": priorities,
        "priority_at": priority_at,
        "progress": heard,
    }
    if not (history.due != MISSING).any() or len(groups.names) < 2:
        return learn(history, **asked)
    by_group = learn(history, groups=groups.codes, group_names=groups.names, **asked)
    if len(np.unique(history.priority)) < 2:
        return by_group
    by_priority = learn(history, **asked)
    return max(by_group, by_priority, key=_right)


def _right(found: Learned) -> int:
    """Return of how many tickets that were learned from the rules say what the log says."""
    return sum(rule.agreement_train.met for rule in found.rules)


def texts_of(found: Learned) -> list[Agreement]:
    """Return what was learned as agreements; the first is that with the most tickets.

    Errors  BadInput when nothing could be learned, saying why.
    """
    if found.agreement is not None:
        return [found.agreement]
    if found.agreements:
        return [each.agreement for each in found.agreements]
    why = " ".join(f"{name or 'None'}: {words}" for name, words in list(found.cannot.items())[:5])
    raise BadInput(
        f"Nothing could be learned from this log. {why} Write down what holds today, and "
        "give that text instead."
    )


def with_rules(study: Study, found: Learned) -> Study:
    """Return a study that tells what was learned, too."""
    return replace(
        study,
        rules=_rules(found),
        unidentified=_unidentified(found),
        disagreements=found.disagreements[:MOST_NAMED],
    )


def told_of(found: Learned) -> dict[str, Any]:
    """Return what was learned as data for JSON, as a study has it."""
    return {
        "rules": [asdict(rule) for rule in _rules(found)],
        "unidentified": list(_unidentified(found)),
        "disagreements": list(found.disagreements[:MOST_NAMED]),
    }


def _rules(found: Learned) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            priority=rule.priority,
            start=rule.start,
            stop=rule.stop,
            hours=rule.hours,
            target=rule.target,
            stopped_by=rule.stopped_by,
            agreement_train=_rounded(rule.agreement_train.value),
            agreement_test=_rounded(rule.agreement_test.value),
            n_train=rule.agreement_train.n,
            n_test=rule.agreement_test.n,
        )
        for rule in found.rules
    )


def _unidentified(found: Learned) -> tuple[str, ...]:
    cannot = (f"{name or 'No priority'}: {words}" for name, words in found.cannot.items())
    return (*found.unidentified, *cannot)


def rule_of(study: Study) -> pages.Rule | None:
    """Return what a page shows of the learned rule; None where none was asked for."""
    if study.rules is None:
        return None
    rows = [
        (
            rule.priority or "(none)",
            f"{rule.start} to {rule.stop.replace('_', ' ')}",
            rule.hours,
            rule.target,
            _share(rule.agreement_train, rule.n_train),
            _share(rule.agreement_test, rule.n_test),
        )
        for rule in study.rules
    ]
    head = ("For", "From – to", "Hours", "Target", "Agrees, first months", "Agrees, later months")
    n = sum(rule.n_test for rule in study.rules)
    right = sum((rule.agreement_test or 0) * rule.n_test for rule in study.rules)
    told = f"{said.share(right / n, 2)} of {said.count(n, 'ticket')}" if n else "no ticket"
    return pages.Rule(
        f"Learned from the first part of the log; of what came later it says the same as the log "
        f"for {told}.",
        Table.of(head, rows, is_prose=True),
        unidentified=study.unidentified or (),
        disagreements=study.disagreements or (),
    )


def _share(value: float | None, n: int) -> str:
    return "–" if value is None else f"{said.share(value, 2)} of {said.number(n)}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
