"""The files of a ticket: the list, one as a download, a new one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from ninja import File as Part
from ninja import Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from tricorn.api.door import serve, serve_file
from tricorn.api.fields import Line, PathNumber, Ref, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import found_ticket, reader_of
from tricorn.files.models import File
from tricorn.files.serving import served
from tricorn.tickets import verbs
from tricorn.tickets.reads.attached import files_at_desk, files_of_mine

router = Router(tags=["files of tickets"])


class Attachment(Told):
    """A file of a ticket: a photo of its own, or what came with a message."""

    id: int
    name: str = Field(examples=["photo.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="In bytes.")
    message: int | None = Field(description="The message that it came with.")
    added_at: datetime
    url: str = Field(examples=["/api/v1/tickets/T-2041/attachments/7"])


class AttachmentPage(Told):
    """A page of files; `next` is the cursor of the page behind it, null on the last."""

    items: list[Attachment]
    next: str | None


@serve(router, "GET", "/tickets/{ref}/attachments", gives=AttachmentPage, scope="tickets:read")
def list_attachments(request: HttpRequest, ref: Ref, paged: Query[Paged]) -> AttachmentPage:
    """The files of a ticket that you may have."""
    shown, after = leaf(_files(reader_of(request), ref), paged)
    return AttachmentPage(items=[_row(each, ref) for each in shown], next=after)


@serve_file(router, "/tickets/{ref}/attachments/{number}", scope="tickets:read")
def download_attachment(request: HttpRequest, ref: Ref, number: PathNumber) -> FileResponse:
    """One file, as a download that no browser runs."""
    file = _files(reader_of(request), ref).filter(pk=number).first()
    if file is None:
        raise Http404("No such file.")
    return served(file)


@serve(
    router,
    "POST",
    "/tickets/{ref}/attachments",
    gives=Attachment,
    scope="tickets:write",
    status=201,
)
def attach(
    request: HttpRequest,
    ref: Ref,
    file: Part[UploadedFile],
    text: Annotated[str, Line(100_000, "This is what I see.")] = Form(""),
) -> tuple[Attachment, str]:
    """Add a file of at most 10 MB: a photo alone, or any file with a text that is said with it.

    JPEG, PNG, WebP and GIF are drawn anew, so that nothing but the picture is left; TIFF, HEIC, AVIF
    and documents of an office lose what they tell about their maker, anything else is kept as it is.
    """
    reader = reader_of(request)
    ticket, _ = found_ticket(reader, ref)
    made = verbs.attach(
        ticket,
        by=reader.actor,
        at=reader.at,
        data=file.read(),
        name=file.name or "file",
        text=text,
    )
    row = _row(made, ticket.ref)
    return row, row.url


def _files(reader: Reader, ref: str) -> QuerySet[File]:
    ticket, is_served = found_ticket(reader, ref)
    if is_served and reader.agent is not None:
        return files_at_desk(ticket, reader.agent.services)
    return files_of_mine(ticket)


def _row(file: File, ref: str) -> Attachment:
    return Attachment(
        id=file.pk,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        message=file.subject_id if file.subject == "message" else None,
        added_at=file.added_at,
        url=f"/api/v1/tickets/{ref}/attachments/{file.pk}",
    )
