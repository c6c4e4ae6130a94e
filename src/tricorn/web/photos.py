"""Serving a ticket's photo to whoever may see the ticket; the caller has found the ticket."""

from __future__ import annotations

from django.http import FileResponse, Http404

from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.journal.verbs import word
from tricorn.tickets.models import Ticket


def photo_of(ticket: Ticket, number: int) -> FileResponse:
    """Return one photo of this ticket; 404 when it is another's, or its bytes are gone."""
    file = File.objects.filter(subject=word(ticket), subject_id=ticket.pk, pk=number).first()
    if file is None:
        raise Http404("No such photo.")
    try:
        content = where(file.stored_as).open("rb")
    except FileNotFoundError as problem:
        raise Http404("The photo is not in its folder any more.") from problem
    response = FileResponse(content, content_type=file.media_type, filename=file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
