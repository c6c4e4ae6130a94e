"""Simulated waits by option: a dot on its interval, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from . import said
from .picture import Picture, Table
from .scales import linear, ticks
from .strokes import (
    ACCENT,
    EDGE,
    LINE,
    LOOKS,
    WIDTH,
    Look,
    drawn,
    fit,
    label,
    line,
    marker,
    width_of,
)
from .values import Estimate

MOST = 12
ROW, LEFT, RIGHT = 44.0, 8.0, WIDTH - 8
DOT = Look(LOOKS[0].shape, "", ACCENT)


def waits(
    name: str, estimates: Sequence[Estimate], *, title: str = "How long people would wait"
) -> Picture:
    """Draw each estimate as a dot with whiskers from low to high; what cannot be told is said."""
    chosen = estimates[:MOST]
    sentence = _sentence(estimates, len(chosen))
    ends = [e for each in chosen if _can(each) for e in (each.value, each.high) if e is not None]
    most = max((end for end in ends if isfinite(end)), default=0.0) or 1.0
    place = linear(0, most * 1.03, LEFT, RIGHT)
    bottom = len(chosen) * ROW + 2
    marks: list[str] = []
    if ends:
        marks += _axis(most, bottom)
    for n, each in enumerate(chosen):
        y = n * ROW
        marks.append(label(WIDTH, y + 14, value_of(each), strong=True, anchor="end", halo=True))
        beside = f"{each.name} · {each.note}" if each.note else each.name
        room = WIDTH - width_of(value_of(each), 14.5) - 12
        marks.append(label(0, y + 14, fit(beside, room), halo=True))
        if not _can(each) or each.value is None:
            continue
        at = y + 30
        if each.low is not None and each.high is not None:
            low, high = place(max(each.low, 0.0)), place(each.high)
            marks.append(line(low, at, high, at, paint=ACCENT, wide=2))
            marks += [line(x, at - 5, x, at + 5, paint=ACCENT, wide=2) for x in (low, high)]
        tip = f"{each.name}: {value_of(each)}{_bounds(each)}"
        marks.append(marker(place(each.value), at, DOT, r=5.5, tip=tip))
    if not chosen:
        marks.append(label(0, 14, "Nothing was simulated yet."))
    height = bottom + (24 if ends else 0) if chosen else 20
    return drawn(name, title, sentence, _table(estimates), height, marks)


def _axis(most: float, bottom: float) -> list[str]:
    place = linear(0, most * 1.03, LEFT, RIGHT)
    marks = [line(LEFT, bottom, RIGHT, bottom, paint=EDGE)]
    last = -WIDTH
    for value in ticks(0, most * 1.03):
        x, words = place(value), said.hours(value)
        half = width_of(words) / 2
        at = min(max(x, half), WIDTH - half)
        marks.append(line(x, 20, x, bottom, paint=LINE))
        if at - half > last + 6:
            marks.append(label(at, bottom + 17, words, anchor="middle"))
            last = at + half
    return marks


def _can(estimate: Estimate) -> bool:
    bounds = (estimate.value, estimate.low, estimate.high)
    return estimate.value is not None and all(b is None or isfinite(b) for b in bounds)


def value_of(estimate: Estimate) -> str:
    return said.hours(estimate.value) if _can(estimate) else said.CANNOT_TELL


def _bounds(estimate: Estimate) -> str:
    if not _can(estimate) or estimate.low is None or estimate.high is None:
        return ""
    return f" ({said.hours(estimate.low)} to {said.hours(estimate.high)})"


def _sentence(estimates: Sequence[Estimate], shown: int) -> str:
    told = [each for each in estimates if _can(each)]
    if not told:
        return "Nothing was simulated that could tell how long people would wait."
    best = min(told, key=lambda each: each.value or 0.0)
    if len(told) == 1:
        words = [f"With {best.name} people would wait {value_of(best)}{_bounds(best)}."]
    else:
        words = [f"People would wait least with {best.name}: {value_of(best)}{_bounds(best)}."]
        close = [each.name for each in told if each is not best and _overlap(best, each)]
        if close:
            words.append(f"Its interval meets that of {said.together(close)}: no telling apart.")
        worst = max(told, key=lambda each: each.value or 0.0)
        if worst is not best and worst.name not in close:
            words.append(f"The longest is {worst.name}, {value_of(worst)}{_bounds(worst)}.")
    silent = [each.name for each in estimates if not _can(each)]
    if silent:
        words.append(f"For {said.together(silent)} it cannot be told.")
    words.append(said.more(shown, len(estimates), "options"))
    return " ".join(filter(None, words))


def _overlap(one: Estimate, other: Estimate) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low <= other.high and other.low <= one.high


def _table(estimates: Sequence[Estimate]) -> Table:
    return Table.of(
        ("Option", "With", "Wait", "Interval"),
        [
            (
                each.name,
                each.note or said.NONE,
                value_of(each),
                _bounds(each).strip(" ()") or said.NONE,
            )
            for each in estimates
        ],
    )
