"""What a page about the replay shows: pictures, tables and sentences, worked out before.

The templates in web/templates/replay take these values as they are; the report and the pages of
Decide and Manage include the same ones. Parts that nobody asked for are None and left out.

    Page       the whole: `title` and `lead` say the answer, the parts prove it
    Clauses    what the report would have said                              rung "exact"
    Closed     who waited while the desk was closed                         rung "bounded"
    Staffing   how many people it takes                                     rung "simulated"
    Costs      what it costs, who gains and who pays                        rung "rates"
    Rule       the rule that the log follows                                rung "learned"

`clauses_of` and `closed_of` make the first two from what the engine found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tricorn.engine.agreement import Clause
from tricorn.engine.hours import Hours
from tricorn.engine.measures import Share
from tricorn.engine.replay import SENTENCES, Reclocked, Uncovered

from . import said
from .heat import DAYS, heat_map
from .months import months
from .picture import Picture, Table
from .times import times
from .values import Series, Shape, Times

HOUR = 3600
RUNGS = ("exact", "bounded", "simulated", "rates", "learned")
MOST_CLAUSES = 4  # so many promises have pictures of their own; the table has all
STOPS = {"first_response": "first answer", "resolved": "resolved", "closed": "closed"}


@dataclass(frozen=True)
class Figure:
    """One big number with its words: "46–94 h", "waited while closed", "12 of 240 tickets"."""

    value: str
    words: str
    small: str = ""


@dataclass(frozen=True)
class Clauses:
    """On-time shares under each option, exact. `gaps` are sentences about the clock gap."""

    sentence: str
    table: Table
    pictures: tuple[Picture, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closed:
    """Demand outside coverage, and what more windows would have covered, between bounds."""

    sentence: str
    figures: tuple[Figure, ...] = ()
    windows: Table | None = None
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Staffing:
    """What each option needs in people; `shift_rule` is the sentence about shift changes."""

    sentence: str
    table: Table | None = None
    pictures: tuple[Picture, ...] = ()
    shift_rule: str = ""


@dataclass(frozen=True)
class Costs:
    """Prices by the provider's own rates, the break-even value of an hour, who gains and pays."""

    sentence: str
    table: Table | None = None
    gains: Table | None = None
    break_even: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Rule:
    """What was learned from the log's own flag, and what could not be."""

    sentence: str
    table: Table | None = None
    unidentified: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One study as people read it.

    title, lead   the question, and the answer in one or two sentences
    facts         (term, value) pairs: where the tickets come from, of which period, which zone
    options       one row for each option: price, on time, hours waited
    changed       tickets that an option would have changed, as a table of references
    caveats       what it cannot tell, a sentence each
    excluded      (why, how many) pairs of the tickets that are in no share
    """

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...] = ()
    figures: tuple[Figure, ...] = ()
    options: Table | None = None
    clauses: Clauses | None = None
    closed: Closed | None = None
    staffing: Staffing | None = None
    costs: Costs | None = None
    rule: Rule | None = None
    changed: Table | None = None
    caveats: tuple[str, ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()
    lang: str = "en"


def promise(clause: Clause) -> str:
    """Return a clause in a few words: "R1: resolved within 8 h"."""
    seconds = clause.target.seconds
    within = said.hours(seconds / HOUR) if seconds is not None else str(clause.target)
    return f"{clause.id}: {STOPS.get(clause.stop, clause.stop)} within {within}"


def promised(judged: Mapping[str, Reclocked], clause: str) -> str:
    """Return a clause in a few words, without the target where options differ in it."""
    texts = [c for found in judged.values() for c in found.agreement.clauses if c.id == clause]
    if len({promise(text) for text in texts}) == 1:
        return promise(texts[0])
    stops = {STOPS.get(text.stop, text.stop) for text in texts}
    return f"{clause}: {stops.pop()}" if len(stops) == 1 else clause


def clauses_of(judged: Mapping[str, Reclocked], *, name: str = "clauses") -> Clauses:
    """Tell what the report would have said under each option; the first is what is agreed now.

    Cost  one pass over the tickets for each clause and option.
    """
    options = list(judged)
    ids = list(dict.fromkeys(c.id for found in judged.values() for c in found.agreement.clauses))
    pictures: list[Picture] = []
    for n, clause in enumerate(ids[:MOST_CLAUSES]):
        pictures += _pictures(judged, clause, f"{name}-{n + 1}")
    return Clauses(
        sentence=_told(judged),
        table=Table.of(("Promise", *options), _rows(judged, ids)),
        pictures=tuple(pictures),
        gaps=tuple(_gaps(next(iter(judged.values())))) if judged else (),
    )


def closed_of(
    found: Uncovered,
    hours: Hours,
    extras: Sequence[Shape] = (),
    *,
    name: str = "closed",
    days: Sequence[str] = DAYS,
) -> Closed:
    """Tell who waited while the desk was closed, and what each window more would have covered."""
    low, high = found.seconds.hours
    share = found.share
    figures = [
        Figure(
            said.share(share.value),
            "came while the desk was closed",
            f"{said.number(share.met)} of {said.count(share.n, 'ticket')}",
        ),
        Figure(
            said.between(low, high),
            "waited while the desk was closed",
            "least: until it first opened; most: all closed time until the end",
        ),
    ]
    if part := found.share_of_hours:
        bounds = said.interval(*part)
        figures.append(Figure(bounds, "of all waiting", said.count(found.timed, "ticket")))
    windows = None
    if found.gains:
        windows = Table.of(
            ("With this window more", "tickets that it was there for", "waiting spared"),
            [
                (
                    gain.name,
                    said.either(gain.tickets.low, gain.tickets.high),
                    said.between(*gain.seconds.hours),
                )
                for gain in found.gains
            ],
        )
    picture = heat_map(f"{name}-week", found, hours, extras, days=days)
    waited = heat_map(
        f"{name}-hours",
        found,
        hours,
        extras,
        days=days,
        by="hours",
        title="When people waited, and when the desk is open",
    )
    return Closed(of_a_hundred(share), tuple(figures), windows, (picture, waited))


def excluded_of(found: Reclocked) -> tuple[tuple[str, int], ...]:
    """Return why tickets are in no share, in sentences, the most frequent first."""
    reasons = dict(found.history.excluded)
    for reason, n in found.excluded.items():
        reasons[reason] = reasons.get(reason, 0) + n
    ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    return tuple((SENTENCES.get(reason, reason), n) for reason, n in ordered if n)


def of_a_hundred(share: Share) -> str:
    if not share.n:
        return "There are no tickets yet, so nobody waited."
    if not share.met:
        return "Every ticket came while the desk was open."
    if share.met == share.n:
        return "Every ticket came while the desk was closed, and waited for it to open."
    many = round(100 * share.met / share.n)
    counted = f"{many} came" if many else "fewer than one came"
    if many == 100:
        counted = "more than 99 came"
    return f"Of every 100 tickets, {counted} while the desk was closed and waited for it to open."


def _clause(found: Reclocked, clause: str) -> tuple[int, Clause] | None:
    for k, each in enumerate(found.agreement.clauses):
        if each.id == clause:
            return k, each
    return None


def _pictures(judged: Mapping[str, Reclocked], clause: str, name: str) -> list[Picture]:
    series, groups, agreed = [], [], None
    words = promised(judged, clause)
    for option, found in judged.items():
        placed = _clause(found, clause)
        if placed is None:
            continue
        k, text = placed
        if agreed is None and text.share is not None:
            agreed = float(text.share)
        series.append(Series.of(option, found.attainment("month"), clause))
        rows, _met = found.judged(k)
        seconds = text.target.seconds
        target = None if seconds is None else seconds / HOUR
        hours = np.asarray(found.elapsed(k)[rows], dtype=np.float64) / HOUR
        whole = [a.share for a in found.attainment() if a.clause == clause]
        groups.append(Times(option, hours, target, whole[0] if whole else None))
    return [
        months(f"{name}-months", series, agreed, title=f"{words}, month by month"),
        times(f"{name}-times", groups, title=f"{words}: how long it took, in service hours"),
    ]


def _rows(judged: Mapping[str, Reclocked], ids: Sequence[str]) -> list[tuple[str, ...]]:
    """One row for each clause, and one for each of its priorities if there are several."""
    cells: dict[tuple[str, str | None], dict[str, str]] = {}
    names = {clause: promised(judged, clause) for clause in ids}
    for option, found in judged.items():
        for each in (*found.attainment(), *found.attainment("priority")):
            row = cells.setdefault((each.clause, each.priority), {})
            row[option] = said.counted(each.share)
    rows = []
    for clause_id in ids:
        parts = [key for key in cells if key[0] == clause_id and key[1] is not None]
        keys: list[tuple[str, str | None]] = [(clause_id, None)]
        keys += parts if len(parts) > 1 else []
        for key in keys:
            over = names[clause_id] if key[1] is None else f"{clause_id}, {key[1]}"
            rows.append((over, *(cells.get(key, {}).get(o, said.NONE) for o in judged)))
    return rows


def _told(judged: Mapping[str, Reclocked]) -> str:
    """Say the first promise under every option; the table says the others."""
    words = []
    for option, found in judged.items():
        if not found.agreement.clauses:
            continue
        share = found.attainment()[0].share
        value = said.share(share.value) if share.can_tell else "too few to tell"
        words.append(f"{option} {value}")
    if not words:
        return "There is no promise to judge."
    first = next(f.agreement.clauses[0] for f in judged.values() if f.agreement.clauses)
    return f"{promised(judged, first.id)}, on time: {'; '.join(words)}."


def _gaps(found: Reclocked) -> list[str]:
    words = []
    for gap in found.gaps():
        if gap.points is None or gap.contract is None or gap.wall is None:
            continue
        more = said.number(abs(gap.points), 1)
        verb = "more" if gap.points >= 0 else "less"
        words.append(
            f"{gap.clause}: by the contract’s clock half took at most "
            f"{said.hours(gap.contract.median)}, on the wall {said.hours(gap.wall.median)}; on "
            f"time by the contract is {more} percentage points {verb} than on the wall."
        )
    return words
