"""Reading moments as sources write them, in a zone that somebody named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadInput

ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$"
)
PLAIN = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d$")  # the same, the commonest way
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?$")
# 29/Feb/16 4:05 PM, as Jira writes it; months in English.
NAMED_MONTH = re.compile(
    r"(\d{1,2})[/ .-]([A-Za-z]{3})[a-z]*[/ .-](\d{2}|\d{4})[ ,]+(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"(?:\s*([AaPp])\.?[Mm]\.?)?$"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEARS = range(1900, 2200)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - for arithmetic on local times
# Logs by the minute repeat their moments, logs by the second do not: what is kept stays small.
KEPT = 1 << 16


class Moments:
    """Reads moments of one source; the same text is read once.

    zone     The zone of times that carry none; None refuses them.
    formats  strptime formats of this source; ISO 8601, day/month/year and Jira's form are known
             besides. Fractions of a second are cut off.
    shift    Moved by that much, on the local clock: a demonstration brings an old log up to today.
    A local time that a clock change skipped is read as that much later; one that comes twice, as
    the first.
    """

    def __init__(
        self,
        zone: ZoneInfo | None,
        formats: Sequence[str] = (),
        shift: timedelta = timedelta(),
    ) -> None:
        self.zone, self.shift = zone, shift
        self.formats = tuple(formats)
        self._known: dict[str, int] = {}

    def read(self, text: str) -> datetime:
        """Return the moment in UTC; errors as `seconds`."""
        return EPOCH + timedelta(seconds=self.seconds(text))

    def seconds(self, text: str) -> int:
        """Return the moment in whole UTC seconds.

        Errors  BadInput with what was expected, for an unknown form or a year that cannot be;
                NaiveTime for a time that says no zone when none was named.
        """
        found = self._known.get(text)
        if found is None:
            found = self._seconds(text.strip())
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[text] = found
        return found

    def _seconds(self, text: str) -> int:
        moment = self._parsed(text)
        if moment.year not in YEARS:
            raise BadInput(f"{text!r}: the year {moment.year} cannot be right.")
        # Through the offset of that moment: what a clock change skipped comes out later by the gap.
        if moment.tzinfo is not None:
            offset = moment.utcoffset()
            moment = moment.replace(tzinfo=None)
        elif self.zone is None:
            raise NaiveTime(text)
        else:
            if self.shift:
                moment += self.shift
            offset = self.zone.utcoffset(moment)
        since = moment - _NAIVE_EPOCH - (offset or timedelta())
        return since.days * 86_400 + since.seconds

    def _parsed(self, text: str) -> datetime:
        for form in self.formats:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
        try:
            if PLAIN.match(text):
                return datetime.fromisoformat(text)
            if ISO.match(text):
                iso = text.removesuffix("UTC").rstrip() + "Z" if text.endswith("UTC") else text
                return datetime.fromisoformat(iso.replace(" +", "+").replace(" Z", "Z"))
            if match := DAY_FIRST.match(text):
                day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
                return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
            if (match := NAMED_MONTH.match(text)) and match[2].lower() in MONTHS:
                return _named_month(match)
        except ValueError as problem:
            raise BadInput(f"{text!r} is no moment: {problem}.") from problem
        known = ", ".join(self.formats) or "2016-02-29 16:05 or 29/2/2016 16:05"
        raise BadInput(f"{text[:40]!r} is no moment; expected {known}.")


class NaiveTime(BadInput):
    """A file whose times say no zone, and nobody named one: nothing of it can be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"The times of this file, such as {text!r}, say no time zone. "
            "Name it: --zone Europe/Berlin",
            text=text,
        )


def _named_month(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, half = match.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(f"there is no {hours} o'clock {half.upper()}M")
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    return datetime(  # noqa: DTZ001 - its zone is looked up next
        int(year) + (2000 if len(year) == 2 else 0),
        MONTHS.index(month.lower()) + 1,
        int(day),
        hours,
        int(minute),
        int(second or 0),
    )
