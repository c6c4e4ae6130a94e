"""A window of local time on one date, and a span of UTC time."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from tricorn.engine.errors import BadCalendar

DAY = 86_400

_WINDOW = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*[-–]\s*(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, half-open: its start belongs to it, its end does not. UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Seconds of one local date, half-open; an `end` above 86400 lies on the next date.

    Source  docs/engine/hours.md, rules H1 and H3.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        whole_date = (self.start, self.end) == (0, DAY)
        if not (whole_date or 0 <= self.start < min(DAY, self.end) <= self.end < self.start + DAY):
            raise BadCalendar(
                f"A window is a whole date, or opens on it and lasts less than 24 hours; "
                f"{self.start} to {self.end} seconds does not."
            )

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read "08:30-17:00"; "22:00-06:00" goes past midnight, "00:00-24:00" is the whole date.

        Errors  BadCalendar, a sentence without the place.
        """
        found = _WINDOW.fullmatch(text.strip())
        if not found:
            raise BadCalendar(f'"{text}" is not a window; write it like "08:30-17:00".')
        start, end = _seconds(*found.groups()[:3]), _seconds(*found.groups()[3:])
        if start is None or end is None or start == DAY:
            raise BadCalendar(
                f'"{text}" is not a window: the hours of a day are 00:00 to 23:59, '
                f"and 24:00 only as an end."
            )
        if start == end:
            raise BadCalendar(
                f'"{text}" ends when it starts; for the whole day write "00:00-24:00".'
            )
        return cls(start, end if end > start else end + DAY)

    @property
    def goes_past_midnight(self) -> bool:
        return self.end > DAY

    def __str__(self) -> str:
        end = self.end if self.end <= DAY else self.end - DAY
        return f"{_clock(self.start)}-{_clock(end)}"


def _seconds(hours: str, minutes: str, seconds: str | None) -> int | None:
    h, m, s = int(hours), int(minutes), int(seconds or 0)
    total = h * 3600 + m * 60 + s
    return total if m < 60 and s < 60 and total <= DAY else None


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text
