"""Service hours from iCalendar: events of RFC 5545 and availability of RFC 7953 (rule H12)."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadCalendar

from .check import check_zone
from .recurrence import Repeats, repeats
from .spec import Hours, Windows, bad
from .window import DAY, Window

_ONE_DAY = timedelta(days=1)
_LONGEST_BOUND = 3_700  # dates of one bounded availability: ten years
Pieces = list[tuple[int, int]]  # seconds of a local date, half-open; an end may pass midnight


@dataclass
class Layer:
    """What one group of events says: a round week, and dates on top of it."""

    week: dict[int, Pieces] = field(default_factory=dict)
    week_closed: dict[int, Pieces] = field(default_factory=dict)
    more: dict[date, Pieces] = field(default_factory=dict)
    less: dict[date, Pieces] = field(default_factory=dict)
    closed: dict[date, Pieces] = field(default_factory=dict)
    names: dict[date, str] = field(default_factory=dict)

    def of_week(self, weekday: int) -> Pieces:
        return _without(_union(self.week.get(weekday, [])), self.week_closed.get(weekday, []))

    def on(self, day: date) -> Pieces:
        """The windows that open on a date, closures not yet taken away."""
        kept = [p for p in self.week.get(day.weekday(), []) if p not in self.less.get(day, [])]
        usual = _without(_union(kept), self.week_closed.get(day.weekday(), []))
        return _union(usual + self.more.get(day, []))

    @property
    def special(self) -> set[date]:
        return {*self.more, *self.less, *self.closed}


def from_ical(text: str | bytes, zone: str | None) -> Hours:
    """Read the service hours that a calendar describes.

    Errors  BadCalendar: no iCalendar, no zone or several, or an event that neither a week nor
            dated exceptions can say; the sentence names the event.
    Source  docs/engine/hours.md, rule H12.
    """
    from icalendar.error import BrokenCalendarProperty

    roots = _parse(text)
    try:
        return _read(roots, zone)
    except BrokenCalendarProperty as error:
        raise BadCalendar(f"iCalendar: {error}.") from None


def _read(roots: list[Any], zone: str | None) -> Hours:
    zone = zone or _zone(roots)
    check_zone(zone)
    base = Layer()
    bounded = []
    moved = _moved(roots)
    for event in _walk(roots, "VEVENT"):
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            _take(base, event, zone, moved)
    for availability in _walk(roots, "VAVAILABILITY"):
        layer = base
        if availability.get("DTEND") is not None or availability.get("DURATION") is not None:
            layer = Layer()
            bounded.append((_rank(availability), _bounds(availability, zone), layer))
        for part in availability.walk("AVAILABLE"):
            _take(layer, part, zone, moved)
    if not (base.week or base.more or bounded):
        raise BadCalendar("iCalendar: no event says when anything is open.")
    return _hours(zone, base, [b[1:] for b in sorted(bounded, key=lambda b: b[0])])


def _parse(text: str | bytes) -> list[Any]:
    from icalendar import Calendar

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a vendor's name of a zone is checked by ourselves
            return list(Calendar.from_ical(text, multiple=True))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        reason = (str(error).splitlines() or ["unreadable"])[0][:120]
        raise BadCalendar(f"iCalendar: this cannot be read: {reason}.") from None


def _take(layer: Layer, event: Any, zone: str, moved: set[tuple[str, date]]) -> None:
    """Add one VEVENT or AVAILABLE to a layer."""
    place = f'iCalendar, "{event.get("SUMMARY") or event.get("UID") or event.name}"'
    start, length, whole_day = _when(event, zone, place)
    rule = event.get("RRULE")
    if isinstance(rule, list):
        raise bad(place, "it has several RRULE; keep one.")
    found = repeats(rule, start, whole_day, place)
    if found.weekdays and _zone_of(event.get("DTSTART")) not in (None, zone):
        raise bad(place, f"it repeats in another zone than {zone}; write it in that zone.")
    said_closed = str(event.get("SUMMARY", "")).strip().casefold().startswith("closed")
    closes = event.name == "VEVENT" and (whole_day or said_closed)
    skipped = {*_dates(event.get("EXDATE"), zone, place)}
    if event.get("RECURRENCE-ID") is None:
        skipped |= {day for uid, day in moved if uid == str(event.get("UID", ""))}
    found = Repeats(found.weekdays, (*found.dates, *_dates(event.get("RDATE"), zone, place)))
    for offset, piece in _pieces(start, length):
        for weekday in found.weekdays:
            week = layer.week_closed if closes else layer.week
            week.setdefault((weekday + offset) % 7, []).append(piece)
        if found.weekdays and not closes:
            for day in skipped:
                if day.weekday() in found.weekdays:
                    layer.less.setdefault(day + offset * _ONE_DAY, []).append(piece)
        for day in found.dates:
            if day in skipped:
                continue
            on = day + offset * _ONE_DAY
            (layer.closed if closes else layer.more).setdefault(on, []).append(piece)
            if closes and event.get("SUMMARY"):
                layer.names[on] = str(event["SUMMARY"])


def _when(event: Any, zone: str, place: str) -> tuple[datetime, int, bool]:
    """Local start, length in seconds on the wall clock, and whether it is about whole days."""
    begin = _moment(event, "DTSTART", place)
    if begin is None:
        raise bad(place, "it has no DTSTART.")
    end, lasts = _moment(event, "DTEND", place), getattr(event.get("DURATION"), "dt", None)
    whole_day = not isinstance(begin, datetime)
    if end is not None and whole_day != (not isinstance(end, datetime)):
        raise bad(place, "DTSTART and DTEND must both be dates or both be times.")
    start = _local(begin, zone)
    if end is not None:
        length = _local(end, zone) - start
    elif isinstance(lasts, timedelta):
        length = lasts
    else:
        length = _ONE_DAY if whole_day else timedelta()
    if whole_day and not length:  # some write the end as the last day, not the day after
        length = _ONE_DAY
    if length < timedelta():
        raise bad(place, "it ends before it starts.")
    return start, length.days * DAY + length.seconds, whole_day


def _pieces(start: datetime, length: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Less than 24 hours are one window; what is longer is cut at every midnight."""
    begin = start.hour * 3600 + start.minute * 60 + start.second
    end = begin + length
    if length == 0:
        return  # a moment, like a reminder: it opens nothing
    if length < DAY:
        yield 0, (begin, end)
        return
    for offset in range(-(-end // DAY)):
        yield offset, (max(begin - offset * DAY, 0), min(end - offset * DAY, DAY))


def _hours(zone: str, base: Layer, bounded: list[tuple[tuple[date, date], Layer]]) -> Hours:
    week = tuple(_windows(base.of_week(day)) for day in range(7))
    own = {day: base.on(day) for day in base.special}
    closed, names = dict(base.closed), dict(base.names)
    for (first, last), layer in bounded:
        for number in range((last - first).days):
            day = first + number * _ONE_DAY
            own[day] = layer.on(day)
            closed[day] = layer.closed.get(day, [])
    shut, opened = [], []
    for day in sorted(own):
        before = own.get(day - _ONE_DAY, base.of_week((day - _ONE_DAY).weekday()))
        if day - _ONE_DAY in closed and closed[day - _ONE_DAY] == [(0, DAY)]:
            before = base.of_week((day - _ONE_DAY).weekday())
        tails = [(0, end - DAY) for _, end in before if end > DAY]
        windows = _windows(_without(_union(own[day] + tails), closed.get(day, [])))
        if not windows:
            shut.append(day)
        elif windows != week[day.weekday()] or tails:
            opened.append((day, windows))
    kept = {*shut, *(day for day, _ in opened)}
    named = tuple((day, names[day]) for day in sorted(names) if day in kept)
    return Hours(zone=zone, weekly=week, closed=tuple(shut), opened=tuple(opened), names=named)


def _union(pieces: Iterable[tuple[int, int]]) -> Pieces:
    """Joined where they overlap or touch, as long as a window may last."""
    joined: Pieces = []
    for start, end in sorted(pieces):
        if joined and start <= joined[-1][1]:
            first, last = joined[-1][0], max(end, joined[-1][1])
            if last - first < DAY or (first, last) == (0, DAY):
                joined[-1] = (first, last)
                continue
            start = joined[-1][1]
            if start >= min(last, DAY):
                continue
        joined.append((start, end))
    return joined


def _without(pieces: Pieces, closed: Iterable[tuple[int, int]]) -> Pieces:
    for begin, end in closed:
        cut = [(s, min(e, begin)) for s, e in pieces] + [(max(s, end), e) for s, e in pieces]
        pieces = sorted({(s, e) for s, e in cut if s < e})
    return pieces


def _windows(pieces: Pieces) -> Windows:
    """As windows; what a closure left of a window behind midnight is no window of this date."""
    return tuple(Window(s, e) for s, e in pieces if s < DAY)


def _walk(roots: list[Any], name: str) -> Iterator[Any]:
    for root in roots:
        yield from root.walk(name)


def _moved(roots: list[Any]) -> set[tuple[str, date]]:
    """Single occurrences that an event of their own replaces."""
    found = set()
    for event in [*_walk(roots, "VEVENT"), *_walk(roots, "AVAILABLE")]:
        original = getattr(event.get("RECURRENCE-ID"), "dt", None)
        if original is not None:
            day = original.date() if isinstance(original, datetime) else original
            found.add((str(event.get("UID", "")), day))
    return found


def _zone(roots: list[Any]) -> str:
    """The one zone of all times. Errors: BadCalendar if there is none, or several."""
    for root in roots:
        if root.get("X-WR-TIMEZONE"):
            return str(root["X-WR-TIMEZONE"])
    events = [*_walk(roots, "VEVENT"), *_walk(roots, "AVAILABLE")]
    if not events:
        raise BadCalendar("iCalendar: no event says when anything is open.")
    zones = sorted({z for event in events if (z := _zone_of(event.get("DTSTART")))})
    if len(zones) == 1:
        return zones[0]
    said = f"its times are in {', '.join(zones)}" if zones else "no time says its zone"
    raise BadCalendar(f"iCalendar: {said}; name one zone with X-WR-TIMEZONE.")


def _zone_of(value: Any) -> str | None:
    tzinfo = getattr(getattr(value, "dt", None), "tzinfo", None)
    if tzinfo is None:
        return str(value.params["TZID"]) if "TZID" in getattr(value, "params", {}) else None
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    named = str(getattr(tzinfo, "key", None) or value.params.get("TZID") or "UTC")
    return str(WINDOWS_TO_OLSON.get(named, named))


def _moment(event: Any, name: str, place: str) -> date | None:
    value = event.get(name)
    found = getattr(value, "dt", None)
    if value is not None and not isinstance(found, date):
        raise bad(place, f"its {name} is no date and no time.")
    return found


def _local(value: date, zone: str) -> datetime:
    """The wall reading in the zone, without zone; floating times are wall readings already."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    return (
        value.replace(tzinfo=None)
        if value.tzinfo is None
        else (value.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
    )


def _dates(value: Any, zone: str, place: str) -> Iterator[date]:
    for several in value if isinstance(value, list) else [value] if value else []:
        for one in getattr(several, "dts", []):
            if not isinstance(one.dt, date):
                raise bad(place, "it lists periods; service hours know dates and times.")
            yield _local(one.dt, zone).date()


def _bounds(availability: Any, zone: str) -> tuple[date, date]:
    place = f'iCalendar, "{availability.get("UID") or "VAVAILABILITY"}"'
    begin, end = _moment(availability, "DTSTART", place), _moment(availability, "DTEND", place)
    if begin is None or end is None:
        raise bad(place, "an availability with an end must say DTSTART and DTEND.")
    first, last = _local(begin, zone).date(), (_local(end, zone) - timedelta(seconds=1)).date()
    if not 0 <= (last - first).days < _LONGEST_BOUND:
        raise bad(place, "its DTSTART and DTEND must lie in order and within ten years.")
    return first, last + _ONE_DAY


def _rank(availability: Any) -> int:
    """Later wins: PRIORITY 1 is the highest, 9 the lowest, 0 or none below all."""
    priority = int(availability.get("PRIORITY", 0))
    return 10 - priority if priority else 0
