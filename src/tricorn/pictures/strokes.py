"""The strokes of a picture: safe SVG elements in the colours of the page around them.

Colours are custom properties of the page with a fallback, in presentation attributes: a strict
content security policy holds, and a dark page has a dark picture. What differs by colour differs
by shape, dash or pattern as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from .picture import Picture, Table, check_name

WIDTH = 400.0

INK = "var(--ink, currentColor)"
QUIET = "var(--quiet, #76706a)"
EDGE = "var(--edge, #8a847a)"
LINE = "var(--line, #d6d0c6)"
TRACK = "var(--raised, #f3f0ea)"
GROUND = "var(--surface, Canvas)"
ACCENT = "var(--accent, #4d6f91)"
TEAL = "var(--teal, #0b7d75)"
INDIGO = "var(--indigo, #5a5fc4)"

SMALL, PLAIN = 13, 14
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNIT = re.compile(r"(?<=\d) (?=%|(?:h|min|[A-Z]{3})\b)")
_NARROW = set("iljtfrI.,:;'|!()[] \u00a0·")
_WIDE = set("mwMW%—…@")


@dataclass(frozen=True)
class Look:
    """How a series is told from the others without colour."""

    shape: str
    dash: str
    paint: str


LOOKS = (
    Look("circle", "", INK),
    Look("diamond", "7 3", ACCENT),
    Look("square", "2 3", TEAL),
    Look("triangle", "9 3 2 3", INDIGO),
)


def sound(said: str) -> str:
    """Put a replacement mark in the place of every character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", said)


def clean(said: str) -> str:
    """Return text as it can stand in XML, between tags and in attributes."""
    return escape(sound(said))


def shown(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def element(tag: str, *inside: str, **attributes: object) -> str:
    """Return one element; underscores in names become hyphens, None leaves an attribute out.

    `inside` is markup already; text comes from `clean`.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{clean(shown(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = "".join(inside)
    return f"<{tag}{said}>{body}</{tag}>" if body else f"<{tag}{said}/>"


def width_of(said: str, size: float = SMALL) -> float:
    """Return about how wide a text will be; fonts differ, so it is on the generous side."""
    ems = 0.0
    for sign in said:
        if unicodedata.east_asian_width(sign) in "WF":
            ems += 1.05
        elif sign in _NARROW:
            ems += 0.34
        else:
            ems += 0.88 if sign in _WIDE else 0.68 if sign.isupper() else 0.58
    return ems * size


def fit(said: str, width: float, size: float = SMALL) -> str:
    """Return the text, shortened with an ellipsis if it is wider."""
    said = " ".join(said.split())
    if width_of(said, size) <= width:
        return said
    while said and width_of(said + "…", size) > width:
        said = said[:-1]
    return said.rstrip() + "…"


def label(
    x: float,
    y: float,
    said: str,
    *,
    strong: bool = False,
    anchor: str = "start",
    halo: bool = False,
    size: int = SMALL,
) -> str:
    around: dict[str, object] = {}
    if halo:
        around = {"stroke": GROUND, "stroke_width": 3, "paint_order": "stroke"}
        around["stroke_linejoin"] = "round"
    return element(
        "text",
        clean(said),
        x=float(x),
        y=float(y),
        fill=INK if strong else QUIET,
        font_size=size,
        font_weight=600 if strong else None,
        text_anchor=None if anchor == "start" else anchor,
        **around,
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    paint: str = EDGE,
    wide: float = 1,
    dash: str = "",
) -> str:
    return element(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        stroke=paint,
        stroke_width=float(wide),
        stroke_dasharray=dash or None,
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = ACCENT,
    round_: float = 0,
    opacity: float | None = None,
    edge: str | None = None,
    tip: str = "",
) -> str:
    return element(
        "rect",
        element("title", clean(tip)) if tip else "",
        x=float(x),
        y=float(y),
        width=float(max(width, 0)),
        height=float(max(height, 0)),
        rx=float(round_) if round_ else None,
        fill=fill,
        fill_opacity=None if opacity is None else f"{opacity:.2f}",
        stroke=edge,
        stroke_width=1.5 if edge else None,
    )


def path(d: str, *, paint: str, wide: float = 1, dash: str = "", fill: str = "none") -> str:
    return element(
        "path",
        d=d,
        fill=fill,
        stroke=paint,
        stroke_width=float(wide),
        stroke_dasharray=dash or None,
        stroke_linejoin="round",
    )


def marker(
    x: float, y: float, look: Look, *, hollow: bool = False, r: float = 4, tip: str = ""
) -> str:
    """Draw a mark of that shape; a hollow one is filled with the ground."""
    fill, edge = (GROUND, look.paint) if hollow else (look.paint, GROUND)
    title = element("title", clean(tip)) if tip else ""
    style = {"fill": fill, "stroke": edge, "stroke_width": 1.5 if hollow else 1.0}
    if look.shape == "circle":
        return element("circle", title, cx=float(x), cy=float(y), r=float(r), **style)
    if look.shape == "square":
        side = r * 0.9
        points = [(-side, -side), (side, -side), (side, side), (-side, side)]
    elif look.shape == "diamond":
        points = [(0, -r * 1.3), (r * 1.3, 0), (0, r * 1.3), (-r * 1.3, 0)]
    else:
        points = [(0, -r * 1.2), (r * 1.2, r * 0.9), (-r * 1.2, r * 0.9)]
    placed = " ".join(f"{shown(float(x + dx))},{shown(float(y + dy))}" for dx, dy in points)
    return element("polygon", title, points=placed, **style)


def hatch(name: str, paint: str = ACCENT) -> tuple[str, str]:
    """Return a pattern of slanted lines and the paint that uses it."""
    pattern = element(
        "pattern",
        box(0, 0, 5, 5, fill=paint, opacity=0.15),
        line(0, 0, 0, 5, paint=paint, wide=3.2),
        id=f"{name}-hatch",
        width=5,
        height=5,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern), f"url(#{name}-hatch)"


def drawn(
    name: str, title: str, sentence: str, table: Table, height: float, marks: Iterable[str]
) -> Picture:
    """Return the picture: an SVG as wide as its place, with title and description.

    In the sentence a figure and its unit stay on one line.
    """
    check_name(name)
    title, sentence = sound(title), _UNIT.sub("\u00a0", sound(sentence))
    rows = [[*map(sound, row)] for row in table.rows]
    table = Table.of([*map(sound, table.head)], rows, is_prose=table.is_prose)
    svg = element(
        "svg",
        element("title", clean(title), id=f"{name}-title"),
        element("desc", clean(sentence), id=f"{name}-desc"),
        *marks,
        viewBox=f"0 0 {shown(WIDTH)} {shown(float(max(height, 1)))}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        focusable="false",
    )
    return Picture(name, title, sentence, svg, table)
