"""The present rule of a log that says itself what was met, or when each ticket was due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ..agreement import Agreement
from ..errors import BadInput
from ..hours import Hours, Schedule
from ..replay.history import Codes, History
from ..replay.reasons import NO_STOP, OPEN, STOP_BEFORE_START
from ..replay.rows import MISSING
from .calendars import ALLOWED
from .doubt import doubts
from .dues import FEWEST, FITS, LISTED, Found, due_by, fit_dues
from .flags import fit_flags, learnable
from .judging import Judged, balanced, judge, unexplained
from .learned import Learned, RuleText
from .told import Parties, Told, parties_of, told_by
from .ways import Clocks, Way, runs_of
from .weeks import hours_of, name_of, words
from .writing import Promise, agreement_of

Heard = Callable[[float], None]
LEAST_BALANCED = 0.75  # a rule that is right less often, by the mean of both outcomes, is none


def learn(
    history: History,
    *,
    zone: str | ZoneInfo,
    groups: Codes | None = None,
    group_names: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    priority_at: str = "final",
    progress: Heard | None = None,
) -> Learned:
    """Learn the rule by which a log itself says met or missed, or when tickets were due.

    zone         of the service hours
    groups       a code for each ticket where rules go by something else than priorities (a type);
                 below 0 for none; `group_names` their names
    mapping, priority_at   as in `reclock`
    progress     hears from 0 to 1 how far it is
    Errors       BadInput if the log says nothing, or groups and zone cannot be.
    Cost         a flag: some seconds for 20,000 tickets, and not much more for a million; due
                 times: some seconds for 60,000.
    Source       docs/engine/learn.md, rules L1 to L12.
    """
    heard = progress or _nobody
    name = _zone(zone)
    parties = parties_of(history, groups, group_names, mapping, priority_at)
    has_due, has_flag = history.due != MISSING, history.flag >= 0
    if has_due.any() and 2 * has_due.sum() >= has_flag.sum():
        return _by_due(history, parties, has_due, name, heard)
    if has_flag.any():
        return _by_flag(history, parties, has_flag, name, heard)
    raise BadInput(
        "This log says neither whether a promise was met nor when a ticket was due, so there is no "
        "rule to learn from it. Read it with a column that says so (met, or due)."
    )


def _nobody(done: float) -> None:
    """Nobody listens to the progress."""


def _zone(zone: str | ZoneInfo) -> str:
    try:
        return ZoneInfo(str(zone)).key
    except (KeyError, ValueError, OSError) as problem:
        raise BadInput(
            f'There is no time zone "{zone!s:.60}". Name one like "Europe/Berlin".'
        ) from problem


def _by_flag(
    history: History, parties: Parties, has_flag: npt.NDArray, zone: str, heard: Heard
) -> Learned:
    flagged = np.flatnonzero(has_flag)
    usable, excluded = _usable(history, flagged)
    told = told_by(history, parties, usable)
    flag = history.flag[told.rows]
    cannot = _unreached(parties)
    cannot |= _named(parties, learnable(told, flag)[1])
    clusters = fit_flags(told, flag, zone, heard)
    ways = {m: (c.chosen.way, c.chosen.fitted[m]) for c in clusters for m in c.members}
    judged: list[Judged] = []
    promises: dict[int, Promise] = {}
    for member, (way, fitted) in sorted(ways.items()):
        met = Clocks.of(history, told.rows, way.run).is_met(way, fitted.target)
        right = met == (flag == 1)
        found = [
            judge(told, name, way, fitted.target, (fitted.low, fitted.high), right, flag)
            for name in parties.members[member].names
        ]
        share = balanced(told.of(member), right, flag)
        if share is not None and share < LEAST_BALANCED:
            for each in found:
                cannot[each.rule.priority] = unexplained(told.of(member), right, flag)
            continue
        judged += [each for each in found if each.rule.n]
        promises[member] = _promise(parties, member, way, fitted.target)
    unidentified = [
        sentence
        for cluster in clusters
        if promises.keys() & set(cluster.members)
        for sentence in doubts(cluster, [parties.members[m].name for m in cluster.members])
    ]
    unidentified += _narrow(told, zone)
    heard(1.0)
    return _learned(told, parties, judged, promises, unidentified, cannot, excluded, "flag")


def _usable(
    history: History, flagged: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.bool_], dict[str, int]]:
    """Return the tickets whose every possible stop is known, and why others are left out."""
    stops = list(dict.fromkeys(stop for _, stop in runs_of(history, flagged)))
    usable = np.zeros(len(history), dtype=bool)
    usable[flagged] = bool(stops)
    backwards = np.zeros(len(history), dtype=bool)
    for stop in stops:
        at = history.stops(stop)
        usable &= at != MISSING
        backwards |= (at != MISSING) & (at < history.reported)
    left = np.zeros(len(history), dtype=bool)
    left[flagged] = True
    left &= ~usable
    is_open = history.is_open
    excluded = {
        OPEN: int((left & is_open).sum()),
        NO_STOP: int((left & ~is_open).sum()),
        STOP_BEFORE_START: int((usable & backwards).sum()),
    }
    return usable & ~backwards, {reason: n for reason, n in excluded.items() if n}


def _by_due(
    history: History, parties: Parties, has_due: npt.NDArray, zone: str, heard: Heard
) -> Learned:
    told = told_by(history, parties, has_due)
    dues = history.due[told.rows]
    cannot = _unreached(parties)
    found = fit_dues(told, dues, zone, heard)
    stop, doubt = _stop_of(history, told, dues)
    judged: list[Judged] = []
    promises: dict[int, Promise] = {}
    for member, party in enumerate(parties.members):
        rule = found.rules.get(member)
        if rule is None:
            n = len(told.of(member))
            cannot |= dict.fromkeys(
                party.names,
                f"Too few tickets to learn from say when they were due: {n}, and {FEWEST} are needed.",
            )
            continue
        way = replace(rule.way, run=replace(rule.way.run, stop=stop))
        rows = np.flatnonzero(told.party == member)
        right = np.zeros(len(told.rows), dtype=bool)
        right[rows] = np.abs(due_by(told, rows, way, rule.amount) - dues[rows]) <= ALLOWED
        between = (rule.low, rule.high)
        if rule.share >= LISTED:
            judged += [
                judge(told, name, way, rule.amount, between, right, None, rule.since)
                for name in party.names
            ]
        if rule.share >= FITS:
            promises[member] = _promise(parties, member, way, rule.amount)
        else:
            cannot |= dict.fromkeys(
                party.names,
                f"No single rule was found: the best one ({way.target(rule.amount)}, "
                f"{words(way.hours)}) explains {rule.hits} of {rule.n} due times.",
            )
    used = {promise.hours for promise in promises.values()}
    unidentified = [*doubt, *_due_doubts(found, zone, used)] if promises else []
    heard(1.0)
    return _learned(told, parties, judged, promises, unidentified, cannot, {}, "due")


def _stop_of(history: History, told: Told, dues: npt.NDArray[np.int64]) -> tuple[str, list[str]]:
    """Return the stop that the flag speaks for, if there is one; a due time says nothing of it."""
    pairs = list(dict.fromkeys(stop for _, stop in runs_of(history, told.rows)))
    if not pairs:
        return "resolved", ["Stop: no ticket with a due time has ended, so it is not known."]
    flag = history.flag[told.rows]
    agrees = {}
    for stop in pairs:
        at = history.stops(stop)[told.rows]
        ended = (at != MISSING) & (flag >= 0)
        agrees[stop] = float((((at <= dues) == (flag == 1)) & ended).sum() / max(ended.sum(), 1))
    best = max(pairs, key=agrees.__getitem__)
    if len(pairs) == 1:
        return best, []
    if max(agrees.values()) == 0:
        return pairs[0], [f"Stop: due times do not say which it is; {pairs[0]} was taken."]
    equal = [stop for stop in pairs if stop != best and agrees[stop] >= agrees[best] - 0.001]
    if equal:
        return best, [f"Stop: {best} and {' and '.join(equal)} explain the flag equally well."]
    return best, []


def _due_doubts(found: Found, zone: str, used: Set[Hours]) -> list[str]:
    said = []
    for calendar in found.calendars:
        if calendar.hours not in used:
            continue
        others = [
            words(hours_of(week, zone, named.names[0])) for week, named in calendar.rivals[:4]
        ]
        if others:
            listed = "; ".join([words(calendar.hours), *others])
            said.append(f"Hours: {listed} explain the due times equally well.")
        names = calendar.named.names
        if len(names) > 1:
            listed = ", ".join(name_of(each) for each in names[:6])
            said.append(f"Holidays: {listed} are the same dates in this log.")
    return said


def _promise(parties: Parties, member: int, way: Way, amount: int) -> Promise:
    return Promise(
        parties.members[member].priorities,
        way.run.start,
        way.run.stop,
        way.hours,
        way.target(amount),
        way.run.stopped_by,
    )


def _unreached(parties: Parties) -> dict[str, str]:
    return dict.fromkeys(
        parties.unreached,
        "No clause can name this priority. Say by a mapping whether it is critical, high, "
        "moderate or low.",
    )


def _named(parties: Parties, why: Mapping[int, str]) -> dict[str, str]:
    return {name: text for m, text in why.items() for name in parties.members[m].names}


def _narrow(told: Told, zone: str) -> list[str]:
    """Say so where all reports fall into few hours of the week.

    Source  docs/engine/learn.md, rule L8: too few, or all of one kind.
    """
    if not len(told.rows):
        return []
    reported = told.history.reported[told.rows]
    local = reported + Schedule(Hours.always(zone)).offsets(reported)
    hours = len(np.unique(local // 3600 % 168))
    if hours >= 24:
        return []
    return [
        f"Hours: all tickets were reported in {hours} of the 168 hours of a week, so it is hardly "
        "known what the clock does in the others."
    ]


def _learned(
    told: Told,
    parties: Parties,
    judged: list[Judged],
    promises: dict[int, Promise],
    unidentified: Sequence[str],
    cannot: Mapping[str, str],
    excluded: Mapping[str, int],
    kind: str,
) -> Learned:
    wrong = np.sort(np.concatenate([np.empty(0, np.intp), *(each.wrong for each in judged)]))
    since = _since(told, promises)
    agreement: Agreement | None = None
    agreements: tuple[RuleText, ...] = ()
    if promises and not parties.by_group:
        agreement = agreement_of(list(promises.values()), since)
    elif promises:
        agreements = _by_rule(told, parties, promises, since)
    return Learned(
        rules=tuple(each.rule for each in judged),
        agreement=agreement,
        agreements=agreements,
        unidentified=tuple(unidentified),
        cannot=dict(cannot),
        disagreements=tuple(told.history.refs[k] for k in told.rows[wrong].tolist()),
        train_until=datetime.fromtimestamp(told.until, UTC) if len(told.rows) else None,
        told=kind,
        excluded=dict(excluded),
    )


def _since(told: Told, promises: Mapping[int, Promise]) -> date:
    if not promises:
        return date(1970, 1, 1)
    zone = ZoneInfo(next(iter(promises.values())).hours.zone)
    first = int(told.history.reported[told.rows].min())
    return datetime.fromtimestamp(first, zone).date()


def _by_rule(
    told: Told, parties: Parties, promises: Mapping[int, Promise], since: date
) -> tuple[RuleText, ...]:
    same: dict[Promise, list[int]] = defaultdict(list)
    for member, promise in promises.items():
        same[promise].append(member)
    tickets = {p: int(np.isin(told.party, members).sum()) for p, members in same.items()}
    return tuple(
        RuleText(
            tuple(parties.members[m].name for m in same[promise]),
            tickets[promise],
            agreement_of(
                [promise],
                since,
                "Learned for " + ", ".join(parties.members[m].name for m in same[promise]),
            ),
        )
        for promise in sorted(same, key=lambda p: -tickets[p])
    )
