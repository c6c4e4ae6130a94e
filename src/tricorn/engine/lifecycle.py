"""States and moves of every kind of record, as data: is it legal, who may, what does it say.

A kind of record is one `Lifecycle`: its states and one table of moves. Tickets are the first;
`step` and `possible` are theirs.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from .errors import MoveRefused


class State(StrEnum):
    """Where a ticket stands. The values are what the database and the journal keep."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"  # handled as part of another ticket


DONE = frozenset({State.RESOLVED, State.CLOSED, State.CANCELLED, State.MERGED})


class Side(StrEnum):
    """On which side of the counter somebody stands, for the record at hand."""

    OWN = "own"  # requester, affected person or holder of the private link
    DESK = "desk"
    MANAGE = "manage"
    SYSTEM = "system"  # the worker, and who runs commands on the machine itself


@dataclass(frozen=True)
class Move:
    """One row of the table: from any of `sources`, `verb` leads to `target`.

    `sides` may make the move; `label` is the English text of the button and says what happens.
    """

    verb: str
    sources: frozenset[State]
    target: State
    sides: frozenset[Side]
    label: str


@dataclass(frozen=True)
class Lifecycle:
    """All moves of one kind of record; `noun` names it in sentences, with its article."""

    noun: str
    moves: tuple[Move, ...]

    def step(self, state: State, verb: str) -> State:
        """Return the state that `verb` leads to.

        Errors  MoveRefused if the state does not allow it; the sentence says what it does allow.
        Source  docs/engine/lifecycle.md, rule L3: a move that is not in the table is refused.
        """
        known = [move for move in self.moves if move.verb == verb]
        for move in known:
            if state in move.sources:
                return move.target
        verbs = tuple(move.verb for move in self.moves if state in move.sources)
        if known:
            start = f"Cannot {_words(verb)} {self.noun} that is {state}."
        else:
            start = f"There is no move “{verb}” for {self.noun}."
        listed = ", ".join(map(_words, verbs)) or "nothing, it is final"
        raise MoveRefused(
            f"{start} From {state} you can: {listed}.", verb=verb, state=state, possible=verbs
        )

    def possible(self, state: State, side: Side) -> tuple[Move, ...]:
        """Return the moves that `side` may make from `state`, in the order of the buttons.

        Source  docs/engine/lifecycle.md, rule L4: the table says who may make a move.
        """
        return tuple(m for m in self.moves if state in m.sources and side in m.sides)

    def sides(self, verb: str) -> frozenset[Side]:
        """Return every side that may make this move from some state; none for an unknown verb."""
        found: Iterable[frozenset[Side]] = (m.sides for m in self.moves if m.verb == verb)
        return frozenset().union(*found)


def _words(verb: str) -> str:
    return verb.replace("_", " ")


def _move(
    verb: str, sources: AbstractSet[State], target: State, sides: set[Side], label: str
) -> Move:
    return Move(verb, frozenset(sources), target, frozenset(sides), label)


# docs/engine/lifecycle.md prints this table; a test compares the two.
MOVES: tuple[Move, ...] = (
    _move("open", {State.NEW}, State.OPEN, {Side.DESK, Side.SYSTEM}, "Take it up"),
    _move("go_on", {State.WAITING}, State.OPEN, {Side.DESK, Side.SYSTEM}, "Go on with it"),
    _move("wait", {State.OPEN}, State.WAITING, {Side.DESK, Side.SYSTEM}, "Put on hold"),
    _move("resolve", {State.OPEN, State.WAITING}, State.RESOLVED, {Side.DESK}, "Resolve"),
    _move(
        "close",
        {State.RESOLVED},
        State.CLOSED,
        {Side.OWN, Side.DESK, Side.SYSTEM},
        "Close for good",
    ),
    _move("reopen", DONE - {State.MERGED}, State.OPEN, {Side.OWN, Side.DESK}, "Reopen"),
    _move(
        "cancel",
        {State.NEW, State.OPEN, State.WAITING},
        State.CANCELLED,
        {Side.OWN, Side.DESK},
        "Cancel, no longer needed",
    ),
    _move(
        "merge",
        {State.NEW, State.OPEN, State.WAITING},
        State.MERGED,
        {Side.DESK},
        "Merge into another",
    ),
    _move("unmerge", {State.MERGED}, State.OPEN, {Side.DESK}, "Unmerge"),
)

TICKET = Lifecycle("a ticket", MOVES)


def step(state: State, verb: str) -> State:
    """Return where `verb` leads a ticket that is in `state`; MoveRefused if it may not."""
    return TICKET.step(state, verb)


def possible(state: State, side: Side) -> tuple[Move, ...]:
    """Return the moves of a ticket in `state` that `side` may make."""
    return TICKET.possible(state, side)
