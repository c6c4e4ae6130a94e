"""The dates on which an iCalendar event happens, as far as a week and dated exceptions can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from .spec import bad

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST_YEAR = 2100
_MOST_DATES = 10_000
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", "BYMONTH", "BYMONTHDAY"}
Rule = Mapping[str, list]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Either every week on these weekdays without an end, or on these dates."""

    weekdays: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()


def repeats(rule: Rule | None, start: datetime, whole_day: bool, place: str) -> Repeats:
    """Where a rule leads from `start`, a local time without zone.

    Errors  BadCalendar for what neither a week nor dates can say; `place` names the event.
    Source  docs/engine/hours.md, rule H12.
    """
    if not rule:
        return Repeats(dates=(start.date(),))
    often = str(_one(rule, "FREQ", "")).upper()
    unknown = sorted(key for key in rule if key.upper() not in _KNOWN)
    if unknown:
        raise bad(place, f"service hours cannot say {', '.join(unknown)}; write the windows out.")
    if often == "YEARLY" and whole_day:
        return Repeats(dates=_yearly(rule, start))
    if often not in ("DAILY", "WEEKLY") or {"BYMONTH", "BYMONTHDAY"} & set(rule):
        raise bad(
            place,
            f"service hours cannot repeat {often.lower() or 'without a FREQ'} like this; they know "
            f"DAILY and WEEKLY, and YEARLY for whole days.",
        )
    weekdays = _weekdays(rule, often, start, place)
    step = int(_one(rule, "INTERVAL", 1))
    if step < 1:
        raise bad(place, f"INTERVAL={step} does not repeat; it must be 1 or more.")
    if "COUNT" not in rule and "UNTIL" not in rule:
        if step != 1:
            raise bad(place, f"every {step} without an end is no week; give it an UNTIL.")
        return Repeats(weekdays=weekdays)
    return Repeats(dates=_finite(rule, start, weekdays, step if often == "DAILY" else -step, place))


def _weekdays(rule: Rule, often: str, start: datetime, place: str) -> tuple[int, ...]:
    if "BYDAY" not in rule:
        return tuple(range(7)) if often == "DAILY" else (start.weekday(),)
    names = [str(name).upper() for name in rule["BYDAY"]]
    if odd := [name for name in names if name not in _DAYS]:
        raise bad(place, f"BYDAY={','.join(odd)} is no day of the week.")
    return tuple(sorted(_DAYS.index(name) for name in names))


def _finite(
    rule: Rule, start: datetime, weekdays: tuple[int, ...], step: int, place: str
) -> tuple[date, ...]:
    """Dates up to COUNT or UNTIL; a negative step counts in weeks."""
    count, until = int(_one(rule, "COUNT", _MOST_DATES)), _until(rule, start)
    first = start.date()
    begins = _DAYS.index(str(_one(rule, "WKST", "MO")).upper())
    monday = first - timedelta(days=(first.weekday() - begins) % 7)
    found: list[date] = []
    for number in range(_MOST_DATES * 7):
        day = first + timedelta(days=number)
        if len(found) == count or datetime.combine(day, start.time()) > until:
            return tuple(found)
        on_beat = number % step == 0 if step > 0 else ((day - monday).days // 7) % -step == 0
        if on_beat and day.weekday() in weekdays:
            found.append(day)
    raise bad(place, f"repeats more than {_MOST_DATES} times; leave out its end.")


def _yearly(rule: Rule, start: datetime) -> tuple[date, ...]:
    until = _until(rule, start).date()
    step, count = int(_one(rule, "INTERVAL", 1)), int(_one(rule, "COUNT", _MOST_DATES))
    found = []
    for year in range(start.year, _LAST_YEAR + 1, max(step, 1)):
        try:
            day = start.date().replace(year=year)
        except ValueError:  # 29 February
            continue
        if day <= until:
            found.append(day)
    return tuple(found[:count])


def _until(rule: Rule, start: datetime) -> datetime:
    until = _one(rule, "UNTIL", None)
    if until is None:
        return datetime.combine(date.max, time.max)
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    if until.tzinfo is not None and start.tzinfo is not None:
        until = until.astimezone(start.tzinfo)
    return until.replace(tzinfo=None)


def _one(rule: Rule, key: str, otherwise: object) -> Any:
    values = rule.get(key)
    if values is None:
        return otherwise
    return values[0] if isinstance(values, list) else values
