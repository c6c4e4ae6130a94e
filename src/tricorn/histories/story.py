"""What a log of states says of each ticket: when it was taken up, who held it up, when it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tricorn.engine.replay import HOLDERS, MISSING

from .columns import HOLDER_CODE

Seconds = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
STATES = ("new", "open", "resolved", "closed", "cancelled")
NEW, OPEN, RESOLVED, CLOSED, CANCELLED = range(5)
WAITING = 10  # and the code of the holder


def state_code(state: str, holder: str = "") -> int:
    """Return a state of ours, with who holds it up, as one number."""
    return WAITING + HOLDER_CODE[holder] if state == "waiting" else STATES.index(state)


@dataclass(frozen=True)
class Stories:
    """One story for each ticket; moments are UTC seconds, MISSING where it never came so far.

    state   the last one
    first_response  the first update in which it is no longer new
    over    since when it is over (resolved, closed or cancelled) without a way back
    last    when it took its last state
    wait_*  waits, the time between an end and a reopening among them (nobody holds that up)
    """

    state: Codes
    first_response: Seconds
    over: Seconds
    last: Seconds
    wait_ticket: Seconds
    wait_start: Seconds
    wait_end: Seconds
    wait_holder: Codes


def tell(tickets: int, ticket: Seconds, at: Seconds, state: Codes) -> Stories:
    """Tell every ticket's story at once.

    Shapes  events of equal length, in order of ticket and then of time; tickets count from 0,
            and each has at least one.
    Cost    O(events), in arrays.
    """
    response = np.full(tickets, MISSING, dtype=np.int64)
    taken = np.flatnonzero(state != NEW)[::-1]
    response[ticket[taken]] = at[taken]  # backwards, so that the first one stays
    runs = _Runs.of(ticket, at, state)
    final = runs.ends  # the last run of each ticket
    waiting = np.flatnonzero(runs.state >= WAITING)
    is_over = (runs.state >= RESOLVED) & (runs.state <= CANCELLED)
    spells = _Runs.of(runs.ticket, runs.at, is_over.astype(np.int8))
    back = np.flatnonzero((spells.state == 1) & (spells.until != MISSING))
    last_spell = spells.ends
    over = np.where(spells.state[last_spell] == 1, spells.at[last_spell], MISSING)
    wait_ticket = np.concatenate((runs.ticket[waiting], spells.ticket[back]))
    start = np.concatenate((runs.at[waiting], spells.at[back]))
    end = np.concatenate((runs.until[waiting], spells.until[back]))
    holder = np.concatenate(
        (runs.state[waiting] - WAITING, np.full(len(back), len(HOLDERS) - 1))
    ).astype(np.int8)
    kept = (end == MISSING) | (end > start)
    order = np.lexsort((holder[kept], start[kept], wait_ticket[kept]))
    return Stories(
        state=runs.state[final],
        first_response=response,
        over=over,
        last=runs.at[final],
        wait_ticket=wait_ticket[kept][order],
        wait_start=start[kept][order],
        wait_end=end[kept][order],
        wait_holder=holder[kept][order],
    )


@dataclass(frozen=True)
class _Runs:
    """Events joined as long as neither ticket nor state changes."""

    ticket: Seconds
    at: Seconds
    state: Codes
    until: Seconds  # when the ticket took its next state; MISSING for its last one

    @classmethod
    def of(cls, ticket: Seconds, at: Seconds, state: Codes) -> _Runs:
        fresh = np.ones(len(ticket), dtype=bool)
        fresh[1:] = (ticket[1:] != ticket[:-1]) | (state[1:] != state[:-1])
        first = np.flatnonzero(fresh)
        ticket, at = ticket[first], at[first]
        until = np.full(len(first), MISSING, dtype=np.int64)
        goes_on = np.flatnonzero(ticket[1:] == ticket[:-1])
        until[goes_on] = at[goes_on + 1]
        return cls(ticket, at, state[first], until)

    @property
    def ends(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(np.append(self.ticket[1:] != self.ticket[:-1], True)[: len(self.at)])
