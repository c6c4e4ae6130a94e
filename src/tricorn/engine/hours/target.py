"""A target: how much service time, or how many service days, a promise allows."""

import re
from dataclasses import dataclass

from tricorn.engine.errors import BadTarget

_TIME = re.compile(r"(?:(\d{1,9})h)?\s*(?:(\d{1,9})m)?\s*(?:(\d{1,9})s)?", re.ASCII)
_DAYS = re.compile(r"(\d{1,9})d", re.ASCII)
_LONGEST_SECONDS = 100 * 366 * 86_400
_LONGEST_DAYS = 100 * 366


@dataclass(frozen=True, slots=True)
class Target:
    """Either `seconds` of service time or `days` of service; the other one is None.

    Source  docs/engine/hours.md, rule H6.
    """

    seconds: int | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        given = [n for n in (self.seconds, self.days) if n is not None]
        if len(given) != 1:
            raise BadTarget("A target is either service time or service days, and one of them.")
        if given[0] <= 0:
            raise BadTarget('A target must be more than nothing; write it like "8h" or "3d".')
        if given[0] > (_LONGEST_DAYS if self.days is not None else _LONGEST_SECONDS):
            raise BadTarget("A target is at most a hundred years.")

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read "8h", "90m", "45s", "1h30m" (service time) or "3d" (service days).

        Errors  BadTarget for anything else.
        """
        stripped = text.strip().lower()
        if days := _DAYS.fullmatch(stripped):
            return cls(days=int(days[1]))
        found = _TIME.fullmatch(stripped)
        if not stripped or not found:
            raise BadTarget(
                f'"{text[:40]}" is not a target; write service time like "8h", "90m" or "1h30m", '
                f'or service days like "3d".'
            )
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return cls(seconds=hours * 3600 + minutes * 60 + seconds)

    def __str__(self) -> str:
        if self.seconds is None:
            return f"{self.days}d"
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
        return "".join(f"{n}{unit}" for n, unit in parts if n)
