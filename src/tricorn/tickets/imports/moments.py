"""Reading moments as sources write them, in a zone that somebody named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tricorn.engine.errors import BadInput

ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$"
)
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?$")


class Moments:
    """Reads moments of one source; the same text is read once.

    zone     The zone of times that carry none; None refuses them.
    formats  strptime formats of this source; ISO 8601 and day/month/year are known besides.
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
        self._known: dict[str, datetime] = {}

    def read(self, text: str) -> datetime:
        """Return the moment in UTC.

        Errors  BadInput with what was expected, for an unknown form, or a naive time without zone.
        """
        if found := self._known.get(text):
            return found
        moment = self._read(text.strip())
        self._known[text] = moment
        return moment

    def _read(self, text: str) -> datetime:
        for form in self.formats:
            try:
                return self._placed(datetime.strptime(text, form), text)  # noqa: DTZ007
            except ValueError:
                continue
        try:
            if match := ISO.match(text):
                year, month, day, hour, minute, second, offset = match.groups()
                naive = datetime(  # noqa: DTZ001 - its zone is looked up next
                    int(year), int(month), int(day), int(hour), int(minute), int(second or 0)
                )
                if offset:
                    return (naive - _offset(offset)).replace(tzinfo=UTC)
                return self._placed(naive, text)
            if match := DAY_FIRST.match(text):
                day, month, year, hour, minute, second = match.groups()
                return self._placed(
                    datetime(  # noqa: DTZ001
                        int(year), int(month), int(day), int(hour), int(minute), int(second or 0)
                    ),
                    text,
                )
        except ValueError as problem:
            raise BadInput(f"{text!r} is no moment: {problem}.") from problem
        known = ", ".join(self.formats) or "2016-02-29 16:05 or 29/2/2016 16:05"
        raise BadInput(f"{text[:40]!r} is no moment; expected {known}.")

    def _placed(self, moment: datetime, text: str) -> datetime:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        if self.zone is None:
            raise NaiveTime(text)
        # Through UTC and back: what the clock change skipped comes out later by the gap.
        return (moment + self.shift).replace(tzinfo=self.zone).astimezone(UTC)


class NaiveTime(BadInput):
    """A file whose times say no zone, and nobody named one: nothing of it can be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"The times of this file, such as {text!r}, say no time zone. "
            "Name it: --zone Europe/Berlin",
            text=text,
        )


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
