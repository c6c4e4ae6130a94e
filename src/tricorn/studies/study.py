"""One history under the agreement of today and under others: every figure of the replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tricorn.engine.agreement import Clause
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import week_of
from tricorn.engine.measures import Share
from tricorn.engine.replay import Reclocked, Times, Uncovered
from tricorn.histories import SENTENCES

from .answer import (
    Caveat,
    Change,
    ClauseFigure,
    ClockGap,
    Demand,
    MonthFigure,
    Option,
    Promise,
    Spread,
    Study,
    Window,
)
from .case import Case
from .coverage import hours_by_ticket
from .prices import cost_of, placed, priced_in

HOUR = 3600
EDGES = (0, 0.25, 0.5, 1, 2, 4, 8, 12, 16, 24, 40, 60, 80, 120, 160, 240, 320, 480, 640, 960)
MOST_REFS = 50
LEAST = 12  # tickets; a share of fewer tells nothing, however narrow its interval looks
LEFT_OUT: Mapping[str, str] = {
    **SENTENCES,
    "cancelled": "It was cancelled, merged, or a duplicate of another.",
    "end-missing": "It is done, but nobody says when.",
    "other-group": "It is of another type, category or queue than asked for.",
    "outside-period": "It was reported before or after the days that were asked for.",
}
Heard = Callable[[str], None]


def study(
    case: Case,
    *,
    source: str = "",
    executor: Executor | None = None,
    heard: Heard | None = None,
) -> Study:
    """Answer a plan: re-clocking (exact) and coverage (between bounds) of every agreement.

    executor  spreads the options over its processes
    heard     is told the name of each option that is done
    Errors    BadInput when there is no ticket at all.
    Source    docs/replay.md; the rules R1 to R19 are in docs/engine/replay.md.
    """
    history = case.history
    if not len(history):
        raise BadInput(
            "There is no ticket to try it on. "
            + (_left_out(history.excluded) or "Choose other days, or another export.")
        )
    options = []
    for option in _options(case, executor):
        options.append(option)
        if heard:
            heard(option.name)
    first, last = int(history.reported.min()), int(history.reported.max())
    return Study(
        tickets=len(history),
        excluded=dict(history.excluded),
        options=tuple(placed(options)),
        source=source,
        first=_moment(first),
        last=_moment(last),
        until=_moment(history.until),
        days=round((last - first) / 86_400, 2),
        priorities=dict(case.judged(0).priorities),
        priority_at=case.plan.priority_at,
        excluded_words={reason: LEFT_OUT.get(reason, reason) for reason in _reasons(options)},
        caveats=(*_caveats(case), *_later(options)),
    )


def _options(case: Case, executor: Executor | None) -> Iterator[Option]:
    places = range(len(case.plan.choices))
    if executor is None:
        return (outcome(case, k) for k in places)
    return executor.map(outcome, [Case(case.history, case.plan)] * len(places), places)


def outcome(case: Case, k: int) -> Option:
    """Say everything of one agreement of a plan."""
    found, missed = case.judged(k), case.missed(k)
    agreement = found.agreement
    price = priced_in(case, k)
    whole = missed.share_of_hours
    told = change(case, k) if k else None
    opening = case.missed(0).seconds.hours[0]
    spared = told.hours_saved if told else (0.0, 0.0)
    return Option(
        name=case.names[k],
        price=None if price.total is None else float(price.total),
        currency=price.currency or None,
        clauses=tuple(
            ClauseFigure(each.clause, each.priority or "", **_share(each.share))
            for each in found.attainment("priority")
        ),
        promises=tuple(
            _promise(agreement.clauses[n], each.share)
            for n, each in enumerate(found.attainment("clause"))
        ),
        months=tuple(
            MonthFigure(each.clause, each.month or "", **_share(each.share))
            for each in found.attainment("month")
        ),
        clock_gaps=_gaps(found),
        spreads=tuple(_spread(found, n) for n in range(len(agreement.clauses))),
        uncovered_tickets=missed.share.met,
        uncovered_share=_share_missed(missed, case.missed(0).deferred),
        uncovered_hours=_pair(missed.seconds.hours),
        uncovered_hour_share=_pair(whole, 6) if whole else None,
        waited_to_open=_pair((max(opening - spared[1], 0), opening - spared[0])),
        demand=_demand(found, missed),
        windows=tuple(
            Window(gain.name, (gain.tickets.low, gain.tickets.high), _pair(gain.seconds.hours))
            for gain in missed.gains
        ),
        change=told,
        cost=cost_of(case, k, price),
        beaten_by="",
        excluded=found.excluded,
        excluded_by_stop={
            stop: out for stop in found.by_stop if (out := dict(found.excluded_by(stop)))
        },
        agreement=agreement.to_toml(),
    )


def change(case: Case, k: int) -> Change:
    """Say what would have been different under another agreement, ticket by ticket."""
    better, worse = differing(case.judged(0), case.judged(k))
    hours, history = case.changed(k), case.history
    return Change(
        better=len(better),
        worse=len(worse),
        better_refs=tuple(history.refs[row] for row in better[:MOST_REFS].tolist()),
        worse_refs=tuple(history.refs[row] for row in worse[:MOST_REFS].tolist()),
        tickets_gained=(hours.gained.tickets.low, hours.gained.tickets.high),
        tickets_lost=(hours.lost.tickets.low, hours.lost.tickets.high),
        hours_saved=_pair(hours.saved.hours),
        people_helped=len(hours.people) if (history.person >= 0).any() else None,
    )


def differing(now: Reclocked, then: Reclocked) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the tickets that were late and would not have been, and those the other way round.

    A ticket is late if it is by any of its clocks; only stops that both agreements name count, and
    tickets that both judge.
    """
    better, worse = (np.zeros(len(now.history), dtype=bool) for _ in range(2))
    for stop in now.by_stop.keys() & then.by_stop.keys():
        a, b = now.by_stop[stop], then.by_stop[stop]
        both = a.is_judged & b.is_judged
        better |= both & ~a.met & b.met
        worse |= both & a.met & ~b.met
    return np.flatnonzero(better & ~worse), np.flatnonzero(worse)


