"""A month of one agreement in figures that name nobody, each with what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tricorn.insight.crowd import Crowd, Shown
from tricorn.insight.kins import KEPT, LATE, UNDECIDED, Look, Tickets


@dataclass(frozen=True)
class Count:
    """How many, as far as it may be said.

    `how` is "exact"; "part" (`n`, and those of a few people more); "few" (of fewer people than may
    be shown); "hidden" (enough people, but it would tell of a few others); "none".
    """

    how: str
    n: int = 0


@dataclass(frozen=True)
class Part:
    """How many of a shown `whole` had something: exactly, or only a bound on the share."""

    whole: Count
    n: int | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Kept:
    """How one clause was kept."""

    clause: int
    part: Part


@dataclass(frozen=True)
class Prevented:
    """What one declined option would have covered of the time waited while closed.

    `reports` is "exact" or "hidden" (enough people, no number); one about fewer people is left out
    altogether. `seconds` is None when it may not be said.
    """

    option: int
    reports: Count
    seconds: int | None = None


@dataclass(frozen=True)
class Figures:
    """A month of one agreement. `closed_seconds` is None when it may not be said."""

    reports: Count
    kinds: tuple[tuple[str, Count], ...]
    promises: tuple[Kept, ...]
    undecided: Count
    cancelled: Count
    satisfied: Part
    waited: Count
    closed_seconds: int | None
    declined: tuple[Prevented, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Figures:
        def part(found: dict[str, Any]) -> Part:
            return Part(**{**found, "whole": Count(**found["whole"])})

        return cls(
            reports=Count(**data["reports"]),
            kinds=tuple((kind, Count(**count)) for kind, count in data["kinds"]),
            promises=tuple(Kept(each["clause"], part(each["part"])) for each in data["promises"]),
            undecided=Count(**data["undecided"]),
            cancelled=Count(**data["cancelled"]),
            satisfied=part(data["satisfied"]),
            waited=Count(**data["waited"]),
            closed_seconds=data["closed_seconds"],
            declined=tuple(
                Prevented(each["option"], Count(**each["reports"]), each["seconds"])
                for each in data.get("declined", ())
            ),
        )


Test = Callable[[Look], bool]


class Reading:
    """The tickets of a month as they stood at one of its two readings, and what is shown so far."""

    def __init__(self, tickets: Tickets, shown: Shown, *, is_final: bool) -> None:
        self.tickets = tickets
        self.shown = shown
        self.is_final = is_final

    def stood(self, code: str) -> str:
        """What was decided after the first reading was not decided at it."""
        if code.islower() or code == "-":
            return code
        return code.lower() if self.is_final else UNDECIDED

    def group(self, test: Test) -> int:
        return self.tickets.group([test(look) for look in self.tickets.looks])

    def covered(self, option: int, *codes: str) -> int:
        """The tickets of whose waiting an option would have covered all (a) or part (p)."""
        return self.group(
            lambda look: bool(look.covered) and self.stood(look.covered[option]) in codes
        )

    def promise(self, clause: int, *codes: str) -> int:
        """The tickets whose promise by this clause stood like that; cancelled ones have none."""
        return self.group(
            lambda look: (
                not look.is_cancelled
                and any(one == clause and self.stood(how) in codes for one, how in look.promises)
            )
        )

    def count(self, group: int) -> Count:
        """Show how many a group is, or say why not."""
        crowd = self.shown.crowd
        if not group:
            return Count("none")
        if self.shown.take(group):
            return Count("exact", crowd.count(group))
        return Count("few" if crowd.is_few(group, self.shown.fewest) else "hidden")

    def wholly(self, group: int) -> tuple[Count, int]:
        """Show a group as a whole or not at all."""
        count = self.count(group)
        return count, group if count.how == "exact" else 0

    def nearly(self, group: int) -> tuple[Count, int]:
        """Show a group, or the largest part of it that leaves only a few people out."""
        count, whole = self.wholly(group)
        if whole or not group:
            return count, whole
        if part := self.shown.nearest(group):
            return Count("part", self.shown.crowd.count(part)), part
        return count, 0

    def part(self, whole: tuple[Count, int], group: int) -> Part:
        """Show how many of a whole are in the group, or a bound that follows from the whole alone."""
        count, shown = whole
        inside = group & shown
        if not shown:
            return Part(count)
        if self.shown.take(inside):
            return Part(count, self.shown.crowd.count(inside))
        most = self.shown.fewest - 1
        if self.shown.crowd.count(shown & ~inside) <= most:
            return Part(count, at_least=max(count.n - most, 0) / count.n)
        if self.shown.crowd.count(inside) <= most:
            return Part(count, at_most=min(most, count.n) / count.n)
        return Part(count)


def figures_of(
    tickets: Tickets,
    clauses: Sequence[int],
    fewest: int,
    *,
    is_final: bool,
    options: Sequence[int] = (),
) -> Figures:
    """Return what may be shown of a month. `options` are the declined ones, as `covered` has them.

    At the final reading the first one has been seen already, so it is shown first: what lies
    between both is protected like any other difference.
    Source  docs/decisions/0007-small-counts.md: the order decides what is shown when not all can be.
    """
    shown, sums = Shown(tickets.crowd, fewest), Sums(tickets.crowd, fewest)
    first = Reading(tickets, shown, is_final=False)
    found = _with_declined(_read(first, clauses), first, options, sums)
    if not is_final:
        return found
    final = Reading(tickets, shown, is_final=True)
    return _with_declined(_read(final, clauses), final, options, sums)


class Sums:
    """Of which option hours are said, and what is left of all hours waited beside them.

    Hours are said of one option alone: between two of them stands the waiting of whoever waited in
    the hours that differ. Beside it stands what it would not have covered, at each reading and
    between both: that must not be the waiting of a few either.
    Source  docs/decisions/0011-declined-options-come-back.md: hours of one option.
    """

    def __init__(self, crowd: Crowd, fewest: int) -> None:
        self.crowd, self.fewest = crowd, fewest
        self.option: int | None = None
        self.rests: list[int] = []

    def take(self, option: int, rest: int) -> bool:
        """Say the hours of an option, if nothing about a few people's waiting follows."""
        left = [
            rest,
            *(rest & ~each for each in self.rests),
            *(each & ~rest for each in self.rests),
        ]
        is_other = self.option not in (None, option)
        if is_other or any(self.crowd.is_few(each, self.fewest) for each in left):
            return False
        self.option = option
        self.rests.append(rest)
        return True


