"""What letters brought, on a page: their HTML with its pictures, their files as safe downloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.http import FileResponse, Http404
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tricorn.files.models import File
from tricorn.files.serving import PICTURES, served
from tricorn.tickets.models import Message, Ticket
from tricorn.tickets.reads.merged import read_by

POINTER = re.compile(r'\s?\bdata-(?:file="(\d{1,18})"|cid="[^"]*")')
Address = Callable[[int], str]
# A text of more lines or characters than this shows its beginning; the rest is folded below it.
MOST_LINES, MOST_CHARACTERS = 60, 8000
FIRST_LINES, FIRST_CHARACTERS = 40, 6000


@dataclass(frozen=True)
class Attached:
    """One file beside a message."""

    name: str
    size: int
    url: str
    is_picture: bool


@dataclass(frozen=True)
class Shown:
    """A letter's body for a page: `html` when it has one, and the files that do not stand in it."""

    html: SafeString | str
    files: tuple[Attached, ...]


def shown(html: str, files: Iterable[File], address: Address) -> Shown:
    """Return a message's HTML, made harmless when it was read, with addresses for its pictures."""
    by_id = {file.pk: file for file in files}
    inside: set[int] = set()

    def point(found: re.Match[str]) -> str:
        pk = int(found[1] or 0)
        if pk not in by_id or by_id[pk].media_type not in PICTURES:
            return ""
        inside.add(pk)
        return format_html(' src="{}" loading="lazy"', address(pk))

    drawn = POINTER.sub(point, html) if html else ""
    beside = tuple(
        Attached(file.name, file.size, address(file.pk), file.media_type in PICTURES)
        for file in by_id.values()
        if file.pk not in inside
    )
    return Shown(mark_safe(drawn) if drawn else "", beside)


def folded(text: str) -> tuple[str, str]:
    """Return a text in two: what is shown at once, and the rest of a long one."""
    if len(text) <= MOST_CHARACTERS and text.count("\n") < MOST_LINES:
        return text, ""
    first = "\n".join(text.split("\n", FIRST_LINES)[:FIRST_LINES])[:FIRST_CHARACTERS]
    return first, text[len(first) :].lstrip("\n")


def file_of(ticket: Ticket, number: int, *, at_desk: Collection[int] | None = None) -> FileResponse:
    """Serve a file of words that the reader of this ticket may read; 404 for any other.

    `at_desk` are the tickets, merged ones too, whose every word the desk reads, notes included.
    A picture may be drawn in place. Everything else is downloaded, and no browser guesses its type.
    """
    file = File.objects.filter(subject="message", pk=number).first()
    messages = Message.objects.filter(pk=file.subject_id if file else 0)
    if at_desk is None:
        messages = messages.filter(read_by(ticket), is_public=True)
    else:
        messages = messages.filter(ticket__in=at_desk)
    if file is None or not messages.exists():
        raise Http404("No such file.")
    return served(file, as_attachment=file.media_type not in PICTURES)
