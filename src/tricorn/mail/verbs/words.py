"""The words of a kind of letter: written anew, or the shipped ones again. Every version stays."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import Entry, write_all
from tricorn.mail.filling import LONGEST_SUBJECT, LONGEST_TEXT, check, names_in
from tricorn.mail.kinds import KINDS, Kind
from tricorn.mail.models import LetterText
from tricorn.mail.words import Words, current, newest


def checked(kind: str, words: Words) -> Words:
    """Return words that a letter of this kind can be written with.

    Errors  BadInput for an unknown kind, nothing or too much, a name that there is not, and words
            without the one thing that this letter is for.
    """
    known = kind_of(kind)
    subject = " ".join(words.subject.split())
    text = "\n".join(line.rstrip() for line in words.text.splitlines()).strip("\n")
    for field, given, longest in (
        ("subject", subject, LONGEST_SUBJECT),
        ("text", text, LONGEST_TEXT),
    ):
        if not given.strip() or (not given.isprintable() and field == "subject"):
            raise BadInput(gettext("A letter needs a subject and a text."), field=field)
        if len(given) > longest:
            raise BadInput(
                gettext("This has %(many)d characters; at most %(longest)d fit.")
                % {"many": len(given), "longest": longest},
                field=field,
            )
        check(given, known.known, field=field)
    for name in known.must:
        if name not in names_in(text):
            raise BadInput(
                gettext("Without %(name)s this letter would say nothing. Put it back.")
                % {"name": f"{{{{ {name} }}}}"},
                field="text",
            )
    return Words(subject, text)


def kind_of(kind: str) -> Kind:
    """Return a kind of letter. Errors  BadInput for one that there is not."""
    if kind not in KINDS:
        listed = ", ".join(KINDS)
        raise BadInput(gettext("A letter is one of %(listed)s.") % {"listed": listed}, field="kind")
    return KINDS[kind]


def word_letter(kind: str, language: str, words: Words, *, by: Actor, at: datetime) -> LetterText:
    """Write a kind of letter in words of one's own; the same words again are no new version."""
    words = checked(kind, words)
    with transaction.atomic():
        found = newest(kind, language)
        if found is not None and current(kind, language) == words:
            return found
        row = LetterText(kind=kind, language=language, subject=words.subject, text=words.text)
        return _add(row, by, at)


def back_to_shipped(kind: str, language: str, *, by: Actor, at: datetime) -> None:
    """Use the shipped words again; what was written before stays to be read."""
    kind_of(kind)
    with transaction.atomic():
        if newest(kind, language) is not None:
            row = LetterText(kind=kind, language=language, is_shipped=True)
            _add(row, by, at)


def _add(row: LetterText, by: Actor, at: datetime) -> LetterText:
    rows = LetterText.objects.filter(kind=row.kind, language=row.language)
    row.number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    row.written_by_id = by.id if by.is_person else None
    row.written_at = at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise BadInput(
            gettext("Somebody else has just written this letter. Look at theirs first."),
            field="text",
        ) from problem
    entry = Entry("lettertext", row.pk, "lettertext.written", _data(row))
    if row.is_shipped:
        entry = Entry("lettertext", row.pk, "lettertext.shipped_again", _data(row))
    write_all([entry], by=by, at=at)
    return row


def _data(row: LetterText) -> dict[str, object]:
    return {"letter": row.kind, "language": row.language, "number": row.number}
