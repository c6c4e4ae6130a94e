"""The HTML of a mail: its own words as text and as harmless HTML, and what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nh3

from tricorn.mail.reading import quoting
from tricorn.mail.reading.flat import plain
from tricorn.mail.reading.harmless import listed
from tricorn.mail.reading.markup import BLOCKS, SILENT, Node, is_hidden, parsed, written

MOST_CANDIDATES = 40

_TAGS = listed(
    "a abbr b blockquote br caption center cite code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr "
    "i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th "
    "thead tr tt u ul var"
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"alt", "data-cid", "height", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_CITED = listed(
    "gmail_attr moz-cite-prefix yahoo_quoted yahoo_quoted_begin protonmail_quote tutanota_quote "
    "zmail_extra outlookmessageheader moz-signature gmail_signature gmail_signature_prefix "
    "protonmail_signature_block x_gmail_attr x_yahoo_quoted x_gmail_signature "
    "reply-intro olk_src_body_section signature ms-outlook-mobile-signature applemailsignature "
    "x_signature x_ms-outlook-mobile-signature x_applemailsignature"
)
_TAIL = listed("divrplyfwdmsg x_divrplyfwdmsg appendonsend stopspelling")
_CID = re.compile(r"(?i)^\s*cid:\s*(.{1,250}?)\s*$")
_LABEL = re.compile(r"^[\s*]*[^\s:*]{1,20}\s?:|^\s*[-_]{5}")


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML body, read."""

    text: str
    quoted: str
    html: str
    remote_pictures: int
    is_whole: bool


def read(source: str, *, is_reply: bool, is_forward: bool) -> Page:
    """Read HTML: cut what it quotes, flatten it, and make what is left harmless."""
    root, is_whole = parsed(source)
    own, quoted = _cut(root, _Cut(root, is_forward))
    if not plain(own) and not any(node.tag == "img" for node in own.walk()):
        own, quoted = root, Node("div")
    _trim(own)
    text, rest = quoting.split(plain(own), is_reply=is_reply, is_forward=is_forward)
    folded = "\n\n".join(words for words in (rest, plain(quoted)) if words)
    shown = _Shown()
    clean = shown.clean(own)
    return Page(text, folded, clean, shown.remote, is_whole)


class _Cut:
    """Which nodes are quoted, and from which text on everything is."""

    def __init__(self, root: Node, is_forward: bool) -> None:
        self.nodes: set[int] = set()
        self.tail: tuple[int, int] | None = None
        self._candidates = 0
        self._tries = 0
        if is_forward:
            return
        self._look(root)
        self._find_tail(root)

    def _look(self, node: Node) -> None:
        for place, child in enumerate(node.children):
            if isinstance(child, str):
                continue
            marks = {child.get("id").lower(), *child.get("class").lower().split()}
            if marks & _CITED or (
                child.tag == "blockquote" and self._is_cited(node, place, child, marks)
            ):
                self.nodes.add(id(child))
            else:
                self._look(child)

    def _is_cited(self, parent: Node, place: int, quote: Node, marks: set[str]) -> bool:
        style = quote.get("style").replace(" ", "").lower()
        introduction = self._introduction(parent, place)
        for holder, k in introduction:
            child = holder.children[k]
            # A text is no node, so it is wrapped to be marked.
            wrapped = child if isinstance(child, Node) else Node("span", {}, [child])
            holder.children[k] = wrapped
            self.nodes.add(id(wrapped))
        return (
            bool(introduction)
            or quote.get("type").lower() == "cite"
            or bool(marks & {"gmail_quote", "x_gmail_quote", "gmail_quote_container"})
            or re.search(r"border-left(-width)?:(?!none|0)", style) is not None
        )

    def _introduction(self, parent: Node, place: int) -> list[tuple[Node, int]]:
        """What says "On Monday Una wrote:" before a quote: a block, or the last line of one."""
        taken: list[tuple[Node, int]] = []
        words = ""
        for k in range(place - 1, max(place - 12, -1), -1):
            child = parent.children[k]
            is_end = isinstance(child, Node) and (child.tag in BLOCKS or child.tag in ("br", "hr"))
            if is_end and words.strip():
                break
            words = (child if isinstance(child, str) else plain(child)) + words
            taken.append((parent, k))
            if isinstance(child, Node) and is_end and words.strip():
                # A line among others is taken alone: own words may stand above it.
                if "\n" not in words.strip() and self._introduces(words):
                    return taken
                return self._introduction(child, len(child.children))
            if len(words) > 1_000:
                break
        return taken if self._introduces(words) else []

    def _introduces(self, words: str) -> bool:
        self._tries += 1
        if self._tries > MOST_CANDIDATES:
            return False
        return quoting.introduces(re.sub(r"\s+", " ", words), is_before_quote=True)

    def _find_tail(self, root: Node) -> None:
        leaves = list(self._leaves(root))
        own = ""
        for n, (parent, place, words) in enumerate(leaves):
            if parent is None:
                continue
            if place < 0 or (_LABEL.match(words) and self._is_header(leaves, n)):
                if own:
                    self.tail = (id(parent), place)
                    return
                if place < 0:
                    continue
            if quoting.forwards(words):
                return
            own = own or words.strip(" \n_-=*\xa0")

    def _is_header(self, leaves: list[tuple[Node | None, int, str]], n: int) -> bool:
        self._candidates += 1
        if self._candidates > MOST_CANDIDATES:
            return False
        return quoting.is_header("".join(words for _, _, words in leaves[n : n + 150])[:3_000])

    def _leaves(self, node: Node) -> Iterator[tuple[Node | None, int, str]]:
        """Every text in order; a line's end has no parent, a place below 0 begins an old mail."""
        if id(node) in self.nodes or node.tag in SILENT or is_hidden(node):
            return
        is_block = node.tag in BLOCKS or node.tag in ("br", "hr")
        if is_block:
            yield None, 0, "\n"
        if node.get("id").lower() in _TAIL:
            yield node, -1, ""
        for place, child in enumerate(node.children):
            if isinstance(child, str):
                yield node, place, re.sub(r"\s+", " ", child)
            else:
                yield from self._leaves(child)
        if is_block:
            yield None, 0, "\n"


