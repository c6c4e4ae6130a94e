"""A rule's word beside the log's own: shares learned from and held back, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from ..measures import Share, share
from .learned import Rule
from .told import Told
from .ways import Way
from .weeks import words

Right = npt.NDArray[np.bool_]
Flags = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Judged:
    """A rule's word beside the log's own, for the tickets of one name."""

    rule: Rule
    wrong: npt.NDArray[np.intp]


def judge(
    told: Told,
    name: str,
    way: Way,
    amount: int,
    between: tuple[int, int],
    right: Right,
    flag: Flags | None,
    since: int | None = None,
) -> Judged:
    """Compare a rule with the log, for the tickets that the source calls so."""
    mine = _called(told, name)
    if since is not None:
        mine &= told.history.reported[told.rows] >= since
    train, test = np.flatnonzero(mine & told.trains), np.flatnonzero(mine & ~told.trains)
    low, high = (way.target(max(each, 1)) for each in between)
    rule = Rule(
        priority=name,
        start=way.run.start,
        stop=way.run.stop,
        hours=words(way.hours),
        service_hours=way.hours,
        target=str(way.target(amount)),
        between=(low, high),
        stopped_by=tuple(sorted(holder.value for holder in way.run.stopped_by)),
        since=None if since is None else datetime.fromtimestamp(since, UTC),
        told="due" if flag is None else "flag",
        agreement_train=_share(right, train),
        agreement_test=_share(right, test),
        balanced_train=None if flag is None else balanced(train, right, flag),
        balanced_test=None if flag is None else balanced(test, right, flag),
    )
    return Judged(rule, np.flatnonzero(mine & ~right))


def _called(told: Told, name: str) -> Right:
    """Return which tickets the source calls so: its priority, or its group."""
    parties = told.parties
    member = next(k for k, party in enumerate(parties.members) if name in party.names)
    mine = told.party == member
    if len(parties.members[member].names) > 1:
        mine &= parties.called[told.rows] == parties.names.index(name)
    return mine


def _share(right: Right, places: npt.NDArray[np.intp]) -> Share:
    return share(int(right[places].sum()), len(places))


def balanced(places: npt.NDArray[np.intp], right: Right, flag: Flags) -> float | None:
    parts = [right[places][flag[places] == said] for said in (0, 1)]
    if not all(len(part) for part in parts):
        return None
    return float(np.mean([part.mean() for part in parts]))


def unexplained(places: npt.NDArray[np.intp], right: Right, flag: Flags) -> str:
    n, wrong = len(places), int((~right[places]).sum())
    plain = min(int((flag[places] == 1).sum()), int((flag[places] == 0).sum()))
    return (
        f"No rule that was tried explains its flag: the best one is wrong for {wrong} of {n} "
        f"tickets, and saying the same of every ticket for {plain}. Something else decides it, or "
        "the log contradicts itself."
    )
