"""Text into words, the same for both databases: what is kept of it, and what is looked for.

Accents, capitals and compatible forms are folded here, in Python, so neither database has a say in
what a word is. A sign that is written without spaces (Chinese, Japanese, Thai) is a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_WORD = 48
MOST_TERMS = 12
LONGEST_TEXT = 1000
# Shorter beginnings fit nearly everything; such a word is looked for as it stands.
SHORTEST_BEGINNING = 2
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ŧ": "t", "ı": "i"}
    | {"þ": "th", "ŋ": "n", "ĸ": "k"}
)
PLAIN = re.compile(r"[a-z0-9]+")
WORD = re.compile(r"[^\W_]+")
ALONE = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
ASKED = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, folded; each at most 48 letters long."""
    if text.isascii():
        return [word[:LONGEST_WORD] for word in PLAIN.findall(text.lower())]
    return [word[:LONGEST_WORD] for word in WORD.findall(ALONE.sub(r" \1 ", fold(text)))]


def fold(text: str) -> str:
    """Return the text in small letters without accents: "Ärger in Łódź" is "arger in lodz"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in apart if unicodedata.category(each)[0] != "M")
    return unicodedata.normalize("NFKC", bare).casefold().translate(LETTERS)


@dataclass(frozen=True)
class Term:
    """One thing looked for: a word, or a phrase of several; `begins` if its last word may go on."""

    words: tuple[str, ...]
    begins: bool = False

    def fits(self, word: str) -> bool:
        """Whether a folded word of a text is one of those looked for."""
        return word in self.words or (self.begins and word.startswith(self.words[-1]))


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all of `terms`, and nothing of `without`."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)


def term(text: str, *, begins: bool = False) -> Term | None:
    """Return a text as one term; None when it holds no word."""
    words = tuple(words_of(text[:LONGEST_TEXT])[:MOST_TERMS])
    if not words:
        return None
    return Term(words, begins and len(words[-1]) >= SHORTEST_BEGINNING)


def wanted(text: str) -> Wanted:
    """Read what somebody typed: words, "phrases", -without; the last word may go on.

    Any text is fine. What is more than twelve terms is left out.
    """
    text = text[:LONGEST_TEXT]
    terms: list[Term] = []
    without: list[Term] = []
    for found in ASKED.finditer(text):
        phrase, word = found["phrase"], found["word"]
        is_last = phrase is None and found.end() == len(text)
        each = term(word if phrase is None else phrase, begins=is_last)
        if each is not None:
            (without if found["no"] else terms).append(each)
    return Wanted(tuple(terms[:MOST_TERMS]), tuple(without[:MOST_TERMS]))
