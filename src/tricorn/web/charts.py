"""Pictures of data as server-rendered SVG: frozen values in, safe markup out.

Every picture carries a title and a description, labels its marks directly, and has its table one
click away. What the numbers cannot carry is said instead of drawn. The strokes are in `shapes`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from html import escape

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from tricorn.web import words
from tricorn.web.shapes import (
    ACCENT,
    GROUND,
    WIDTH,
    box,
    element,
    label,
    picture,
    shown,
    stroke,
    svg,
    table,
)

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
# How wide a digit of a label is, in the units of a drawing.
DIGIT = 8


@dataclass(frozen=True)
class WeekWindow:
    """One span of service hours in local time.

    Units   `day` 0 is Monday; `start` and `end` in minutes from that day's midnight. An `end` past
            1440 goes on into the next day; Sunday's goes on into Monday.
    """

    day: int
    start: int
    end: int


@dataclass(frozen=True)
class Share:
    """A share with its uncertainty and its target, all between 0 and 1; `n` cases stand behind it.

    A `value` of None, or no `n`, is said and not drawn. `low` and `high` bound the interval.
    """

    title: str
    value: float | None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    n: int = 0


@dataclass(frozen=True)
class Bar:
    """One labelled amount. A `value` of None reads as `note` says and is never drawn as zero."""

    label: str
    value: float | None
    said: str = ""
    note: str = ""


@dataclass(frozen=True)
class Bars:
    """Amounts of one unit, compared. `said` of a bar is its value in words ("46 h")."""

    title: str
    rows: tuple[Bar, ...]


@dataclass(frozen=True)
class Month:
    """One month: a share (0 to 1) or a count; None where there is nothing to tell."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Months:
    """Months in a row, oldest first. `unit` is "share" or "count"; `target` in the same unit."""

    title: str
    points: tuple[Month, ...]
    target: float | None = None
    unit: str = "share"


