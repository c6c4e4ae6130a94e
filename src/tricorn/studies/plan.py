"""What is asked: the agreement of today, the options beside it, and how to read the tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadInput
from tricorn.engine.rates import Rates
from tricorn.engine.replay import Extra, History
from tricorn.engine.replay.reclock import PriorityAt

MOST_OPTIONS = 40


@dataclass(frozen=True)
class Choice:
    """One agreement under the name that people see."""

    name: str
    agreement: Agreement


@dataclass(frozen=True)
class Plan:
    """One question: these agreements, over the same tickets.

    now          the agreement of today; the options are compared with it
    windows      what each of these would have covered more than the agreement of today
    priorities   the source's priorities -> critical, high, moderate, low; guessed where not given
    priority_at  which of a ticket's priorities decides: final or opened
    rates        the provider's own, for agreements that name no price
    Errors       BadInput for two choices of one name, too many of them, hours that are never open,
                 or prices in two currencies.
    """

    now: Choice
    options: tuple[Choice, ...] = ()
    windows: tuple[Extra, ...] = ()
    priorities: Mapping[str, str] = field(default_factory=dict)
    priority_at: PriorityAt = "final"
    rates: Rates | None = None

    def __post_init__(self) -> None:
        names = [choice.name for choice in self.choices]
        if twice := {name for name in names if names.count(name) > 1}:
            raise BadInput(
                f"Two of the agreements are called {twice.pop()!r:.60}. Give each a name of its "
                "own, so that the figures can be told apart."
            )
        if len(self.options) > MOST_OPTIONS:
            raise BadInput(
                f"{len(self.options)} options at once are too many to compare; {MOST_OPTIONS} are "
                "the most. Leave out those that nobody would sign."
            )
        for choice in self.choices:
            for clause in choice.agreement.clauses:
                hours = choice.agreement.hours[clause.hours]
                if not any(hours.weekly) and not any(windows for _, windows in hours.opened):
                    raise BadInput(
                        f"{choice.name}: the hours “{clause.hours}” are never open, so the clock "
                        f"of {clause.id} would never run and all would look on time. Give them a "
                        "window."
                    )
        found = {
            price.currency: choice.name
            for choice in self.choices
            for price in choice.agreement.prices
        }
        if self.rates:
            found[self.rates.currency] = "the rates"
        if len(found) > 1:
            said = " and ".join(f"{name} in {currency}" for currency, name in found.items())
            raise BadInput(
                f"Prices in two currencies cannot be compared: {said}. Write all of them in one."
            )

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The agreement of today, then the options."""
        return (self.now, *self.options)


def within(history: History, first: date | None, last: date | None, zone: str) -> History:
    """Return the tickets reported on these days, both included, in a zone; others are counted out.

    Errors  BadInput when no ticket is left.
    """
    if first is None and last is None:
        return history
    if first is not None and last is not None and first > last:
        raise BadInput(f"The last day, {last}, comes before the first, {first}. Turn them round.")
    kept = np.ones(len(history), dtype=bool)
    if first is not None:
        kept &= history.reported >= _midnight(first, zone)
    if last is not None:
        kept &= history.reported < _midnight(last + timedelta(days=1), zone)
    if not kept.any():
        known = [
            datetime.fromtimestamp(int(at), UTC).date().isoformat()
            for at in (history.reported.min(), history.reported.max())
        ]
        raise BadInput(
            f"No ticket was reported from {first or 'the first day'} to {last or 'the last'}; "
            f"the history goes from {known[0]} to {known[1]}."
        )
    chosen = history.take(kept)
    left_out = dict(history.excluded)
    left_out["outside-period"] = int((~kept).sum())
    return replace(chosen, excluded=left_out)


def of_groups(
    history: History, codes: npt.NDArray[np.int64], names: Sequence[str], wanted: Sequence[str]
) -> History:
    """Return the tickets of some groups (type, category, queue); the others are counted out.

    Errors  BadInput for a group that is not there.
    """
    if not wanted:
        return history
    known = {name: code for code, name in enumerate(names)}
    if strange := [name for name in wanted if name not in known]:
        there = ", ".join(name or "'' (none)" for name in names[:20]) or "none"
        raise BadInput(f"There is no group {strange[0]!r:.60} in this history. There is: {there}.")
    kept = np.isin(codes, [known[name] for name in wanted])
    left_out = {**history.excluded, "other-group": int((~kept).sum())}
    return replace(history.take(kept), excluded={k: n for k, n in left_out.items() if n})


def _midnight(day: date, zone: str) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp())
