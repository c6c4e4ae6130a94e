"""What a clause promises, and the stretches in which somebody holds things up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ..errors import BadTimeline
from ..hours import Schedule, Target


class Holder(StrEnum):
    """Who holds things up while a ticket waits."""

    PROVIDER = "provider"
    CUSTOMER = "customer"
    CLIENT = "client"
    USER = "user"
    SUPPLIER = "supplier"


@dataclass(frozen=True)
class Terms:
    """What a clause promises: a target in these hours, stopped while these people hold it up."""

    clause: str
    schedule: Schedule
    target: Target
    stopped_by: frozenset[Holder] = frozenset()


@dataclass(frozen=True)
class Wait:
    """A stretch in which a ticket waits, half-open; `end` None while it lasts.

    `holder` None: the ticket was resolved at the start and reopened at the end. That always stops
    the clock.
    Errors  BadTimeline for a time without a zone, or an end before the start.
    """

    holder: Holder | None
    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", in_utc(self.start, "The start of a wait"))
        if self.end is None:
            return
        object.__setattr__(self, "end", in_utc(self.end, "The end of a wait"))
        if self.end < self.start:
            raise BadTimeline(
                f"A wait ends at {self.end.isoformat()}, before it starts at "
                f"{self.start.isoformat()}. Give an end that is not earlier."
            )


def in_utc(moment: datetime, what: str) -> datetime:
    """Return the moment in UTC; BadTimeline if it has no zone.

    Source  docs/engine/clocks.md, rule C2: UTC inside, half-open, nothing rounded.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise BadTimeline(f"{what}, {moment.isoformat()}, has no time zone. Give one, UTC at best.")
    return moment.astimezone(UTC)
