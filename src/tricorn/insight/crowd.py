"""Groups of tickets that may be shown: no sum or difference of them is about fewer than five people.

Tickets that are alike in everything we count make one `Kin`; a group is a set of kins, written as
the bits of an integer. Whoever reads figures can add groups that share nothing and take one group
from another that holds it, as often as they like: `Shown` keeps all that can be had that way, and
takes a new group in only when none of it is about one to four people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# More derived groups than this are not followed: then the next group is not shown.
MOST_DERIVED = 2000


@dataclass(frozen=True)
class Kin:
    """Tickets that are alike: how many, whose, and the seconds they waited while closed.

    `people` holds a number per distinct person; an anonymous report is one person of its own.
    """

    count: int
    people: frozenset[int]
    closed_seconds: int = 0


class Crowd:
    """The kins of one agreement and month; answers how many tickets and people a group has."""

    def __init__(self, kins: Sequence[Kin]) -> None:
        self.kins = tuple(kins)
        self.everybody = (1 << len(self.kins)) - 1

    def members(self, group: int) -> list[Kin]:
        return [kin for place, kin in enumerate(self.kins) if group >> place & 1]

    def count(self, group: int) -> int:
        return sum(kin.count for kin in self.members(group))

    def closed_seconds(self, group: int) -> int:
        return sum(kin.closed_seconds for kin in self.members(group))

    def people(self, group: int, enough: int = 1_000_000_000) -> int:
        """Return how many distinct people a group is about; stops counting at `enough`."""
        found: set[int] = set()
        for kin in self.members(group):
            if len(kin.people) >= enough:
                return enough
            found |= kin.people
            if len(found) >= enough:
                return enough
        return len(found)

    def is_few(self, group: int, fewest: int) -> bool:
        """Whether a group is about somebody, and about fewer than `fewest` people."""
        return bool(group) and self.people(group, fewest) < fewest


class Shown:
    """What is shown of a crowd so far, with everything that follows from it by subtraction."""

    def __init__(self, crowd: Crowd, fewest: int, most: int = MOST_DERIVED) -> None:
        self.crowd = crowd
        self.fewest = fewest
        self.most = most
        self.known: set[int] = set()

    def take(self, group: int) -> bool:
        """Show a group if nothing about too few people follows; say whether it is shown.

        Source  docs/decisions/0007-small-counts.md: what is shown is closed under subtraction.
        """
        if group == 0 or group in self.known:
            return True
        known = self._closed(group)
        if known is None:
            return False
        self.known = known
        return True

    def nearest(self, group: int) -> int:
        """Return the largest part of a group that may be shown, 0 for none.

        Tried are its common parts with what is shown already: what differs is about few people.
        """
        parts = sorted({group & each for each in self.known}, key=self.crowd.count, reverse=True)
        for part in parts:
            if part and self.crowd.is_few(group & ~part, self.fewest) and self.take(part):
                return part
        return 0

    def _closed(self, group: int) -> set[int] | None:
        """Return all that is known once the group is shown; None if it tells of too few."""
        seen = set(self.known)
        fresh = [group]
        while fresh:
            one = fresh.pop()
            if one in seen:
                continue
            if len(seen) >= self.most or self.crowd.is_few(one, self.fewest):
                return None
            fresh += [each for each in _derived(one, seen) if each not in seen]
            seen.add(one)
        return seen


def _derived(group: int, known: Iterable[int]) -> Iterable[int]:
    """Yield what one more group gives together with each known one: differences and sums."""
    for other in known:
        common = group & other
        if not common:
            yield group | other
        elif common == other:
            yield group ^ other
        elif common == group:
            yield other ^ group
