"""A window that could be added to service hours: Saturday mornings, an hour in the evening."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..errors import BadCalendar
from ..hours import Hours, Window
from ..hours.spec import DAY_NAMES
from ..hours.window import DAY

WEEK = 7 * DAY
_TEXT = re.compile(r"\s*([a-z]{3})(?:\s*[-–]\s*([a-z]{3}))?\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Extra:
    """A window on some days of the week (0 is Monday), under a name for people."""

    name: str
    days: tuple[int, ...]
    window: Window

    @classmethod
    def parse(cls, text: str) -> Extra:
        """Read "sat 09:00-13:00" or "mon-fri 18:00-20:00".

        Errors  BadCalendar for anything else.
        """
        found = _TEXT.fullmatch(text)
        first, last = (found[1].lower(), (found[2] or found[1]).lower()) if found else ("", "")
        if found is None or first not in DAY_NAMES or last not in DAY_NAMES:
            raise BadCalendar(
                f'"{text[:40]}" is not a window of the week; write "sat 09:00-13:00" or '
                '"mon-fri 18:00-20:00".'
            )
        a, b = DAY_NAMES.index(first), DAY_NAMES.index(last)
        days = tuple((a + n) % 7 for n in range((b - a) % 7 + 1))
        return cls(" ".join(text.split()), days, Window.parse(found[3]))

    def added_to(self, hours: Hours) -> Hours:
        """Return the hours with this window in every week.

        Nothing is taken away; what the week serves already is not served twice. Holidays and
        dates with hours of their own stay as they are.
        Source  docs/engine/replay.md, rule R16: a window is added to the week alone.
        """
        weekly = [list(windows) for windows in hours.weekly]
        for day in self.days:
            for start, end in _free(weekly, day * DAY + self.window.start, self._length):
                begin = start % DAY
                weekly[start // DAY % 7].append(Window(begin, begin + end - start))
        return replace(hours, weekly=tuple(tuple(sorted(windows)) for windows in weekly))

    @property
    def _length(self) -> int:
        return self.window.end - self.window.start


def _free(weekly: list[list[Window]], start: int, length: int) -> list[tuple[int, int]]:
    """Return the parts of a stretch of the week in which no window is open, in order."""
    taken = sorted(
        (day * DAY + window.start + turn, day * DAY + window.end + turn)
        for day, windows in enumerate(weekly)
        for window in windows
        for turn in (-WEEK, 0, WEEK)
    )
    free, at, end = [], start, start + length
    for a, b in taken:
        if a >= end:
            break
        if b > at:
            if a > at:
                free.append((at, a))
            at = b
    return [*free, (at, end)] if at < end else free