def _cut(root: Node, cut: _Cut) -> tuple[Node, Node]:
    """The tree twice: without what is quoted, and only that."""
    in_tail = False

    def copied(node: Node) -> tuple[Node, Node]:
        nonlocal in_tail
        own, quoted = (Node(node.tag, node.attributes) for _ in "ab")
        in_tail = in_tail or cut.tail == (id(node), -1)
        for place, child in enumerate(node.children):
            in_tail = in_tail or cut.tail == (id(node), place)
            if isinstance(child, str):
                (quoted if in_tail else own).children.append(child)
            elif in_tail or id(child) in cut.nodes:
                quoted.children.append(child)
            else:
                mine, theirs = copied(child)
                if mine.children or not theirs.children:
                    own.children.append(mine)
                if theirs.children:
                    quoted.children.append(theirs)
        return own, quoted

    return copied(root)


def _trim(node: Node) -> bool:
    """Take empty lines off the end. Return whether anything at all is left."""
    while node.children:
        last = node.children[-1]
        if isinstance(last, str):
            is_full = bool(last.strip())
        else:
            is_full = last.tag == "img" or (last.tag not in ("br", "hr") and _trim(last))
        if is_full:
            return True
        node.children.pop()
    return False


class _Shown:
    """Own HTML as it may be shown: no code, no style, nothing fetched from elsewhere."""

    def __init__(self) -> None:
        self.remote = 0

    def clean(self, root: Node) -> str:
        kept = Node("div", {}, list(self._children(root)))
        shown: str = nh3.clean(
            written(kept),
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            clean_content_tags={"script", "style"},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener noreferrer nofollow",
        )
        shown = shown.removeprefix("<div>").removesuffix("</div>").strip()
        is_empty = not re.sub(r"<(?!img)[^>]*>|&nbsp;|\s", "", shown)
        return "" if is_empty else shown

    def _children(self, node: Node) -> Iterator[Node | str]:
        for child in node.children:
            if isinstance(child, str):
                yield child
            elif child.tag in SILENT or is_hidden(child):
                continue
            elif child.tag == "img":
                yield from self._picture(child)
            elif child.tag in _TAGS:
                names = _ATTRIBUTES.get(child.tag, set())
                told = {name: child.get(name) for name in names if child.get(name)}
                yield Node(child.tag, told, list(self._children(child)))
            else:
                yield from self._children(child)

    def _picture(self, image: Node) -> Iterator[Node | str]:
        cid = _CID.match(image.get("src"))
        if cid:
            told = {name: image.get(name)[:300] for name in ("alt", "width", "height")}
            yield Node("img", {"data-cid": cid[1], **{k: v for k, v in told.items() if v}})
            return
        self.remote += bool(image.get("src"))
        if alt := image.get("alt").strip():
            yield f"[{alt[:200]}]"
