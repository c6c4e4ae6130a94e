"""Addresses out of a header, as people and broken programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tricorn.mail.reading import harmless, headers
from tricorn.mail.reading.letter import Address

LONGEST = 100_000  # characters of address headers that are looked at

_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.){0,200}+)"|<([^<>]{0,600}+)>|([(),:;])|([^"<>(),:;]+|.)', re.S
)
_PLAIN = re.compile(r'[^\s<>@,;:"()\[\]\\\x00-\x20]{1,128}@[^\s<>@,;:"()\\]{1,255}')
_AMONG = re.compile(rf"(?<![^\s(\[]){_PLAIN.pattern}(?![^\s)\]])")
_QUOTED = re.compile(r'"[^"\\<>\x00-\x1f]{1,64}"@[^\s<>@,;:"()\\]{1,255}')
_DOMAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f.:]{2,60}\]")


def clean(text: str) -> str:
    """An address with its domain in lower case, or "" when it is none."""
    bare = harmless.line(text, 400).strip(" <>'.")
    bare = re.sub(r"(?i)^(smtp|mailto|rfc822)\s*[:;]\s*", "", bare)
    if not (_PLAIN.fullmatch(bare) or _QUOTED.fullmatch(bare)):
        return ""
    local, _, domain = bare.rpartition("@")
    domain = domain.lower().rstrip(".")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) and len(bare) <= 320 else ""


def found(values: Iterable[str], most: int) -> tuple[tuple[Address, ...], bool]:
    """The addresses of these headers, each once, and whether there were more than `most`."""
    kept: dict[str, Address] = {}
    room = LONGEST
    for value in values:
        cut, room = value[:room], max(room - len(value), 0)
        for address in _each(cut):
            if address.address.lower() in kept:
                continue
            if len(kept) == most:
                return tuple(kept.values()), True
            kept[address.address.lower()] = address
    return tuple(kept.values()), False


def _each(value: str) -> Iterable[Address]:
    """Cut at commas outside quotes, comments and brackets; a group's name is passed over."""
    words: list[str] = []
    comment: list[str] = []
    angle, depth = "", 0
    for token in _TOKEN.finditer(value + ","):
        quoted, inside, mark, other = token.groups()
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(depth - 1, 0)
        elif depth and token.end() <= len(value):
            comment.append(token[0])
        elif quoted is not None:
            # A quoted local part belongs to its address, any other quote to the name.
            whole = value[token.end() : token.end() + 1] == "@"
            words.append(token[0] if whole else re.sub(r"\\(.)", r"\1", quoted))
        elif inside is not None:
            angle = angle or clean(inside)
        elif mark == ":" and not angle and "@" not in "".join(words):
            words, comment = [], []
        elif mark in (",", ";"):
            yield from _one("".join(words), angle, "".join(comment))
            words, comment, angle, depth = [], [], "", 0
        else:
            words.append(other or mark or "")


def _one(words: str, angle: str, comment: str) -> Iterable[Address]:
    if angle:
        yield Address(_name(words or comment), angle)
    elif address := clean(words):
        yield Address(_name(comment), address)
    elif (match := _AMONG.search(words[:2_000])) and (bare := clean(match[0])):
        yield Address(_name(words.replace(match[0], "")), bare)


def _name(words: str) -> str:
    return harmless.line(headers.decoded(words.strip()), 200).strip("\"'<> ")
