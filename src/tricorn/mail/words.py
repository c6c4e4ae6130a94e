"""The words of a letter: as a manager wrote them last, else as they were shipped."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.journal.verbs import Entry, write_all
from tricorn.mail.filling import fill, fill_line
from tricorn.mail.models import LetterText
from tricorn.prepared import Prepared

log = logging.getLogger("tricorn.mail")
SHIPPED = Path(__file__).with_name("shipped")
FALLBACK = "en"


@dataclass(frozen=True)
class Words:
    """A subject and a text, with names to be filled in or filled in already."""

    subject: str
    text: str

    def filled(self, values: Mapping[str, str]) -> Words:
        """Return both with every name filled in. Raises KeyError for a name without a value."""
        return Words(fill_line(self.subject, values), fill(self.text, values))


@cache
def shipped(kind: str, language: str = FALLBACK) -> Words:
    """Return the shipped words of a kind, in this language or in English."""
    file = SHIPPED / language.partition("-")[0] / f"{kind}.txt"
    if not file.is_file():
        file = SHIPPED / FALLBACK / f"{kind}.txt"
    first, _, text = file.read_text(encoding="utf-8").partition("\n")
    return Words(first.removeprefix("Subject: ").strip(), text.strip())


def versions(kind: str, language: str = FALLBACK) -> list[LetterText]:
    """Return every version that was ever written of a kind, newest first."""
    rows = LetterText.objects.filter(kind=kind, language=language).select_related("written_by")
    return list(rows.order_by("-number"))


def rewritten(language: str = FALLBACK) -> set[str]:
    """Return the kinds that have words of the house's own now."""
    rows = LetterText.objects.filter(language=language).order_by("kind", "number")
    latest = dict(rows.values_list("kind", "is_shipped"))
    return {kind for kind, is_shipped in latest.items() if not is_shipped}


NEWEST = Prepared(
    lambda kinds, languages, at: LetterText.objects.filter(
        kind__in=kinds, language__in=languages
    ).order_by("-number")[:1],
    texts=["kinds", "languages"],
)


def newest(kind: str, language: str = FALLBACK) -> LetterText | None:
    """Return the version that counts, or None while the shipped words do."""
    found = NEWEST.objects(kinds=[kind], languages=[language])
    return found[0] if found and not found[0].is_shipped else None


def current(kind: str, language: str = FALLBACK) -> Words:
    """Return the words that the next letter of this kind is written with, names and all."""
    own = newest(kind, language)
    return Words(own.subject, own.text) if own else shipped(kind, language)


def in_words(kind: str, values: Mapping[str, str], *, at: datetime) -> Words:
    """Return the letter in words, in the language of the moment.

    Words of one's own that cannot be filled in stop no letter: the shipped ones are used, and one
    journal line says so. Must be called inside a transaction, as every writing of letters is.
    """
    language = (get_language() or FALLBACK).partition("-")[0]
    own = newest(kind, language)
    if own is not None:
        try:
            found = Words(own.subject, own.text).filled(values)
            if found.subject and found.text:
                return found
        except Exception as problem:  # whatever is wrong with typed words, the letter goes out
            log.warning("the words of %s could not be used: %s", own, type(problem).__name__)
        _note(own, at)
    return shipped(kind, language).filled(values)


def _note(own: LetterText, at: datetime) -> None:
    """Say once that these words could not be used."""
    about = Line.objects.about("lettertext", own.pk)
    if not about.filter(kind="lettertext.failed").exists():
        data = {"letter": own.kind, "language": own.language, "number": own.number}
        write_all([Entry("lettertext", own.pk, "lettertext.failed", data)], by=WORKER, at=at)
