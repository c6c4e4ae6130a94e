"""What figures about coverage cannot say, as data: a code and a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ..hours import Schedule
from ..measures import Share
from .history import History

DAY = 86_400
SHORT = 28 * DAY


@dataclass(frozen=True)
class Caveat:
    code: str
    sentence: str


def caveats_of(
    history: History,
    schedule: Schedule,
    counted: Share,
    deferred: int,
    excluded: Mapping[str, int],
) -> tuple[Caveat, ...]:
    """Return what a reader has to know beside the figures; an empty history has one caveat.

    Source  docs/engine/replay.md, rule R18: a closed desk hides demand.
    """
    found = [
        ("too-few", counted.sentence) if not counted.can_tell else None,
        _hidden(deferred),
        _open(history),
        _lost(sum(excluded.values())),
        _short(history),
        _holidays(history, schedule),
    ]
    chosen = found if len(history) else found[:1]
    return tuple(Caveat(*each) for each in chosen if each)


def _hidden(deferred: int) -> tuple[str, str]:
    said = (
        "What hurts while a desk is closed is often reported in the morning, or never. The share "
        "outside hours is at least what is counted here."
    )
    if deferred:
        more = "one report more" if deferred == 1 else f"{deferred:,} reports more"
        said += f" In the first hour after opening came {more} than in the hour after it."
    return "closed-desk-hides-demand", said


def _open(history: History) -> tuple[str, str] | None:
    if many := int(history.is_open.sum()):
        are = "1 ticket was" if many == 1 else f"{many:,} tickets were"
        return (
            "still-open",
            f"{are} still open when the log ended; the waiting is counted up to then.",
        )
    return None


def _lost(many: int) -> tuple[str, str] | None:
    if not many:
        return None
    have = "1 ticket has" if many == 1 else f"{many:,} tickets have"
    return (
        "end-unknown",
        f"{have} no usable end: counted where reports are counted, not where hours are.",
    )


def _short(history: History) -> tuple[str, str] | None:
    if int(history.reported.max()) - int(history.reported.min()) >= SHORT if len(history) else True:
        return None
    return (
        "short-log",
        "The log spans less than four weeks, so every hour of the week was seen fewer than four "
        "times.",
    )


def _holidays(history: History, schedule: Schedule) -> tuple[str, str] | None:
    known = schedule.holidays_known_until
    if known is None or datetime.fromtimestamp(history.until, UTC).date() <= known:
        return None
    return (
        "holidays-unknown",
        f"Public holidays are known up to {known.isoformat()}; later ones count as plain days.",
    )
