"""Named holiday calendars that might be meant: none, the zone's country, its parts, any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

from ..hours.spec import Holidays, public_holidays

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Named:
    """Calendars that close on the same dates of a stretch of time.

    names   the calendars, the most plausible one first; (None,) for no holidays
    days    local dates, counted from 1970-01-01
    effort  how much there is to say: nothing for none, little for the zone's own country
    """

    names: tuple[Holidays | None, ...]
    days: frozenset[int]
    effort: float


NONE = Named((None,), frozenset(), 0.0)


def named_calendars(zone: str, first: date, last: date) -> list[Named]:
    """Return the distinct calendars between two dates, the plain ones first.

    Cost    about 0.1 s: every country that the holiday data knows.
    Source  docs/engine/learn.md, rule L6: holidays have a name.
    """
    own = country_of(zone)
    known = _countries()
    candidates: list[tuple[Holidays | None, float]] = [(None, 0.0)]
    if own in known:
        candidates.append((Holidays(own), 1.0))
        candidates += [(Holidays(own, part), 2.0) for part in known[own]]
    candidates += [(Holidays(name), 4.0) for name in known if name != own]
    found: dict[frozenset[int], tuple[list[Holidays | None], float]] = {}
    for whose, effort in candidates:
        days = _days(whose, first, last)
        names, _ = found.setdefault(days, ([], effort))
        names.append(whose)
    return [Named(tuple(names), days, effort) for days, (names, effort) in found.items()]


def country_of(zone: str) -> str:
    """Return the ISO code of the country that a zone lies in; "" where it is not known."""
    return _zones().get(zone, "")


def _days(whose: Holidays | None, first: date, last: date) -> frozenset[int]:
    if whose is None:
        return frozenset()
    years = range(first.year, last.year + 1)
    days = [day for year in years for day in public_holidays(whose, year)]
    return frozenset((day - EPOCH).days for day in days if first <= day <= last)


@lru_cache(maxsize=1)
def _countries() -> dict[str, Sequence[str]]:
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    return {name: parts for name, parts in sorted(known.items()) if len(name) == 2}


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Each zone's country, by the table that comes with the zones; empty where there is none."""
    try:
        text = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, OSError):
        return {}
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows if len(row) > 2}


def day_number(local: int) -> date:
    return EPOCH + timedelta(days=local // 86_400)
