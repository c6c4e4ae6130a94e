"""When tickets come, by hour and weekday, and when the desk is open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

import numpy as np
import numpy.typing as npt

from tricorn.engine.hours import Hours
from tricorn.engine.replay import Gain, Uncovered

from . import said
from .picture import Picture, Table
from .strokes import (
    ACCENT,
    GROUND,
    INK,
    TRACK,
    WIDTH,
    box,
    drawn,
    fit,
    label,
    line,
    path,
    shown,
    width_of,
)
from .values import Shape

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHADES = (0.14, 0.32, 0.52, 0.76, 1.0)
HOUR, DAY = 3600, 86_400
LEFT, TOP, ROW = 40.0, 20.0, 21.0
STEP = (WIDTH - LEFT - 2) / 24
MOST = 3  # windows in the key
Spans = list[tuple[int, int]]
Counts = npt.NDArray[np.int64]


def heat_map(
    name: str,
    found: Uncovered,
    hours: Hours,
    extras: Sequence[Shape] = (),
    *,
    title: str = "When tickets come, and when the desk is open",
    days: Sequence[str] = DAYS,
    by: str = "tickets",
    sentence: str = "",
) -> Picture:
    """Draw 168 cells shaded by demand, the desk's hours outlined, further windows dashed.

    by        "tickets": reported in the hour; "hours": waited in it by all tickets
    days      names of the weekdays, Monday first
    sentence  what is said of it instead of its figures, where not all of these may be told
    Errors    ValueError for another word.
    """
    if by not in ("tickets", "hours"):
        raise ValueError(f"Demand is shown by tickets or hours, not by {by}.")
    week = found.week
    cells = week.tickets if by == "tickets" else np.rint(week.seconds / HOUR).astype(np.int64)
    unit = "tickets" if by == "tickets" else "h waited"
    bounds = steps(int(cells.max()), int(cells.min()))
    sentence = sentence or _sentence(found, days, by)
    marks = [_head(), *_cells(cells, bounds, days, unit)]
    open_ = open_spans(hours)
    for extra in extras:
        marks += _outlined(_added(open_, open_spans(extra.added_to(hours))), "4 3")
    marks += _outlined(open_, "")
    height, key = _key(TOP + 7 * ROW + 10, bounds, unit, extras, any(open_))
    rows = [
        (f"{hour:02d}–{hour + 1:02d}", *(said.number(int(cells[day, hour])) for day in range(7)))
        for hour in range(24)
    ]
    total = ("all day", *(said.number(int(cells[day].sum())) for day in range(7)))
    table = Table.of(("Hour", *days), [*rows, total])
    return drawn(name, title, sentence, table, height, [*marks, *key])


def steps(most: int, least: int = 0) -> list[tuple[int, int]]:
    """Return up to five ranges of counts from above zero to the greatest.

    They are finer where counts are small; where no hour is quiet they are even, from the least on.
    """
    of = len(SHADES)
    if least > most / 4:
        ends = {least - 1 + ceil((most - least + 1) * n / of) for n in range(1, of + 1)}
        return _ranges(least, ends)
    return _ranges(1, {ceil(most * (n / of) ** 2) for n in range(1, of + 1)} - {0})


def _ranges(first: int, ends: set[int]) -> list[tuple[int, int]]:
    starts = [first, *(end + 1 for end in sorted(ends))]
    return list(zip(starts, sorted(ends), strict=False))


def open_spans(hours: Hours) -> list[Spans]:
    """Return when a plain week is open: seconds of each local day, cut at midnight, joined."""
    days: list[Spans] = [[] for _ in range(7)]
    for day, windows in enumerate(hours.weekly):
        for window in windows:
            days[day].append((window.start, min(window.end, DAY)))
            if window.end > DAY:
                days[(day + 1) % 7].append((0, window.end - DAY))
    return [_joined(spans) for spans in days]


def _joined(spans: Spans) -> Spans:
    joined: Spans = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _added(before: list[Spans], after: list[Spans]) -> list[Spans]:
    """Return what the second week has open and the first has not."""
    return [_differs(a, b) for a, b in zip(before, after, strict=True)]


def _differs(one: Spans, other: Spans) -> Spans:
    """Return where exactly one of two timelines is open."""
    edges = sorted({edge for span in (*one, *other) for edge in span})

    def within(spans: Spans, at: int) -> bool:
        return any(start <= at < end for start, end in spans)

    return _joined([(a, b) for a, b in pairwise(edges) if within(one, a) != within(other, a)])


def _outlined(days: list[Spans], dash: str) -> list[str]:
    """Draw the outline round the union of all spans: where a row and the next differ."""
    parts = []
    rows: list[Spans] = [[], *days, []]
    for row, (above, below) in enumerate(pairwise(rows)):
        y = shown(TOP + row * ROW)
        parts += [f"M{_x(a)} {y}H{_x(b)}" for a, b in _differs(above, below)]
    for row, spans in enumerate(days):
        top, bottom = shown(TOP + row * ROW), shown(TOP + (row + 1) * ROW)
        parts += [f"M{_x(edge)} {top}V{bottom}" for span in spans for edge in span]
    if not parts:
        return []
    d = "".join(parts)
    return [path(d, paint=GROUND, wide=4), path(d, paint=INK, wide=2, dash=dash)]


def _x(second: int) -> str:
    return shown(LEFT + second / HOUR * STEP)


def _head() -> str:
    anchors = {0: "start", 24: "end"}
    return "".join(
        label(LEFT + hour * STEP, 13, f"{hour:02d}", anchor=anchors.get(hour, "middle"))
        for hour in range(0, 25, 3)
    )


def _cells(
    cells: Counts, bounds: list[tuple[int, int]], days: Sequence[str], unit: str
) -> list[str]:
    marks = []
    for day in range(7):
        y = TOP + day * ROW
        marks.append(label(0, y + 15, fit(_short(days[day]), LEFT - 4)))
        for hour in range(24):
            n = int(cells[day, hour])
            step = next((k for k, (_, end) in enumerate(bounds) if 0 < n <= end), None)
            tip = f"{days[day]} {hour:02d}–{hour + 1:02d}: {said.number(n)} {unit}"
            x = LEFT + hour * STEP
            fill, shade = (TRACK, None) if step is None else (ACCENT, _shade(step, len(bounds)))
            marks.append(
                box(x + 0.5, y + 0.5, STEP - 1, ROW - 1, fill=fill, opacity=shade, tip=tip)
            )
    return marks


def _shade(step: int, of: int) -> float:
    """The darkest shade is the greatest count, however few steps there are."""
    return SHADES[len(SHADES) - of + step]


def _short(day: str) -> str:
    return day[:3]


def _key(
    y: float, bounds: list[tuple[int, int]], unit: str, extras: Sequence[Shape], open_: bool
) -> tuple[float, list[str]]:
    """Draw what shades and outlines mean; return the height of the picture too."""
    marks, x = [], 0.0
    for k, (low, high) in enumerate([(0, 0), *bounds]):
        if k == 0 and bounds and bounds[0][0] > 1:
            continue
        words = said.number(low) if low == high else f"{said.number(low)}–{said.number(high)}"
        words += f" {unit}" if k == len(bounds) else ""
        wide = 17 + width_of(words) + 8
        if x + wide > WIDTH:
            x, y = 0.0, y + 19
        fill, shade = (TRACK, None) if k == 0 else (ACCENT, _shade(k - 1, len(bounds)))
        marks.append(box(x, y, 13, 13, fill=fill, opacity=shade))
        marks.append(label(x + 17, y + 11, words))
        x += wide
    outlines: list[tuple[str, str | None]] = [("the desk is open", "")]
    if not open_:
        outlines = [("the desk is never open", None)]
    outlines += [(extra.name, "4 3") for extra in extras[:MOST]]
    if len(extras) > MOST:
        outlines.append((f"and {len(extras) - MOST} windows more", "4 3"))
    for words, dash in outlines:
        y += 20
        if dash is not None:
            marks.append(line(0, y + 7, 24, y + 7, paint=INK, wide=2, dash=dash))
        marks.append(label(0 if dash is None else 31, y + 11, fit(words, WIDTH - 31)))
    return y + 18, marks


def _sentence(found: Uncovered, days: Sequence[str], by: str) -> str:
    if not found.share.n:
        return "There are no tickets to show yet."
    if by == "hours":
        return _waited(found, days)
    n, closed = found.share.n, found.share.met
    if not closed:
        came = "The one ticket" if n == 1 else f"All {said.number(n)} tickets"
        return f"{came} came while the desk was open."
    day, hour = divmod(int(found.week.tickets_closed.argmax()), 24)
    most = int(found.week.tickets_closed[day, hour])
    words = (
        f"{said.number(closed)} of {said.count(n, 'ticket')} ({said.share(closed / n)}) came while "
        f"the desk was closed"
    )
    if closed > 1:
        words += (
            f"; the busiest such hour is {days[day]} {hour:02d} to {hour + 1:02d}, with {most:,}"
        )
    return " ".join([f"{words}.", *map(_gain, found.gains[:MOST])])


def _gain(gain: Gain) -> str:
    low, high = gain.tickets.low, gain.tickets.high
    many = said.number(low) if low == high else f"{said.number(low)} to {said.number(high)}"
    return f"With {gain.name} it would have been there for {many} of them."


def _waited(found: Uncovered, days: Sequence[str]) -> str:
    low, high = found.seconds.hours
    if not high:
        return "Nobody waited while the desk was closed."
    by_day = found.week.seconds_closed.sum(axis=1)
    day = int(by_day.argmax())
    return (
        f"People waited {said.between(low, high)} while the desk was closed; the most on "
        f"{days[day]}s, up to {said.hours(float(by_day[day]) / HOUR)}."
    )
