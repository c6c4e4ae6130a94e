"""The strokes that pictures of data are made of: SVG elements, their labels, their table.

Colours stand in attributes, for places without style sheets (print to PDF, mail); classes override
them on screen. No style attributes, so a strict content security policy holds.
"""

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

WIDTH = 400

INK = "#22201d"
QUIET = "#615c55"
TRACK = "#f3f0ea"
LINE = "#e4dfd7"
EDGE = "#8a847a"
ACCENT = "#3c5166"
GROUND = "#faf8f5"


def element(name: str, body: str = "", /, **attributes: object) -> str:
    """Return one SVG element; a trailing underscore and inner underscores become hyphens."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(shown(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{body}</{name}>" if body else f"<{name}{said}/>"


def shown(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def label(x: float, y: float, said: str, *, ink: str = "ink", anchor: str = "start") -> str:
    colour = INK if ink == "ink" else QUIET
    weight = "600" if ink == "ink" else "400"
    return element(
        "text",
        escape(said),
        x=float(x),
        y=float(y),
        class_=f"p-{ink}",
        fill=colour,
        font_size=14 if ink == "ink" else 13,
        font_weight=weight,
        text_anchor=anchor,
    )


def stroke(x1: float, y1: float, x2: float, y2: float, *, kind: str, wide: float = 1) -> str:
    colour = {"line": LINE, "axis": EDGE, "target": INK, "whisker": ACCENT}[kind]
    dashes = {"stroke_dasharray": "5 3"} if kind == "target" else {}
    return element(
        "line",
        x1=float(x1),
        y1=float(y1),
        x2=float(x2),
        y2=float(y2),
        class_=f"p-{kind}",
        stroke=colour,
        stroke_width=wide,
        **dashes,
    )


def box(x: float, y: float, width: float, height: float, *, kind: str, tip: str = "") -> str:
    colour = {"track": TRACK, "fill": ACCENT, "band": ACCENT}[kind]
    more: dict[str, object] = {"fill_opacity": 0.25} if kind == "band" else {}
    title = element("title", escape(tip)) if tip else ""
    return element(
        "rect",
        title,
        x=float(x),
        y=float(y),
        width=float(max(width, 0)),
        height=float(height),
        rx=min(3.0, max(width, 0) / 2),
        class_=f"p-{kind}",
        fill=colour,
        **more,
    )


def svg(height: float, title: str, description: str, marks: Iterable[str]) -> str:
    head = element("title", escape(title)) + element("desc", escape(description))
    return element(
        "svg",
        head + "".join(marks),
        viewBox=f"0 0 {WIDTH} {shown(float(height))}",
        role="img",
        aria_label=f"{title}. {description}" if title else description,
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the text equivalent: first column names, the rest are figures."""

    def cells(tag: str, row: Sequence[str]) -> str:
        first = tag if tag == "th" else 'th scope="row"'
        close = "th"
        start = f"<{first}>{escape(row[0])}</{close}>"
        return start + "".join(f'<{tag} class="num">{escape(cell)}</{tag}>' for cell in row[1:])

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    summary = escape(gettext("Show the figures"))
    return (
        f"<details><summary>{summary}</summary>"
        f'<table class="table"><thead><tr>{cells("th", heads)}</tr></thead>'
        f"<tbody>{body}</tbody></table></details>"
    )


def picture(title: str, drawing: str, figures: str) -> SafeString:
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    return mark_safe(f'<figure class="picture">{caption}{drawing}{figures}</figure>')


def alone(figure: SafeString) -> SafeString:
    """Return a picture without its title and its table, for a page that has both beside it."""
    _head, tag, rest = figure.partition("<svg")
    drawing, end, _figures = rest.rpartition("</svg>")
    if not end:
        return figure
    return mark_safe(f'<figure class="picture">{tag}{drawing}{end}</figure>')
