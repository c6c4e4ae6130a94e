"""When an agreement is reviewed, and by when it can be ended: days worked out from its texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tricorn.agreements.bridge import content_of
from tricorn.agreements.models import Version

MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAY = timedelta(days=1)
# So long before the last day for notice (or the end) it is announced.
ANNOUNCED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, order=True)
class ReviewPeriod:
    """The days that one review is about, both included, and the last day for its verdict."""

    first: date
    last: date
    due_on: date
    per: str

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """Its calendar months as (year, month), in order."""
        start = self.first.year * 12 + self.first.month - 1
        end = self.last.year * 12 + self.last.month
        return tuple((each // 12, each % 12 + 1) for each in range(start, end))

    @property
    def over_on(self) -> date:
        """The first day on which its figures can be read: the next month has begun."""
        return _plus(self.last.replace(day=1), 1)


@dataclass(frozen=True)
class Ending:
    """How an agreement goes on after its last day: `notice_by` is the last day for notice."""

    last_day: date
    notice_by: date | None
    renews: str

    @property
    def decide_by(self) -> date:
        """The day before which somebody should have decided what comes after."""
        return self.notice_by or self.last_day


def periods(versions: Sequence[Version], *, at: datetime) -> list[ReviewPeriod]:
    """Return the periods of an agreement that are over at an instant and are to be reviewed.

    Periods follow the calendar: months, quarters from January, years. One in which the agreement
    ran for a part only is reviewed for that part. The rhythm is that of the version that ran last
    in it. What was over before the agreement was put on record is history, and not reviewed.

    Shapes  versions of one agreement, oldest first, with their texts. No query.
    """
    if not versions:
        return []
    today, begun = local_day(versions[0], at), first_day(versions[0])
    known_since = local_day(versions[0], min(each.activated_at for each in versions))
    found: list[ReviewPeriod] = []
    for month in _months(begun, today):
        end = _plus(month, 1) - DAY
        version = _last_in(versions, month, end)
        review = getattr(content_of(version), "review", None) if version else None
        if version is None or review is None:
            continue
        last = min(end, _end_of(versions, version) or end)
        if last == end and end.month % MONTHS[review.per]:
            continue
        if last < known_since or end >= today:
            continue
        unit = _plus(month, -((month.month - 1) % MONTHS[review.per]))
        after = [found[-1].last + DAY] if found else []
        first = max([unit, begun, *after])
        found.append(ReviewPeriod(first, last, review.within.after(last), review.per))
    return found


def ending(version: Version, *, at: datetime) -> Ending | None:
    """Return when the version's term is over, as it stands at an instant; None without a last day.

    A text that renews itself has a new last day whenever one has passed.
    """
    if version.to_at is None:
        return None
    content = content_of(version)
    last, today = local_day(version, version.to_at) - DAY, local_day(version, at)
    renews = getattr(content, "renews", None)
    while renews is not None and last < today:
        last = renews.after(last)
    notice = getattr(content, "notice", None)
    return Ending(last, notice.before(last) if notice else None, str(renews) if renews else "")


def local_day(version: Version, at: datetime) -> date:
    """Return the day of an instant as the version's zone reads it."""
    return at.astimezone(ZoneInfo(version.zone)).date()


def first_day(version: Version) -> date:
    return local_day(version, version.from_at)


def _end_of(versions: Sequence[Version], version: Version) -> date | None:
    """The last day of a version that nothing follows; None where something does, or it goes on."""
    if version is not versions[-1] or version.to_at is None:
        return None
    if getattr(content_of(version), "renews", None) is not None:
        return None
    return local_day(version, version.to_at) - DAY


def _last_in(versions: Sequence[Version], first: date, last: date) -> Version | None:
    """The version that ran last in some days."""
    for version in reversed(versions):
        end = _end_of(versions, version)
        if first_day(version) <= last:
            return version if end is None or end >= first else None
    return None


def _months(begun: date, today: date) -> Iterable[date]:
    month = begun.replace(day=1)
    while month < today:
        yield month
        month = _plus(month, 1)


def _plus(month: date, months: int) -> date:
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