def _with_declined(
    figures: Figures, reading: Reading, options: Sequence[int], sums: Sums
) -> Figures:
    """Add what each declined option would have covered, last of all, so that nothing else gives way."""
    waited = reading.group(lambda look: reading.stood(look.waited) == "w")
    found = []
    for place, option in enumerate(options):
        inside = reading.covered(place, "a", "p")
        reports = reading.count(inside)
        if reports.how not in ("exact", "hidden"):
            continue
        seconds = None
        rest = waited & ~reading.covered(place, "a")
        if reports.how == "exact" and sums.take(option, rest):
            seconds = reading.tickets.covered_seconds(inside, place)
        found.append(Prevented(option, reports, seconds))
    return replace(figures, declined=tuple(found))


def figures_once(tickets: Tickets, clauses: Sequence[int], fewest: int) -> Figures:
    """Return what may be shown of tickets that are shown once, each as it last stood."""
    return _read(Reading(tickets, Shown(tickets.crowd, fewest), is_final=True), clauses)


def _read(reading: Reading, clauses: Sequence[int]) -> Figures:
    crowd = reading.shown.crowd
    decided = {each: reading.promise(each, KEPT, LATE) for each in clauses}
    wholes = {
        each: reading.nearly(decided[each])
        for each in sorted(clauses, key=lambda each: (crowd.count(decided[each]), each))
    }
    promises = tuple(
        Kept(each, reading.part(wholes[each], reading.promise(each, KEPT))) for each in clauses
    )
    reports, _ = reading.nearly(crowd.everybody)
    kinds = sorted({look.kind for look in reading.tickets.looks})
    groups = {kind: _kind(reading, kind) for kind in kinds}
    counted = {
        kind: reading.count(groups[kind])
        for kind in sorted(kinds, key=lambda each: -crowd.count(groups[each]))
    }
    waited = reading.group(lambda look: reading.stood(look.waited) == "w")
    answered = reading.group(lambda look: reading.stood(look.rating) in ("s", "n"))
    satisfied = reading.group(lambda look: reading.stood(look.rating) == "s")
    undecided = reading.group(
        lambda look: (
            not look.is_cancelled
            and any(reading.stood(how) == UNDECIDED for _, how in look.promises)
        )
    )
    said = reading.count(waited)
    return Figures(
        reports=reports,
        kinds=tuple((kind, counted[kind]) for kind in kinds),
        promises=promises,
        waited=said,
        closed_seconds=crowd.closed_seconds(waited) if said.how in ("exact", "none") else None,
        satisfied=reading.part(reading.wholly(answered), satisfied),
        undecided=reading.count(undecided),
        cancelled=reading.count(reading.group(lambda look: look.is_cancelled)),
    )


def _kind(reading: Reading, kind: str) -> int:
    return reading.group(lambda look: look.kind == kind)
