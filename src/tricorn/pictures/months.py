"""The share on time by month, with its interval and what was agreed, under several options."""

from __future__ import annotations

from collections.abc import Sequence

from tricorn.engine.measures import Share, share

from . import said
from .picture import Picture, Table
from .scales import Place, floor_of_shares, linear
from .strokes import (
    INK,
    LINE,
    LOOKS,
    WIDTH,
    Look,
    drawn,
    fit,
    label,
    line,
    marker,
    path,
    shown,
)
from .values import Series

NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_MARKS, MOST_MONTHS = 48, 24
FEW = 3  # so many options are told one by one
LEFT, RIGHT = 44.0, 62.0
PLOT, STRIP = 150.0, 26.0


def months(
    name: str,
    series: Sequence[Series],
    agreed: float | None = None,
    *,
    title: str = "On time, month by month",
    names: Sequence[str] = NAMES,
) -> Picture:
    """Draw each month as a mark on its interval, one shape and dash for each option.

    A month of which n is too small to tell stands hollow below the scale.
    agreed  a share between 0 and 1; None where none is
    """
    every = sorted({month for each in series for month in each.months})
    chosen = series[: len(LOOKS)]
    kept = every[-min(MOST_MONTHS, MOST_MARKS // max(len(chosen), 1)) :]
    sentence = _sentence(series, every, agreed)
    left_out = " ".join(
        part
        for part in (
            said.more(len(chosen), len(series), "options"),
            f"Drawn are the last {len(kept)} of {len(every)} months; the table has all."
            if len(kept) < len(every)
            else "",
        )
        if part
    )
    sentence = f"{sentence} {left_out}".rstrip()
    height, marks = _plot(chosen, kept, agreed, names)
    return drawn(name, title, sentence, _table(series, every, agreed, names), height, marks)


def _plot(
    series: Sequence[Series], kept: list[str], agreed: float | None, names: Sequence[str]
) -> tuple[float, list[str]]:
    shares = [each.months[m] for each in series for m in kept if m in each.months]
    told = [s for s in shares if s.can_tell]
    few = any(not s.can_tell for s in shares)
    marks, top = [], 8.0
    for each, look in zip(series, LOOKS, strict=False):
        whole = whole_of(each)
        words = said.beside(whole.value, agreed) if whole.can_tell else said.TOO_FEW
        marks.append(line(0, top + 5, 26, top + 5, paint=look.paint, wide=1.5, dash=look.dash))
        marks.append(marker(13, top + 5, look))
        marks.append(label(33, top + 10, fit(each.name, 240)))
        marks.append(label(WIDTH, top + 10, words, strong=True, anchor="end"))
        top += 20
    if not kept:
        marks.append(label(0, top + 14, "No month to show yet."))
        return top + 22, marks
    top += 14
    known = [s.low for s in told] + ([agreed] if agreed is not None else [])
    low = floor_of_shares(known)
    bottom = top + PLOT
    place = linear(low, 1.0, bottom, top)
    right = WIDTH - (RIGHT if few or agreed is not None else 8)
    for value in (low, (low + 1) / 2, 1.0):
        y = place(value)
        marks.append(line(LEFT, y, right, y, paint=LINE))
        marks.append(label(LEFT - 6, y + 4, said.share(value, 0), anchor="end"))
    if agreed is not None:
        y = place(agreed)
        marks.append(line(LEFT, y, right, y, paint=INK, wide=1.5, dash="5 3"))
        marks.append(label(right + 6, y + 1, said.share(agreed), strong=True))
        marks.append(label(right + 6, y + 15, "agreed"))
    step = (right - LEFT) / len(kept)
    apart = min(step / (len(series) + 0.6), 11.0)
    for k, (each, look) in enumerate(zip(series, LOOKS, strict=False)):
        shift = (k - (len(series) - 1) / 2) * apart
        xs = {m: LEFT + (n + 0.5) * step + shift for n, m in enumerate(kept)}
        marks += _series(each, look, xs, place, bottom + STRIP / 2)
    if few:
        marks.append(label(right + 6, bottom + STRIP / 2 + 4, "too few"))
        bottom += STRIP
    return _axis(marks, kept, step, bottom, names)


def _series(
    each: Series, look: Look, xs: dict[str, float], place: Place, strip: float
) -> list[str]:
    marks: list[str] = []
    points: list[list[str]] = [[]]
    for month, x in xs.items():
        share_ = each.months.get(month)
        if share_ is None or not share_.n:
            points.append([])
            continue
        tip = f"{each.name}, {month}: {share_.sentence}"
        if not share_.can_tell or share_.value is None:
            points.append([])
            marks.append(marker(x, strip, look, hollow=True, r=3.5, tip=tip))
            continue
        y = place(share_.value)
        points[-1].append(f"{shown(float(x))} {shown(float(y))}")
        marks.append(line(x, place(share_.low), x, place(share_.high), paint=look.paint, wide=1.5))
        marks.append(marker(x, y, look, tip=tip))
    joined = "".join("M" + "L".join(run) for run in points if len(run) > 1)
    return [path(joined, paint=look.paint, dash=look.dash), *marks] if joined else marks


def _axis(
    marks: list[str], kept: list[str], step: float, bottom: float, names: Sequence[str]
) -> tuple[float, list[str]]:
    every = max(1, -(-30 // max(int(step), 1)))
    year = ""
    for n, month in enumerate(kept):
        if n % every:
            continue
        x = LEFT + (n + 0.5) * step
        marks.append(label(x, bottom + 17, names[int(month[5:]) - 1], anchor="middle"))
        if month[:4] != year:
            year = month[:4]
            marks.append(label(x, bottom + 32, year, anchor="middle"))
    return bottom + 38, marks


def whole_of(each: Series) -> Share:
    """Return the share of all months together."""
    shares = each.months.values()
    return share(sum(s.met for s in shares), sum(s.n for s in shares))


def _sentence(series: Sequence[Series], every: list[str], agreed: float | None) -> str:
    if not every:
        return "No month has a ticket to judge yet."
    words = _told(series, agreed)
    few = sorted({m for each in series for m, s in each.months.items() if not s.can_tell})
    if few:
        words.append(
            f"{'One month has' if len(few) == 1 else f'{len(few)} months have'} too few tickets "
            "to tell."
        )
    return " ".join(words)


def _told(series: Sequence[Series], agreed: float | None) -> list[str]:
    """A sentence each for a few; the least and the most on time for many."""
    wholes = [(whole_of(each), each.name) for each in series]
    values = [(w.value, name) for w, name in wholes if w.can_tell and w.value is not None]
    if len(series) <= FEW or not values:
        return [_about(each, agreed) for each in series[:FEW]]
    (least, worst), (most, best) = min(values), max(values)
    return [
        f"On time in all: from {said.beside(least, agreed)} ({worst}) to "
        f"{said.beside(most, agreed)} ({best})"
        + (f"; agreed is {said.share(agreed)}." if agreed is not None else ".")
    ]


def _about(each: Series, agreed: float | None) -> str:
    whole = whole_of(each)
    if not whole.can_tell:
        return f"{each.name}: {said.TOO_FEW}."
    words = f"{each.name}: {said.beside(whole.value, agreed)} on time in all"
    told = [s for s in each.months.values() if s.can_tell and s.value is not None]
    if agreed is None or not told:
        return f"{words}."
    below = [s for s in told if s.value is not None and s.value < agreed]
    clearly = sum(s.high < agreed for s in below)
    of = f"{len(below)} of {len(told)} months"
    if len(below) == len(told):
        of = "the one month" if len(told) == 1 else f"all {len(told)} months"
    if not below:
        return f"{words}, never below the agreed {said.share(agreed)} in a month."
    words += f", below the agreed {said.share(agreed)} in {of}"
    if not clearly or len(told) == 1:
        return f"{words}."
    if len(below) == 1:
        return f"{words}, clearly so."
    return f"{words}, clearly so in {'all of them' if clearly == len(below) else clearly}."


def _table(
    series: Sequence[Series], every: list[str], agreed: float | None, names: Sequence[str]
) -> Table:
    head = ["Month", *(each.name for each in series)]
    rows = [
        [
            f"{names[int(month[5:]) - 1]} {month[:4]}",
            *(said.counted(each.months.get(month), agreed) for each in series),
        ]
        for month in every
    ]
    rows.append(["All", *(said.counted(whole_of(each), agreed) for each in series)])
    if agreed is not None:
        rows.append(["Agreed", *(said.share(agreed) for _ in series)])
    return Table.of(head, rows)
