"""Who gains by an option and who pays for it, by role."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from ..clock import Holder
from ..hours import Hours, Schedule
from ..measures import fewer_than_five
from ..replay import Between, History, Reclocked
from ..replay.demand import Line as Tickets
from .amounts import more_or_less, said
from .pricing import Line, Priced
from .worth import a_month

HOUR = 3600
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stake:
    """What an option means for one role.

    role      "client", who pays; "people", those who reported, customers and users alike; "agents",
              the provider's.
    gains     True where they are better off by every figure here, False where worse by every one,
              None where it is both or neither.
    figures   What the sentences say: money a month, seconds, tickets, people.
    """

    role: str
    gains: bool | None
    figures: Mapping[str, int | Decimal | None]
    sentences: tuple[str, ...]


def balance(
    now: Reclocked,
    then: Reclocked,
    price: Priced,
    *,
    stop: str | None = None,
    stopped_by: Set[Holder] | None = None,
) -> tuple[Stake, ...]:
    """Weigh an option against the present agreement: for the client, the people, the agents.

    now, then  The same history under both; waiting goes by the hours of each one's first clause.
    stop       Until when people waited, and without whose waits; left out, as the present first
               clause says.
    price      The option's, as `priced(option, rates, now=agreement)` says it.
    Cost       About 0.5 µs for each ticket.
    Source     docs/engine/price.md, rule P12: who gains and who pays.
    """
    clause = now.agreement.clauses[0]
    line = Tickets.of(
        now.history,
        clause.start,
        stop or clause.stop,
        clause.stopped_by if stopped_by is None else stopped_by,
    )
    return (_client(now, then, price), _people(now, then, line), _agents(price))


def _client(now: Reclocked, then: Reclocked, price: Priced) -> Stake:
    kept, lost = _verdicts(now, then)
    words = []
    if price.extra is None:
        words.append("What it costs the client more cannot be told.")
    else:
        than = "" if price.extra else " as now"
        words.append(f"The client pays {more_or_less(price.extra, price.currency)} a month{than}.")
    words.append(
        f"By the contract's clock {_promises(kept)} would have been kept that {_were(kept)} missed, "
        f"and {_promises(lost)} missed that {_were(lost)} kept."
    )
    signs = [] if not price.extra else [price.extra < 0]
    figures = {"extra": price.extra, "kept": kept, "missed": lost}
    return Stake("client", _agreed(signs), figures, tuple(words))


def _verdicts(now: Reclocked, then: Reclocked) -> tuple[int, int]:
    """Count the verdicts that turn to kept, and to missed; those that both agreements give."""
    kept = lost = 0
    for stop in now.by_stop.keys() & then.by_stop.keys():
        a, b = now.by_stop[stop], then.by_stop[stop]
        both = a.is_judged & b.is_judged
        kept += int((both & ~a.met & b.met).sum())
        lost += int((both & a.met & ~b.met).sum())
    return kept, lost


def _people(now: Reclocked, then: Reclocked, line: Tickets) -> Stake:
    history = now.history
    old, new = (line.compiled(Schedule(_hours(each))) for each in (now, then))
    was, would = line.opening(old), line.opening(new)
    sooner = line.active(line.starts, was) - line.active(line.starts, would)
    words: list[str] = []
    figures: dict[str, int | Decimal | None] = {}
    signs: list[bool] = []
    for name, rows, better in (("sooner", sooner > 0, True), ("later", sooner < 0, False)):
        tickets, seconds = int(rows.sum()), abs(int(sooner[rows].sum()))
        people = _distinct(history, line.rows[rows])
        figures |= {f"{name}_tickets": tickets, f"{name}_seconds": seconds}
        figures[f"{name}_people"] = people
        if rows.any():
            signs.append(better)
            words.append(_waiting(name, tickets, seconds, people, history))
    if not words:
        words.append("Nobody who reported would have met an open desk sooner or later than now.")
    return Stake("people", _agreed(signs), figures, tuple(words))


def _hours(found: Reclocked) -> Hours:
    return found.agreement.hours[found.agreement.clauses[0].hours]


def _waiting(name: str, tickets: int, seconds: int, people: int | None, history: History) -> str:
    of = "1 ticket" if tickets == 1 else f"{tickets:,} tickets"
    who = "" if people is None else f" of {fewer_than_five(people)} people who reported"
    span = a_month(Between(seconds, seconds), history)
    monthly = "" if span is None else f", {span.high / HOUR:,.1f} a month"
    return (
        f"{of}{who} would have met an open desk {name}, by {seconds / HOUR:,.1f} hours in all"
        f"{monthly}, if everybody had been served at once."
    )


def _distinct(history: History, rows: npt.NDArray[np.intp]) -> int | None:
    """Count the people behind some tickets; None where any of them is not known."""
    people = history.person[rows]
    return None if not len(people) or (people < 0).any() else len(np.unique(people))


def _agents(price: Priced) -> Stake:
    present = [line for line in price.lines if not line.on_call]
    hours = _sum(present)
    odd = _sum([line for line in present if line.more])
    called = _sum([line for line in price.lines if line.on_call])
    figures = {"hours": hours, "surcharged_hours": odd, "on_call_hours": called}
    if price.work is None:
        return Stake(
            "agents", None, {}, ("What it asks of the agents needs the provider's rates.",)
        )
    words = [f"The agents work {_hours_more(hours)}."]
    if odd:
        words.append(f"At hours with a surcharge it is {_hours_more(odd)}.")
    if called:
        words.append(f"On call it is {_hours_more(called)}.")
    signs = [each < 0 for each in (odd, called) if each]
    return Stake("agents", _agreed(signs), figures, tuple(words))


def _sum(lines: list[Line]) -> Decimal:
    return sum((line.hours * line.people for line in lines), Decimal(0))


def _hours_more(hours: Decimal) -> str:
    if not hours:
        return "as many hours a month as now"
    return f"{said(abs(hours), 'hours')} {'more' if hours > 0 else 'less'} a month"


def _agreed(signs: list[bool]) -> bool | None:
    return signs[0] if signs and len(set(signs)) == 1 else None


def _promises(n: int) -> str:
    return "1 promise" if n == 1 else f"{n:,} promises"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"
