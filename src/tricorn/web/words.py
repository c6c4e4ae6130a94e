"""Times and figures as people say them.

Pure functions: the moment of reading (`at`) and the zone are arguments, as everywhere. Moments are
aware datetimes, compared in UTC and said in the zone of the reader. Words go through gettext.
Spans are never rounded up: "in 2 h" means at least two hours, "46 h" that 46 full hours passed.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from math import ceil, floor
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOURS_UNTIL_DAYS = 72
NEAR_DAYS = 6


def duration(span: timedelta) -> str:
    """Return a span in the fewest words that still help: "40 min", "2 h 10 min", "46 h", "5 days".

    Units   A timedelta of either sign; the sign is the caller's to say.
    """
    span = abs(span)
    if span < MINUTE:
        return gettext("under a minute")
    if span < HOUR:
        return gettext("%(minutes)d min") % {"minutes": span // MINUTE}
    if span < 10 * HOUR:
        return _hours_and_minutes(span)
    if span < HOURS_UNTIL_DAYS * HOUR:
        return gettext("%(hours)d h") % {"hours": span // HOUR}
    days = span // DAY
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _hours_and_minutes(span: timedelta) -> str:
    hours, rest = divmod(span, HOUR)
    minutes = rest // MINUTE
    if not minutes:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def coming(span: timedelta) -> str:
    """Return how far ahead something is, coarsely: "in 40 min", "in 2 h", "in 2 days"."""
    if HOUR <= span < DAY:
        span = span // HOUR * HOUR
    if span < MINUTE:
        return gettext("now")
    return gettext("in %(span)s") % {"span": duration(span)}


def when(moment: datetime, *, at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as one says it: "today 14:10", "Monday 08:00, in 2 days", "4 May 2025".

    The days ahead are counted on the calendar of the zone, so Saturday evening to Monday morning
    is 2 days. Within six days the weekday is enough; further away it takes the date.
    """
    local, now = moment.astimezone(zone), at.astimezone(zone)
    days = (local.date() - now.date()).days
    clock = said_as(local, pgettext("time of day", "H:i"))
    if days in (-1, 0, 1):
        near = {
            -1: gettext("yesterday %(clock)s"),
            0: gettext("today %(clock)s"),
            1: gettext("tomorrow %(clock)s"),
        }
        return near[days] % {"clock": clock}
    if abs(days) <= NEAR_DAYS:
        day = said_as(local, "l")
    elif local.year == now.year:
        day = said_as(local, pgettext("day of this year", "j F"))
    else:
        return said_as(local, pgettext("day of another year", "j F Y"))
    said = gettext("%(day)s %(clock)s") % {"day": day, "clock": clock}
    if days < 0:
        return said
    ahead = ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return gettext("%(said)s, %(ahead)s") % {"said": said, "ahead": ahead}


def said_as(local: datetime, form: str) -> str:
    """Return a moment in one of these forms, none of which says its seconds.

    A queue says the same moments again and again, so what was said is remembered.
    """
    # Of moments in two zones that are the same instant, Python holds one for the other.
    wall = local.replace(second=0, microsecond=0, tzinfo=None)
    return _said_as(wall, local.fold, local.tzinfo, form, get_language())


@lru_cache(maxsize=8192)
def _said_as(wall: datetime, fold: int, zone: tzinfo, form: str, language: str | None) -> str:
    return date_format(wall.replace(tzinfo=zone, fold=fold), form)


def exact(moment: datetime, *, zone: ZoneInfo) -> str:
    """Return a moment in full, for a title: "Saturday 21 November 2026, 14:10 CET"."""
    local = moment.astimezone(zone)
    return said_as(local, pgettext("exact moment", "l j F Y, H:i T"))


def machine(moment: datetime) -> str:
    """Return a moment for <time datetime>: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def share(value: float | None, *, digits: int = 1) -> str:
    """Return a share between 0 and 1 as "96.2 %"; nothing measured reads "cannot tell yet".

    Rounded to the nearest, save that only all of them read "100 %" and only none "0 %".
    """
    if value is None:
        return gettext("cannot tell yet")
    least = 10**-digits
    percent = round(value * 100, digits)
    if 0 < value < 1:
        percent = min(max(percent, least), 100 - least)
    text = f"{percent:.{digits}f}"
    if digits and text.endswith("." + "0" * digits):
        text = text[: -digits - 1]
    return gettext("%(number)s %%") % {"number": text}


def share_beside(value: float | None, target: float | None) -> str:
    """Return a share with as many digits as it takes to tell it from its target.

    94.96 % against a promise of 95 % must not read "95 %".
    """
    if value is None or target is None or value == target:
        return share(value)
    digits = (digits for digits in (1, 2, 3) if share(value, digits=digits) != share(target))
    return share(value, digits=next(digits, 3))


def interval(low: float | None, high: float | None) -> str:
    """Return an interval of shares as "93–98 %", rounded outwards; an unknown one as nothing."""
    if low is None or high is None:
        return ""
    return gettext("%(low)d–%(high)d %%") % {
        "low": floor(round(low * 100, 6)),
        "high": ceil(round(high * 100, 6)),
    }