def clock(minutes: int) -> str:
    """Return minutes from midnight as "08:30"; the end of the day is "24:00"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def split_by_day(windows: Iterable[WeekWindow]) -> dict[int, list[tuple[int, int]]]:
    """Return the spans of each weekday, cut at midnight, sorted, touching ones joined.

    Errors  ValueError for a day outside 0 to 6 or a window that does not end after its start.
    """
    days: dict[int, list[tuple[int, int]]] = {day: [] for day in range(7)}
    for window in windows:
        if not 0 <= window.day <= 6 or not 0 <= window.start < window.end:
            raise ValueError(
                f"{window} is no window of a week: day 0 to 6, the end after the start."
            )
        start = window.day * DAY_MINUTES + window.start
        end = min(window.day * DAY_MINUTES + window.end, start + WEEK_MINUTES)
        while start < end:
            stop = min(end, (start // DAY_MINUTES + 1) * DAY_MINUTES)
            day = start // DAY_MINUTES
            days[day % 7].append((start - day * DAY_MINUTES, stop - day * DAY_MINUTES))
            start = stop
    return {day: _joined(spans) for day, spans in days.items()}


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def said_spans(spans: Sequence[tuple[int, int]]) -> str:
    if not spans:
        return gettext("closed")
    if list(spans) == [(0, DAY_MINUTES)]:
        return gettext("all day")
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in spans)


def week_picture(windows: Iterable[WeekWindow], *, title: str = "") -> SafeString:
    """Draw service hours as seven days of 24 hours; the table says them in words."""
    days = split_by_day(windows)
    title = title or gettext("Service hours")
    left, top, row, right = 40, 18, 22, WIDTH
    per_minute = (right - left) / DAY_MINUTES
    marks = []
    for hour in range(0, 25, 6):
        x = left + hour * 60 * per_minute
        anchor = {0: "start", 24: "end"}.get(hour, "middle")
        marks.append(label(x, 11, f"{hour:02d}", ink="quiet", anchor=anchor))
    for day, spans in days.items():
        y = top + day * row
        marks.append(label(0, y + 12.5, str(WEEKDAYS_ABBR[day]), ink="quiet"))
        marks.append(box(left, y, right - left, row - 6, kind="track"))
        for start, end in spans:
            tip = f"{WEEKDAYS[day]} {said_spans([(start, end)])}"
            x, width = left + start * per_minute, (end - start) * per_minute
            marks.append(box(x, y, width, row - 6, kind="fill", tip=tip))
    for hour in range(6, 24, 6):
        x = left + hour * 60 * per_minute
        marks.append(stroke(x, top - 3, x, top + 7 * row - 6, kind="line"))
    said = [(str(WEEKDAYS[day]), said_spans(spans)) for day, spans in days.items()]
    total = sum(end - start for spans in days.values() for start, end in spans)
    description = gettext("%(hours)s h a week. %(days)s") % {
        "hours": shown(total / 60),
        "days": "; ".join(f"{day} {spans}" for day, spans in said),
    }
    drawing = svg(top + 7 * row, title, description, marks)
    return picture(title, drawing, table((gettext("Day"), gettext("Open")), said))


def share_sentence(share: Share) -> str:
    """Return a share as one says it: "96.2 % (n 312, 93–98 %), promised 95 %"."""
    if share.value is None or not share.n:
        return gettext("Cannot tell yet: nothing was measured.")
    inside = [gettext("n %(n)s") % {"n": share.n}]
    inside += [words.interval(share.low, share.high)] if share.low is not None else []
    said = f"{words.share_beside(share.value, share.target)} ({', '.join(inside)})"
    if share.target is None:
        return said
    promised = gettext("promised %(target)s") % {"target": words.share(share.target)}
    return f"{said}, {promised}"


def share_with_target(share: Share) -> SafeString:
    """Draw the value as a dot on its interval, and the target as a line with its value."""
    said = share_sentence(share)
    if share.value is None or not share.n:
        caption = f"<figcaption>{escape(share.title)}</figcaption>"
        return mark_safe(
            f'<figure class="picture">{caption}<p class="quiet">{escape(said)}</p></figure>'
        )
    value = share.value
    known = [part for part in (value, share.low, share.target) if part is not None]
    floor = max(0, int((min(known) - 0.04) * 10)) / 10
    left, right, y = 8, WIDTH - 8, 48

    def place(part: float) -> float:
        return left + (part - floor) / (1 - floor) * (right - left)

    marks = [stroke(left, y, right, y, kind="axis")]
    for end, anchor in ((floor, "start"), (1.0, "end")):
        x = place(end)
        marks.append(stroke(x, y - 4, x, y + 4, kind="axis"))
        marks.append(label(x, y + 46, words.share(end), ink="quiet", anchor=anchor))
    if share.low is not None and share.high is not None:
        start, end = place(share.low), place(share.high)
        marks.append(box(start, y - 7, end - start, 14, kind="band"))
    if share.target is not None:
        x = place(share.target)
        marks.append(stroke(x, y - 14, x, y + 14, kind="target", wide=2))
        promised = gettext("promised %(target)s") % {"target": words.share(share.target)}
        marks.append(label(_within(x, 55), y + 28, promised, ink="quiet", anchor="middle"))
    x = place(value)
    marks.append(
        element(
            "circle", cx=x, cy=y, r=6, class_="p-dot", fill=ACCENT, stroke=GROUND, stroke_width=2
        )
    )
    happened = words.share_beside(value, share.target)
    marks.append(label(_within(x, 30), y - 20, happened, anchor="middle"))
    rows = [(gettext("Happened"), happened), (gettext("Cases (n)"), str(share.n))]
    if share.low is not None:
        rows.insert(1, (gettext("Interval"), words.interval(share.low, share.high)))
    if share.target is not None:
        rows.insert(0, (gettext("Promised"), words.share(share.target)))
    drawing = svg(y + 52, share.title, said, marks)
    return picture(share.title, drawing, table((gettext("Figure"), gettext("Value")), rows))


def _within(x: float, half: float) -> float:
    """Keep a centred label of that half width inside the picture."""
    return min(max(x, half), WIDTH - half)


def said_value(row: Bar) -> str:
    if row.value is None:
        return row.note or gettext("cannot tell yet")
    return row.said or shown(float(row.value))


def bars(chart: Bars) -> SafeString:
    """Draw amounts as horizontal bars from zero, each labelled with its name and its value."""
    most = max((row.value or 0 for row in chart.rows), default=0)
    row_height, marks = 40, []
    for index, row in enumerate(chart.rows):
        y = index * row_height
        marks.append(label(0, y + 13, row.label, ink="quiet"))
        marks.append(label(WIDTH, y + 13, said_value(row), anchor="end"))
        marks.append(box(0, y + 20, WIDTH, 9, kind="track"))
        if row.value:
            marks.append(box(0, y + 20, row.value / most * WIDTH, 9, kind="fill"))
    said = [(row.label, said_value(row)) for row in chart.rows]
    description = "; ".join(f"{name} {value}" for name, value in said)
    if not said:
        description = gettext("Nothing to show yet.")
    height = max(row_height * len(chart.rows) - 8, 1)
    drawing = svg(height, chart.title, description, marks)
    return picture(chart.title, drawing, table((gettext("What"), gettext("How much")), said))


def months(chart: Months) -> SafeString:
    """Draw months as dots with their intervals (shares) or as columns (counts), and the target.

    A month without a value keeps its place and shows a dash.
    """
    known = [point for point in chart.points if point.value is not None]
    target = chart.target
    low, high = _range(chart)
    top, bottom, left, right = 22.0, 150.0, 0.0, float(WIDTH)
    if chart.unit == "share":
        right -= 62
    step = (right - left) / max(len(chart.points), 1)

    def place(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    marks = [stroke(left, bottom, right, bottom, kind="axis")]
    if target is not None:
        y = place(target)
        marks.append(stroke(left, y, right, y, kind="target", wide=1.5))
    every = max(1, -(-len(chart.points) // 12))
    for index, point in enumerate(chart.points):
        x = left + (index + 0.5) * step
        if index % every == 0:
            marks.append(label(x, bottom + 17, point.label, ink="quiet", anchor="middle"))
        if point.value is None:
            marks.append(label(x, bottom - 6, "–", ink="quiet", anchor="middle"))
            continue
        marks += _month_marks(chart, point, x, step, place)
    if known:
        marks += _value_labels(chart, left, step, place)
    if chart.unit == "share":
        marks.append(label(right + 6, bottom + 4, _said(chart, low), ink="quiet"))
    said = [(point.label, _said(chart, point.value), _reliable(point)) for point in chart.points]
    description = "; ".join(f"{name} {value}" for name, value, _more in said)
    if target is not None:
        promised = gettext("promised %(target)s") % {"target": _said(chart, target)}
        y = place(target)
        marks.append(label(right + 6, y, _said(chart, target)))
        marks.append(label(right + 6, y + 15, gettext("promised"), ink="quiet"))
        description = f"{promised}. {description}"
    heads = (gettext("Month"), gettext("Value"), gettext("Interval and n"))
    drawing = svg(bottom + 22, chart.title, description, marks)
    return picture(chart.title, drawing, table(heads, said))


def _range(chart: Months) -> tuple[float, float]:
    """Return bottom and top of the scale: counts start at zero, shares at a full tenth below."""
    values = [value for point in chart.points for value in (point.value, point.low, point.high)]
    known = [value for value in [*values, chart.target] if value is not None]
    if chart.unit == "share":
        return max(0, int((min(known, default=0.5) - 0.02) * 10)) / 10, 1.0
    return 0.0, max([*known, 1])


def _month_marks(
    chart: Months, point: Month, x: float, step: float, place: Callable[[float], float]
) -> list[str]:
    value = point.value or 0
    tip = f"{point.label}: {_said(chart, value)}"
    if chart.unit != "share":
        wide = min(step * 0.6, 26)
        y = place(value)
        return [box(x - wide / 2, y, wide, place(0) - y, kind="fill", tip=tip)]
    marks = []
    if point.low is not None and point.high is not None:
        marks.append(stroke(x, place(point.low), x, place(point.high), kind="whisker", wide=2))
    circle = {"cx": x, "cy": place(value), "r": 5, "class_": "p-dot", "fill": ACCENT}
    title = element("title", escape(tip))
    marks.append(element("circle", title, **circle, stroke=GROUND, stroke_width=2))
    return marks


def _value_labels(
    chart: Months, left: float, step: float, place: Callable[[float], float]
) -> list[str]:
    """Label every month above its mark; the last alone, clear of its neighbour, where it is narrow."""
    measured = [
        (left + (index + 0.5) * step, place(max(point.value or 0, point.high or 0)), point)
        for index, point in enumerate(chart.points)
        if point.value is not None
    ]
    said = [_said(chart, point.value) for _x, _top, point in measured]
    if max(len(words) for words in said) * DIGIT + 6 > step:
        lower = min(top for _x, top, _point in measured[-2:])
        x, _top, last = measured[-1]
        measured, said = [(_within(x, 26), lower, last)], said[-1:]
    return [
        label(x, max(top - 9, 12), value, anchor="middle")
        for (x, top, _point), value in zip(measured, said, strict=True)
    ]


def _said(chart: Months, value: float | None) -> str:
    if value is None:
        return gettext("cannot tell yet")
    return words.share(value) if chart.unit == "share" else shown(float(value))


def _reliable(point: Month) -> str:
    parts = [words.interval(point.low, point.high)]
    if point.n is not None:
        parts.append(ngettext("n %(n)s", "n %(n)s", point.n) % {"n": point.n})
    return ", ".join(part for part in parts if part)


@singledispatch
def draw(chart: object) -> SafeString:
    """Draw any of the values above."""
    raise TypeError(f"{type(chart).__name__} is no picture; pass a Share, Bars or Months.")


draw.register(Share)(share_with_target)
draw.register(Bars)(bars)
draw.register(Months)(months)
