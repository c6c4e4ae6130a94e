"""Stretches of every week, in words: "sat", "mon-fri 20:00-06:00", "holidays"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import BadCalendar
from ..hours import Window
from ..hours.spec import DAY_NAMES
from ..hours.window import DAY

WEEK = 7 * DAY
HOLIDAYS = "holidays"
_TEXT = re.compile(r"(?:([a-z]{3})(?:\s*[-–]\s*([a-z]{3}))?)?\s*(\d\S.*)?", re.IGNORECASE)
Stretch = tuple[int, int]


@dataclass(frozen=True)
class When:
    """Seconds of the week from Monday 00:00, half-open and in order; or public holidays.

    A stretch that goes past midnight begins on the days named: "fri 20:00-06:00" ends on Saturday.
    """

    text: str
    stretches: tuple[Stretch, ...] = ()
    is_holidays: bool = False

    @classmethod
    def parse(cls, text: str) -> When:
        """Read days ("sat", "mon-fri"), a window ("20:00-06:00"), both, or "holidays".

        Errors  BadCalendar for anything else.
        """
        said = " ".join(text.split()).lower()
        if said == HOLIDAYS:
            return cls(said, is_holidays=True)
        found = _TEXT.fullmatch(said)
        first, last = (found[1] or "mon", found[2] or found[1] or "sun") if found else ("", "")
        if not said or found is None or first not in DAY_NAMES or last not in DAY_NAMES:
            raise BadCalendar(
                f'"{text[:40]}" is no time of the week; write "sat", "mon-fri 20:00-06:00", '
                '"22:00-06:00" or "holidays".'
            )
        window = Window.parse(found[3]) if found[3] else Window(0, DAY)
        a, b = DAY_NAMES.index(first), DAY_NAMES.index(last)
        days = [(a + n) % 7 for n in range((b - a) % 7 + 1)]
        return cls(said, joined((d * DAY + window.start, d * DAY + window.end) for d in days))

    def holds(self, at: int, is_holiday: bool) -> bool:
        """Whether it includes this second of the week, on a public holiday or another date."""
        return is_holiday if self.is_holidays else any(a <= at < b for a, b in self.stretches)

    def edges(self) -> list[int]:
        return [edge for stretch in self.stretches for edge in stretch]


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the same seconds of the week in order, what lies beyond Sunday at the beginning."""
    parts: list[Stretch] = []
    for start, end in stretches:
        parts.append((start, min(end, WEEK)))
        if end > WEEK:
            parts.append((0, end - WEEK))
    found: list[Stretch] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