def _promise(clause: Clause, met: Share) -> Promise:
    promised = float(clause.share) if clause.share is not None else None
    judged = promised is not None and met.value is not None and tells(met)
    return Promise(
        clause=clause.id,
        start=clause.start,
        stop=clause.stop,
        hours=clause.hours,
        target=str(clause.target),
        promised=promised,
        per=clause.per,
        is_kept=met.met >= (clause.share or 0) * met.n if judged else None,
        **_share(met),
    )


def tells(met: Share) -> bool:
    """Whether a share is worth saying: a narrow interval, and at least a dozen tickets.

    Source  docs/replay.md, "What it cannot tell".
    """
    return met.can_tell and met.n >= LEAST


def _share(met: Share) -> dict[str, Any]:
    return {
        "n": met.n,
        "met": met.met,
        "attainment": None if met.value is None else round(met.value, 6),
        "interval": _pair((met.low, met.high), 6),
        "can_tell": tells(met),
    }


def _gaps(found: Reclocked) -> tuple[ClockGap, ...]:
    return tuple(
        ClockGap(
            clause=gap.clause,
            n=gap.n,
            contract_median=_hours(gap.contract, "median"),
            contract_p90=_hours(gap.contract, "p90"),
            wall_median=_hours(gap.wall, "median"),
            wall_p90=_hours(gap.wall, "p90"),
            attainment=gap.attained.value,
            attainment_wall=gap.attained_wall.value if gap.attained_wall else None,
            points=None if gap.points is None else round(gap.points, 3),
        )
        for gap in found.gaps()
    )


def _hours(times: Times | None, which: str) -> float | None:
    return round(getattr(times, which), 3) if times else None


