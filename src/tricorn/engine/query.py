"""What somebody typed into a search box, taken apart: words, "phrases", field:value, and -not.

Pure: no field is known here but by its name, and no text whatever fails.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 300
MOST_PARTS = 24
PART = re.compile(
    r'(?P<no>-?)(?:(?P<field>[^\W\d_][\w-]{0,20}):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]*))'
)
AGO = re.compile(r"([<>])=?(\d{1,5})(min|m|h|d|w)", re.IGNORECASE)
DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
UNITS = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Part:
    """One thing asked for. `field` is "" for plain words; `unknown` a field that nobody has.

    `begins` is where it stands in what was typed, counted in characters from 0.
    """

    value: str
    field: str = ""
    is_not: bool = False
    is_quoted: bool = False
    is_last: bool = False
    unknown: str = ""
    begins: int = dataclasses.field(default=0, compare=False)

    @property
    def values(self) -> tuple[str, ...]:
        """The values of a field, any of which will do: those between commas, else the phrase."""
        if self.is_quoted:
            return (self.value.strip(),)
        return tuple(each for each in self.value.split(",") if each)


def parts_of(text: str, fields: Collection[str]) -> tuple[Part, ...]:
    """Take a text apart. A field that is not among these is looked for as the words it is made of.

    Errors  None: whatever cannot be read as more is a word.
    """
    words = [(found.start(), found[0]) for found in re.finditer(r"\S+", text[:LONGEST])]
    # Where each character of the text with single spaces stood in what was typed.
    places = [start + n for start, word in words for n in range(len(word) + 1)]
    line = " ".join(word for _, word in words)
    return tuple(_parts(line, places, frozenset(fields)))[:MOST_PARTS]


def _parts(text: str, places: Sequence[int], fields: frozenset[str]) -> Iterator[Part]:
    at = 0
    while at < len(text):
        found = PART.match(text, at)
        if found is None or found.end() == at:
            at += 1
            continue
        begins, at = places[at], found.end()
        quoted, plain, field = found["quoted"], found["plain"], found["field"] or ""
        value = plain if quoted is None else quoted
        name, unknown = field.casefold(), ""
        if field and name not in fields:
            # An address or a time of day has a colon, too; that is no field of anybody.
            unknown = "" if not value or value.startswith("/") else field
            value, name = f"{field}:{value}", ""
        if value.strip() or name:
            yield Part(
                value=value,
                field=name,
                is_not=bool(found["no"]),
                is_quoted=quoted is not None,
                is_last=quoted is None and at == len(text),
                unknown=unknown,
                begins=begins,
            )


@dataclass(frozen=True)
class Stretch:
    """A stretch of time: from `since` on, before `until`; None where it has no end."""

    since: datetime | None = None
    until: datetime | None = None


def stretch_of(text: str, *, at: datetime, zone: str, is_ahead: bool = False) -> Stretch | None:
    """Read a stretch of time as people type it; None when it is none.

    <2h, >7d      nearer than that to now, or further: ahead of it for due times, else ago
    today, yesterday, tomorrow
    2026, 2026-10, 2026-10-05; with < before it, with > after it; 2026-10-01..2026-10-05
    Units   Days are those of `zone`; what comes back is UTC.
    """
    text = text.strip().casefold()
    try:
        if found := AGO.fullmatch(text):
            span = timedelta(**{UNITS[found[3].casefold()]: int(found[2])})
            if is_ahead:
                edge = at + span
                return Stretch(until=edge) if found[1] == "<" else Stretch(since=edge)
            edge = at - span
            return Stretch(since=edge) if found[1] == "<" else Stretch(until=edge)
        return _days(text, at, ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None


def _days(text: str, at: datetime, zone: ZoneInfo) -> Stretch | None:
    if ".." in text:
        first, _, last = text.partition("..")
        begin, end = _day(first, at, zone), _day(last, at, zone)
        if begin is None or end is None:
            return None
        return Stretch(begin.since, end.until)
    sign = text[:1] if text[:1] in ("<", ">") else ""
    day = _day(text[len(sign) :].removeprefix("="), at, zone)
    if day is None or not sign:
        return day
    return Stretch(until=day.since) if sign == "<" else Stretch(since=day.until)


def _day(text: str, at: datetime, zone: ZoneInfo) -> Stretch | None:
    today = at.astimezone(zone).date()
    near = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if text in near:
        day = today + timedelta(days=near[text])
        return Stretch(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
    found = DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day_of = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    first = date(year, month, day_of)
    if found[3]:
        after = first + timedelta(days=1)
    elif found[2]:
        after = date(year + month // 12, month % 12 + 1, 1)
    else:
        after = date(year + 1, 1, 1)
    return Stretch(_midnight(first, zone), _midnight(after, zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
