"""Adding a file to a ticket: a photo on its own, or any file beside the words that come with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.files import metadata
from tricorn.files.models import File
from tricorn.files.photos import LARGEST
from tricorn.files.serving import BYTES
from tricorn.files.verbs import attach_any, attach_photo
from tricorn.journal.actor import Actor
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs.access import allow, lock
from tricorn.tickets.verbs.talk import answer

MOST_FILES = 50
# A message with this channel may have files beside it, as one that came by mail has.
CHANNEL = "api"
# What a photo begins with, whatever its name says.
PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8")
# What a file may be called besides bytes, by its ending.
KINDS = {
    "csv": "text/csv",
    "ics": "text/calendar",
    "log": "text/plain",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "zip": "application/zip",
}


def attach(
    ticket: Ticket, *, by: Actor, at: datetime, data: bytes, name: str, text: str = ""
) -> File:
    """Add a file: a photo is drawn anew without its metadata. What TIFF, HEIC and documents of an
    office tell about their maker goes; anything else is kept as it is.

    With `text` that is said as an answer, and the file stands beside it.
    Errors  BadInput for nothing, too much, or no photo and no word of what it is.
    """
    if not data:
        raise BadInput("The file is empty. Choose another one.", field="file")
    if len(data) > LARGEST:
        raise BadInput(
            f"The file has {len(data) / 1048576:.0f} MB; at most 10 MB fit. Send a smaller one.",
            field="file",
        )
    is_photo = data.startswith(PHOTOS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    if not text.strip() and not is_photo:
        raise BadInput("Say in a few words what this file is: add a text.", field="text")
    with transaction.atomic():
        if text.strip():
            beside = answer(ticket, by=by, at=at, text=text, channel=CHANNEL)
            _must_fit(ticket)
            if is_photo:
                return attach_photo(beside, data, by=by, at=at, name=name)
            with suppress(metadata.NotKnown):  # such a file is kept as it came
                data = metadata.without(data) or data
            media_type = KINDS.get(Path(name).suffix[1:].lower(), BYTES)
            return attach_any(beside, data, name=name, media_type=media_type, by=by, at=at)
        ticket = lock(ticket)
        allow(ticket, "answer", by=by, at=at)
        if ticket.state in ("closed", "cancelled", "merged"):
            raise MoveRefused(
                f"{ticket.ref} is {ticket.state}, so nothing can be added.", verb="answer"
            )
        _must_fit(ticket)
        ticket.changed_at = at
        ticket.save(update_fields=["changed_at"])
        return attach_photo(ticket, data, by=by, at=at, name=name)


def _must_fit(ticket: Ticket) -> None:
    within = Q(subject="ticket", subject_id=ticket.pk)
    within |= Q(subject="message", subject_id__in=ticket.messages.values("pk"))
    if File.objects.filter(within).count() >= MOST_FILES:
        raise BadInput(f"{ticket.ref} has {MOST_FILES} files, as many as fit.", field="file")
