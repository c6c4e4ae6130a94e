"""HTML of a mail as a small tree: read by a scanner that no input makes slow, cut, written again.

The tree is never shown as it is: `nh3` has the last word over what leaves here as HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tricorn.mail.reading.harmless import listed

MOST_NODES = 20_000
DEEPEST = 80
MOST_BROKEN = 10

VOID = listed("area base br col embed hr img input link meta param source track wbr")
BLOCKS = listed(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
# Elements whose content is no text for people.
SILENT = listed("script style title head template noscript object applet iframe svg math")
_RAW = listed("script style title textarea xmp noembed noframes")
_CLOSED_BY = {
    "p": BLOCKS,
    "li": frozenset(["li"]),
    "tr": frozenset(["tr", "tbody", "tfoot"]),
    "td": frozenset(["td", "th", "tr", "tbody"]),
    "th": frozenset(["td", "th", "tr", "tbody"]),
    "dt": frozenset(["dt", "dd"]),
    "dd": frozenset(["dt", "dd"]),
    "option": frozenset(["option"]),
}
_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40})((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>", re.S
)
_SIMPLE_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40})([^<>]*+)>")
_ATTRIBUTE = re.compile(
    r"([a-zA-Z][a-zA-Z0-9:_-]{0,60})(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?"
)


@dataclass(slots=True, eq=False)
class Node:
    """An element, its attributes (lower case), and its children: elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


def parsed(source: str) -> tuple[Node, bool]:
    """The tree of a document, and whether it was read to its end."""
    return _Builder(source).build()


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.root = Node("div")
        self.stack = [self.root]
        self.nodes = 0
        self.broken = 0
        self.is_cut = False
        self.gone: set[str] = set()

    def build(self) -> tuple[Node, bool]:
        at, size = 0, len(self.source)
        while at < size and self.nodes < MOST_NODES:
            opening = self.source.find("<", at)
            if opening < 0:
                opening = size
            if opening > at:
                self._text(html.unescape(self.source[at:opening]))
            if opening < size:
                opening = self._markup(opening)
            at = opening
        return self.root, at >= size and not self.is_cut

    def _text(self, words: str) -> None:
        # Characters that have to be written in long form count too: they take as much work.
        marks = words.count("&") + words.count("<") + words.count(">")
        if marks > MOST_NODES:
            words, self.is_cut = words[:MOST_NODES], True
        self.nodes += 1 + marks
        self.stack[-1].children.append(words)

    def _markup(self, at: int) -> int:
        """Take what begins with this "<"; return where reading goes on."""
        source = self.source
        if source.startswith("<!--", at):
            return self._after("-->", at + 4) or self._after(">", at) or len(source)
        if source.startswith(("<!", "<?"), at):
            return self._after(">", at) or len(source)
        match = _TAG.match(source, at) if self.broken < MOST_BROKEN else None
        if match is None:
            self.broken += 1
            match = _SIMPLE_TAG.match(source, at)
        if match is None:
            self._text("<")
            return at + 1
        closing, tag, rest = match[1], match[2].lower(), match[3]
        if closing:
            self._close(tag)
            return match.end()
        self._open(tag, rest)
        if tag in _RAW:
            return self._raw(tag, match.end())
        return match.end()

    def _after(self, mark: str, start: int) -> int:
        """The place behind a mark, 0 when there is none; then it is not looked for again."""
        if mark in self.gone:
            return 0
        at = self.source.find(mark, start)
        if at < 0:
            self.gone.add(mark)
            return 0
        return at + len(mark)

    def _raw(self, tag: str, start: int) -> int:
        end = re.compile(f"</{tag}", re.I).search(self.source, start)
        stop = end.start() if end else len(self.source)
        if tag in ("textarea", "xmp"):
            self._text(html.unescape(self.source[start:stop]))
        return stop

    def _open(self, tag: str, rest: str) -> None:
        while self.stack[-1].tag in _CLOSED_BY and tag in _CLOSED_BY[self.stack[-1].tag]:
            self.stack.pop()
        node = Node(tag, _attributes(rest))
        self.nodes += 1
        if len(self.stack) >= DEEPEST and tag not in VOID:
            # Too deep to be meant: the element goes, what is in it stays.
            return
        self.stack[-1].children.append(node)
        if tag not in VOID and not (rest.endswith("/") and ":" in tag):
            self.stack.append(node)

    def _close(self, tag: str) -> None:
        for place in range(len(self.stack) - 1, 0, -1):
            open_tag = self.stack[place].tag
            if open_tag == tag:
                del self.stack[place:]
                return
            if open_tag in BLOCKS and tag not in BLOCKS:
                return


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        if len(found) >= 40:
            break
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), html.unescape(value[:4_000]))
    return found


def written(node: Node) -> str:
    """The tree as HTML again, every element closed."""
    out: list[str] = []
    _write(node, out)
    return "".join(out)


def _write(node: Node, out: list[str]) -> None:
    told = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes.items())
    out.append(f"<{node.tag}{told}>")
    for child in node.children:
        if isinstance(child, str):
            out.append(html.escape(child, quote=False))
        else:
            _write(child, out)
    if node.tag not in VOID:
        out.append(f"</{node.tag}>")


def is_hidden(node: Node) -> bool:
    """Is it there, but for nobody to see?"""
    style = node.get("style").replace(" ", "").lower()
    return "display:none" in style or "mso-hide:all" in style or "hidden" in node.attributes
