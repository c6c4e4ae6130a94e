"""Text and names from outside, made harmless: nothing that hides, reorders or escapes."""

from __future__ import annotations

import re

# Controls, bidi marks and orders, and what takes no room; joiners stay, scripts need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
_UNSAFE = re.compile(r'[<>:"/\\|?*%\x00-\x1f]+')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")

LONGEST_NAME = 120


def listed(words: str) -> frozenset[str]:
    """A set of words written as one text."""
    return frozenset(words.split())


def line(text: str, most: int = 500) -> str:
    """One line without controls, direction marks and needless space."""
    cut = text[: most * 4]
    one = _SPACE.sub(" ", _HIDDEN.sub("", _SPACE.sub(" ", cut))).strip()
    return one if len(one) <= most else one[: most - 1].rstrip() + "…"


def block(text: str) -> str:
    """Several lines: ends of line made alike, hidden characters gone, no heaps of empty lines."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\xa0", " ")
    lines = [row.rstrip() for row in _HIDDEN.sub("", plain).split("\n")]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")


def file_name(name: str) -> str:
    """A name to keep a file under: no folder, no device, no hidden characters; "" if none is left.

    The ending survives when a long name is cut.
    """
    last = re.split(r"[/\\]", line(name, 1_000))[-1]
    safe = _SPACE.sub(" ", _UNSAFE.sub("_", last)).strip(" .")
    if _DEVICES.match(safe):
        safe = f"_{safe}"
    if len(safe) > LONGEST_NAME:
        stem, dot, ending = safe.rpartition(".")
        keep = dot + ending if stem and len(ending) <= 10 else ""
        safe = safe[: LONGEST_NAME - len(keep)].rstrip(" .") + keep
    return safe
