"""What service hours must never say."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from .spec import DAY_NAMES, Holidays, Hours, Windows, bad
from .window import DAY, Window


def check(hours: Hours) -> None:
    """Refuse hours that contradict themselves; the sentence begins with the place.

    Errors  BadCalendar.
    Source  docs/engine/hours.md, rule H11.
    """
    check_zone(hours.zone)
    if len(hours.weekly) != 7:
        raise bad("weekly", f"a week has seven days, not {len(hours.weekly)}.")
    _check_week(hours.weekly)
    if hours.holidays:
        check_holidays(hours.holidays)
    _check_dates(hours)


@lru_cache(maxsize=512)
def check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(zone, sorted(available_timezones()), n=1, cutoff=0.6)
        hint = (
            f'did you mean "{near[0]}"?'
            if near
            else 'use an IANA name like "Europe/Berlin" or "America/New_York".'
        )
        raise bad("zone", f'"{zone}" is not a known time zone; {hint}') from None


@lru_cache(maxsize=512)
def check_holidays(whose: Holidays) -> None:
    from holidays import country_holidays
    from holidays.registry import COUNTRIES

    codes = sorted(code for names in COUNTRIES.values() for code in names[1:])
    if whose.country not in codes:
        near = get_close_matches(whose.country.upper(), codes, n=1)
        hint = f'did you mean "{near[0]}"?' if near else 'use an ISO code like "US" or "DE".'
        raise bad("holidays.country", f'"{whose.country}" is not a known country; {hint}')
    if whose.subdivision is None:
        return
    try:
        country_holidays(whose.country, subdiv=whose.subdivision)
    except NotImplementedError:
        known = country_holidays(whose.country).subdivisions
        choice = (
            f"known are: {', '.join(known)}." if known else "this country has none; leave it out."
        )
        raise bad(
            "holidays.subdivision",
            f'"{whose.subdivision}" is not a known subdivision of {whose.country}; {choice}',
        ) from None


def _check_week(weekly: tuple[Windows, ...]) -> None:
    """No two windows overlap, also across midnight, also from Sunday into Monday."""
    placed = [(n, k, w) for n, day in enumerate(weekly) for k, w in enumerate(day)]
    for n, day in enumerate(weekly):
        _check_order(day, f"weekly.{DAY_NAMES[n]}")
    for n, _, late in placed:
        for m, k, early in placed:
            if m == (n + 1) % 7 and late.end - DAY > early.start:
                raise bad(
                    f"weekly.{DAY_NAMES[m]}[{k}]",
                    f"{early} overlaps {late} of {DAY_NAMES[n]}, which goes past midnight; "
                    f"shorten one of them.",
                )


def _check_order(windows: Windows, place: str) -> None:
    for k, window in enumerate(windows):
        if not isinstance(window, Window):
            raise bad(f"{place}[{k}]", f"{window!r} is not a window.")
        for other in windows[:k]:
            if window.start < other.end and other.start < window.end:
                raise bad(
                    f"{place}[{k}]", f"{window} overlaps {other}; join them or shorten one of them."
                )


def _check_dates(hours: Hours) -> None:
    seen: dict[date, str] = {}
    for place, day in _dates(hours):
        if day in seen:
            first = seen[day]
            both = "both closed and open" if first[:4] != place[:4] else "named twice"
            raise bad(place, f"{day} is {both} (see {first}); keep one of them.")
        seen[day] = place
    for k, (_, windows) in enumerate(hours.opened):
        _check_order(windows, f"open[{k}].windows")


def _dates(hours: Hours) -> Iterator[tuple[str, date]]:
    for k, day in enumerate(hours.closed):
        yield f"closed[{k}].on", day
    for k, (day, _) in enumerate(hours.opened):
        yield f"open[{k}].on", day