def _spread(found: Reclocked, k: int) -> Spread:
    rows, _ = found.judged(k)
    target = found.agreement.clauses[k].target.seconds
    within = np.searchsorted(
        np.array(EDGES) * HOUR, found.elapsed(k)[rows], side="right"
    )  # 1 .. len(EDGES)
    counts = np.bincount(within - 1, minlength=len(EDGES))
    return Spread(
        clause=found.agreement.clauses[k].id,
        edges=EDGES,
        counts=tuple(counts.tolist()),
        target=None if target is None else target / HOUR,
    )


def _share_missed(missed: Uncovered, deferred: int) -> tuple[float, float]:
    """Return the share that came while closed, and the same with what today's hours hide.

    The surplus of first hours is that of today's agreement for every option, so that more coverage
    never looks worse.
    """
    n = missed.share.n
    high = min(missed.share.met + deferred, n)
    return round(missed.share.met / n, 6), round(high / n, 6)


def _demand(found: Reclocked, missed: Uncovered) -> Demand:
    agreement = found.agreement
    usual = np.bincount(hours_by_ticket(found), minlength=len(agreement.clauses)).argmax()
    hours = agreement.hours[agreement.clauses[int(usual)].hours]
    is_open = np.zeros((8, 24 * 60))
    for day, (_, windows) in enumerate(week_of(hours, None)):
        for window in windows:
            flat = is_open.reshape(-1)
            begin = day * 1440 + window.start // 60
            flat[begin : begin + (window.end - window.start) // 60] = 1
    is_open[0] = np.maximum(is_open[0], is_open[7])
    by_hour = is_open[:7].reshape(7, 24, 60).mean(axis=2)
    week = missed.week
    return Demand(
        zone=hours.zone,
        tickets=_table(week.tickets),
        tickets_closed=_table(week.tickets_closed),
        hours_closed=_table(np.round(week.seconds_closed / HOUR, 2)),
        is_open=_table(np.round(by_hour, 4)),
    )


def _table(numbers: npt.NDArray[Any]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(row) for row in numbers.tolist())


def _caveats(case: Case) -> tuple[Caveat, ...]:
    history, now = case.history, case.judged(0)
    found = [Caveat(each.code, each.sentence) for each in case.missed(0).caveats]
    if len(history) < LEAST:
        few = "One ticket is" if len(history) == 1 else f"{len(history)} tickets are"
        found.append(Caveat("few-tickets", f"{few} too few to tell anything from."))
    guessed = [name for name, ours in now.priorities.items() if ours is None]
    if guessed:
        said = ", ".join(repr(name or "none") for name in guessed[:5])
        found.append(
            Caveat(
                "priorities-unknown",
                f"Priorities that the agreement does not know: {said}. Say what they are, or their "
                "tickets are judged only where all priorities are promised the same.",
            )
        )
    if len(np.unique(history.reported // HOUR)) == 1 and len(history) > 1:
        found.append(
            Caveat("one-hour", "All tickets were reported in one hour: this is no usual week.")
        )
    return tuple(found)


def _later(options: Sequence[Option]) -> Iterator[Caveat]:
    """Say why a wider desk looks worse by its own clock, where an option does."""
    changes = [(option.name, option.change) for option in options if option.change]
    names = [name for name, each in changes if each.tickets_gained[1] and each.worse > each.better]
    if names:
        yield Caveat(
            "wider-looks-later",
            f"Under {' and '.join(names)} clocks start sooner, while the moment of the answer "
            "stays: the same tickets look later, although nobody would have waited longer.",
        )


def _reasons(options: list[Option]) -> list[str]:
    return list(
        dict.fromkeys(
            reason
            for option in options
            for out in (option.excluded, *option.excluded_by_stop.values())
            for reason in out
        )
    )


def _left_out(excluded: Mapping[str, int]) -> str:
    said = [f"{LEFT_OUT.get(why, why)} ({n:,})" for why, n in excluded.items()]
    return "Left out: " + " ".join(said) if said else ""


def _pair(bounds: tuple[float, float], digits: int = 2) -> tuple[float, float]:
    low, high = bounds
    return round(low, digits), round(high, digits)


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()
