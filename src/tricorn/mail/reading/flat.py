"""A tree of HTML as plain text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tricorn.mail.reading.harmless import listed
from tricorn.mail.reading.markup import BLOCKS, SILENT, Node, is_hidden

DEEPEST_INDENT = 4

# Marks inside a run of space: a new line, an empty line, an explicit break, a space that stays.
_LINE, _GAP, _BREAK, _KEPT = "\x01", "\x02", "\x03", "\x04"
_RUN = re.compile(f"[ {_LINE}{_GAP}{_BREAK}]+")
_SPACE = re.compile(r"[ \t\r\n\f\x01-\x04]+")
_GAPS = listed("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table")


def plain(node: Node, depth: int = 0) -> str:
    """The tree as text: blocks on lines of their own, lists with dashes, links with their aim."""
    out: list[str] = []
    _put(node, out, is_pre=False, depth=depth)
    return _RUN.sub(_spaced, "".join(out)).replace(_KEPT, " ").strip("\n ")


def _spaced(run: re.Match[str]) -> str:
    lines, fresh, has_gap = 0, False, False
    for mark in run[0]:
        if mark == _BREAK:
            lines, fresh = lines + 1, True
        elif mark != " ":
            lines, fresh = lines + (not fresh), True
            has_gap = has_gap or mark == _GAP
    return "\n" * max(min(lines, 3), 2 * has_gap) or " "


def _put(node: Node, out: list[str], is_pre: bool, depth: int) -> None:
    tag = node.tag
    if tag in SILENT or is_hidden(node):
        return
    if tag == "br":
        out.append(_BREAK)
    elif tag == "hr":
        out.append(f"{_LINE}----------{_LINE}")
    elif tag == "img":
        alt = _SPACE.sub(" ", node.get("alt")).strip()
        out.append(f"[{alt[:200]}]" if alt else "")
    elif tag == "blockquote" and depth < DEEPEST_INDENT:
        inner = plain(Node("div", {}, node.children), depth + 1).replace(" ", _KEPT).split("\n")
        out.append(_GAP + _BREAK.join(f"{_KEPT * 4}{row}" for row in inner) + _GAP)
    else:
        mark = (
            (_GAP if tag in _GAPS else _LINE) if tag in BLOCKS and tag not in ("td", "th") else ""
        )
        out.append(mark)
        _put_children(node, out, is_pre or tag == "pre", depth)
        if tag in ("td", "th"):
            out.append(f"{_KEPT} ")
        out.append(_aim(node, out) + mark)


def _put_children(node: Node, out: list[str], is_pre: bool, depth: int) -> None:
    number = 0
    for child in node.children:
        if isinstance(child, str):
            if is_pre:
                kept = re.sub("[\x01-\x04]", "", child).replace("\t", "    ").replace(" ", _KEPT)
                out.append(kept.replace("\r\n", "\n").replace("\n", _BREAK))
            else:
                out.append(_SPACE.sub(" ", child))
            continue
        if child.tag == "li":
            number += 1
            out.append(_LINE + (f"{number}. " if node.tag == "ol" else "- ").replace(" ", _KEPT))
            _put_children(child, out, is_pre, depth)
            out.append(_LINE)
        else:
            _put(child, out, is_pre, depth)


def _aim(node: Node, out: list[str]) -> str:
    """Where a link leads, when its words do not say so."""
    aim = node.get("href").strip() if node.tag == "a" else ""
    if not aim.lower().startswith(("http://", "https://", "mailto:")) or len(aim) > 1_000:
        return ""
    words = "".join(part for child in node.children for part in _words(child)).strip()
    bare = aim.removeprefix("mailto:")
    said = words.rstrip("/").lower()
    if not words or said in (aim.rstrip("/").lower(), bare.lower(), _host(aim)):
        return ""
    return f" <{bare}>" if words else f"<{bare}>"


def _host(aim: str) -> str:
    try:
        return urlsplit(aim).netloc.lower() if urlsplit(aim).path in ("", "/") else ""
    except ValueError:
        return ""


def _words(child: Node | str) -> list[str]:
    if isinstance(child, str):
        return [child]
    return [words for inner in child.children for words in _words(inner)]
