"""What a ticket says of its clocks having gone on by a newer version, read from its journal."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from tricorn.engine.days import day_in_words
from tricorn.journal.models import Line


def moved_words(lines: Iterable[Line], zone: str) -> tuple[str, ...]:
    """Return one sentence for each move, in order; none for a ticket whose clocks never moved."""
    said = []
    for line in lines:
        if line.kind != "ticket.moved":
            continue
        on = line.at.astimezone(ZoneInfo(zone))
        ref, was, now = (line.data.get(key) for key in ("agreement", "was", "now"))
        said.append(
            f"Since {day_in_words(on)} {on:%H:%M} it runs by {ref} v{now}, before by {ref} v{was}: "
            "the signed text moves the clocks that run."
        )
    return tuple(said)
