"""How long tickets took, on a scale that doubles, with the target marked and what lies beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from . import said
from .picture import Picture, Table
from .scales import Place, doubling, doubling_array, edge_of, linear
from .strokes import (
    ACCENT,
    EDGE,
    INK,
    WIDTH,
    box,
    drawn,
    fit,
    hatch,
    label,
    line,
    width_of,
)
from .values import Times

MOST = 6
FEW = 3  # so many are told one by one
BARS = 52.0
LEAST_STEPS = 4


@dataclass(frozen=True)
class Summary:
    """n tickets; half took at most `median` hours, nine of ten at most `p90` (nearest rank)."""

    n: int
    median: float | None
    p90: float | None
    beyond: float | None


def times(
    name: str,
    groups: Sequence[Times],
    *,
    title: str = "How long it took, in service hours",
) -> Picture:
    """Draw one histogram under another on one scale; late tickets are hatched.

    Up to a quarter of an hour the scale is even; then every bar stands for twice the time of the
    one before. Times that are no number are left out.
    """
    groups = [_finite(group) for group in groups]
    chosen = groups[:MOST]
    first, last = _range(groups)
    found = [summary(group) for group in groups]
    words = _told(groups, found)
    words.append(said.more(len(chosen), len(groups), "groups"))
    sentence = " ".join(filter(None, words)) or "There are no times to show yet."
    counts = [_counts(group, first, last) for group in groups]
    pattern, late = hatch(name)
    height, marks = _panels(chosen, found, counts, (first, last), late)
    if chosen:
        height, key = _key(height, late)
        marks += key
    table = _table(groups, found, counts, first)
    return drawn(name, title, sentence, table, height, [pattern, *marks])


def summary(group: Times) -> Summary:
    """Work out what the sentence says of a group."""
    n = len(group.hours)
    ordered = np.sort(group.hours)
    beyond = None
    if group.on_time is not None and group.on_time.value is not None:
        beyond = 1 - group.on_time.value
    elif group.target is not None and n:
        beyond = float((group.hours > group.target).mean())
    if not n:
        return Summary(0, None, None, beyond)
    return Summary(n, float(ordered[(n - 1) // 2]), float(ordered[-(-n * 9 // 10) - 1]), beyond)


def _finite(group: Times) -> Times:
    hours = np.asarray(group.hours, dtype=np.float64)
    kept = hours[np.isfinite(hours) & (hours >= 0)]
    return Times(group.name, kept, group.target, group.on_time)


def _range(groups: Sequence[Times]) -> tuple[int, int]:
    """Return first and last step of the scale: room for every time and every target."""
    ends = [float(edge) for g in groups if len(g.hours) for edge in (g.hours.min(), g.hours.max())]
    ends += [g.target for g in groups if g.target is not None]
    places = [doubling(end) for end in ends] or [0.0]
    first, last = floor(min(places)), max(ceil(max(places)), floor(max(places)) + 1)
    return first, max(last, first + LEAST_STEPS)


def _counts(group: Times, first: int, last: int) -> npt.NDArray[np.int64]:
    """Return how many tickets fall on each step: on time, and late. Shape (2, steps)."""
    place = np.floor(doubling_array(group.hours)).astype(np.int64) - first
    late = group.hours > (np.inf if group.target is None else group.target)
    steps = last - first
    return np.stack([np.bincount(place[mask], minlength=steps) for mask in (~late, late)])


def _panels(
    groups: Sequence[Times],
    found: Sequence[Summary],
    counts: Sequence[npt.NDArray[np.int64]],
    steps: tuple[int, int],
    late: str,
) -> tuple[float, list[str]]:
    first, last = steps
    place = linear(first, last, 2, WIDTH - 2)
    wide = (WIDTH - 4) / (last - first)
    shares = [each.sum(axis=0) / max(int(each.sum()), 1) for each in counts]
    most = max((float(each.max()) for each in shares[: len(groups)]), default=0.0) or 1.0
    marks: list[str] = []
    y = 0.0
    for group, each, both in zip(groups, found, counts, strict=False):
        base = y + 36 + BARS + (16 if group.target is not None else 0)
        right = _beyond(group, each)
        marks.append(label(WIDTH, y + 14, right, anchor="end", strong=True))
        marks.append(label(0, y + 14, fit(group.name, WIDTH - width_of(right, 14) - 16)))
        n = max(int(both.sum()), 1)
        tallest = int(both.sum(axis=0).argmax())
        for k, (kept, missed) in enumerate(both.T.tolist()):
            x, top = place(first + k) + 1, base
            tip = f"{_step_name(first + k)}: {said.count(kept + missed, 'ticket')}"
            for many, fill in ((kept, ACCENT), (missed, late)):
                tall = many / n / most * BARS
                top -= tall
                if many:
                    marks.append(box(x, top, wide - 2, max(tall, 0.8), fill=fill, tip=tip))
            if each.n and k == tallest:
                centre = x + wide / 2 - 1
                words = said.share((kept + missed) / n, 0)
                half = width_of(words) / 2
                centre = min(max(centre, half), WIDTH - half)
                marks.append(label(centre, top - 4, words, anchor="middle", halo=True))
        marks.append(line(0, base, WIDTH, base, paint=EDGE))
        if group.target is not None:
            x = place(doubling(group.target))
            marks.append(line(x, y + 24, x, base + 5, paint=INK, wide=1.5, dash="5 3"))
            words = f"target {said.hours(group.target)}"
            anchor = "end" if x > WIDTH / 2 else "start"
            at = x - 4 if anchor == "end" else x + 4
            marks.append(label(at, y + 34, words, anchor=anchor, halo=True))
        y = base + 10
        if not each.n:
            marks.append(label(0, base - 8, "No ticket to measure."))
        y = _axis(marks, base, first, last, place) + 12
    return y, marks


def _axis(marks: list[str], base: float, first: int, last: int, place: Place) -> float:
    every, taken = max(1, -(-(last - first) // 6)), -WIDTH
    for step in range(first, last + 1, every):
        x = place(step)
        words = said.hours(edge_of(step))
        half = width_of(words) / 2
        anchor = "start" if x < half else "end" if x > WIDTH - half else "middle"
        at = 0.0 if anchor == "start" else WIDTH if anchor == "end" else x
        begin = at - {"start": 0, "middle": half, "end": 2 * half}[anchor]
        if begin < taken + 6:
            continue
        taken = begin + 2 * half
        marks.append(line(x, base, x, base + 4, paint=EDGE))
        marks.append(label(at, base + 18, words, anchor=anchor))
    return base + 22


def _key(y: float, late: str) -> tuple[float, list[str]]:
    marks = [box(0, y, 13, 13), label(18, y + 11, "on time")]
    marks += [box(90, y, 13, 13, fill=late), label(108, y + 11, "longer than the target")]
    return y + 18, marks


def _step_name(step: int) -> str:
    if step == 0:
        return f"under {said.hours(edge_of(1))}"
    return f"{said.hours(edge_of(step))} to {said.hours(edge_of(step + 1))}"


def _beyond(group: Times, found: Summary) -> str:
    if not found.n:
        return ""
    if found.beyond is None or group.target is None:
        return said.count(found.n, "ticket")
    return f"{said.share(found.beyond)} late"


def _told(groups: Sequence[Times], found: Sequence[Summary]) -> list[str]:
    """A sentence each for a few; the least and the most late for many."""
    both = list(zip(groups, found, strict=True))
    late = [(each.beyond, group.name) for group, each in both if each.beyond is not None]
    if len(groups) <= FEW or not late:
        return [_about(group, each) for group, each in both[:FEW]]
    (least, best), (most, worst) = min(late), max(late)
    return [
        f"From {said.share(least)} ({best}) to {said.share(most)} ({worst}) took longer than the "
        "target."
    ]


def _about(group: Times, found: Summary) -> str:
    if not found.n or found.median is None or found.p90 is None:
        return f"{group.name}: no ticket to measure."
    if found.n == 1:
        words = f"{group.name}: the one ticket took {said.hours(found.median)}"
    else:
        words = (
            f"{group.name}: half took at most {said.hours(found.median)}, "
            f"nine of ten at most {said.hours(found.p90)}"
        )
    if group.target is None or found.beyond is None:
        return f"{words}."
    return f"{words}; {said.share(found.beyond)} took longer than {said.hours(group.target)}."


def _table(
    groups: Sequence[Times],
    found: Sequence[Summary],
    counts: Sequence[npt.NDArray[np.int64]],
    first: int,
) -> Table:
    def either(value: float | None) -> str:
        return said.NONE if value is None else said.hours(value)

    rows = [
        ["Tickets", *(said.number(each.n) for each in found)],
        ["Half took at most", *(either(each.median) for each in found)],
        ["Nine of ten took at most", *(either(each.p90) for each in found)],
        ["Target", *(either(group.target) for group in groups)],
        [
            "Longer than the target",
            *(said.NONE if e.beyond is None else said.share(e.beyond) for e in found),
        ],
    ]
    steps = counts[0].shape[1] if counts else 0
    rows += [
        [_step_name(first + k), *(said.number(int(both[:, k].sum())) for both in counts)]
        for k in range(steps)
    ]
    return Table.of(["Time", *(group.name for group in groups)], rows)
