"""What a log itself says of its promises, by whom it is grouped, and which part is learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import BadInput
from ..replay.history import Codes, History, Seconds
from ..replay.priorities import read_priorities
from ..replay.rows import MISSING

TRAINED_ON = 0.7
NOBODY = -1


@dataclass(frozen=True)
class Party:
    """Tickets that one clause would judge: a priority of the agreement, or a group of the source.

    names       as the source writes them
    priorities  what a clause must name to reach them; empty for all
    """

    names: tuple[str, ...]
    priorities: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What sentences call them."""
        return ", ".join(self.names) or "all tickets"


@dataclass(frozen=True)
class Parties:
    """Who each ticket belongs to: codes into `members`, NOBODY where no clause could reach it.

    called     codes into `names`: what the source calls it
    unreached  names that no clause could name
    """

    members: tuple[Party, ...]
    code: Codes
    by_group: bool
    called: Codes
    names: tuple[str, ...]
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """The tickets of which a log says something, in the order of their reports.

    rows     rows of the history
    party    code of each row's party
    trains   whether a ticket belongs to the first part, which is learned from
    """

    history: History
    parties: Parties
    rows: npt.NDArray[np.intp]
    party: Codes
    trains: npt.NDArray[np.bool_]

    @property
    def until(self) -> int:
        """The moment of the last report that was learned from."""
        return int(self.history.reported[self.rows[self.trains]].max())

    def of(self, *members: int) -> npt.NDArray[np.intp]:
        """Return the places of the tickets of some parties that are learned from."""
        return np.flatnonzero(self.trains & np.isin(self.party, members))


def told_by(history: History, parties: Parties, says: npt.NDArray[np.bool_]) -> Told:
    """Take the tickets that say something, and part them by time.

    Source  docs/engine/learn.md, rule L2: the first 70 % in time.
    """
    rows = np.flatnonzero(says & (parties.code != NOBODY))
    rows = rows[np.argsort(history.reported[rows], kind="stable")]
    trains = np.zeros(len(rows), dtype=bool)
    if len(rows):
        reported = history.reported[rows]
        last = reported[max(int(np.ceil(TRAINED_ON * len(rows))) - 1, 0)]
        trains = reported <= last
    return Told(history, parties, rows, parties.code[rows], trains)


def parties_of(
    history: History,
    groups: Codes | None,
    names: Sequence[str],
    mapping: Mapping[str, str] | None,
    priority_at: str,
) -> Parties:
    """Say by whom rules are learned: groups where they are given, else priorities.

    Source  docs/engine/learn.md, rule L3: one rule for what one clause reaches.
    """
    if groups is not None:
        return _by_group(history, np.asarray(groups), names)
    if priority_at not in ("final", "opened"):
        raise BadInput(f"The priority that decides is final or opened, not {priority_at!r:.40}.")
    code = history.priority if priority_at == "final" else history.priority_opened
    there = [history.priorities[k] for k in np.unique(code).tolist()]
    read = read_priorities(there, mapping)
    if not any(read.values()):
        everyone = np.zeros(len(history), dtype=np.int16)
        return Parties((Party(tuple(there)),), everyone, False, code, history.priorities)
    known = list(dict.fromkeys(each for each in read.values() if each))
    members = tuple(
        Party(tuple(name for name in there if read[name] == each), (each,)) for each in known
    )
    place = np.full(len(history.priorities), NOBODY, dtype=np.int16)
    for k, name in enumerate(history.priorities):
        if read.get(name):
            place[k] = known.index(str(read[name]))
    unreached = tuple(name for name in there if not read[name])
    return Parties(members, place[code], False, code, history.priorities, unreached)


def _by_group(history: History, groups: Codes, names: Sequence[str]) -> Parties:
    if groups.shape != (len(history),) or groups.dtype.kind not in "iu":
        raise BadInput(
            f"Groups have the shape {groups.shape} for {len(history)} tickets. Give a whole number "
            "for each ticket."
        )
    highest = int(groups.max(initial=-1))
    if names and highest >= len(names):
        raise BadInput(
            f"Group {highest} has no name; {len(names)} names were given. Name every group."
        )
    there = np.unique(groups[groups >= 0]).tolist()
    if not there:
        raise BadInput("No ticket belongs to a group. Give groups from 0 on, or leave them out.")
    members = tuple(Party((str(names[k]) if names else str(k),)) for k in there)
    place = np.full(highest + 2, NOBODY, dtype=np.int32)
    place[there] = np.arange(len(there))
    code = place[np.maximum(groups, -1)]
    return Parties(members, code, True, code, tuple(party.name for party in members))


def known(moments: Seconds) -> npt.NDArray[np.bool_]:
    return moments != MISSING
