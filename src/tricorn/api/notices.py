"""What you were told: the list behind the bell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import PathNumber, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.reading import reader_of
from tricorn.notices import reads, verbs
from tricorn.notices.models import Notice

router = Router(tags=["notices"])


class NoticeRow(Told):
    """Something that happened, for you. No `ticket` when you may not see it any more."""

    id: int
    said: str = Field(examples=["The desk has answered"])
    at: datetime
    is_read: bool
    ticket: str | None = Field(examples=["T-2041"])
    summary: str
    capacity: str = Field(description="`requester` or `agent`.")


class NoticePage(Told):
    """A page of notices; `next` is the cursor of the page behind it, null on the last."""

    items: list[NoticeRow]
    next: str | None


class NoticeFilters(Paged):
    """Which notices."""

    unread: bool = Field(False, description="True: only those not read yet.")


class ReadTold(Told):
    """How many were unread until now."""

    read: int


@serve(router, "GET", "/notices", gives=NoticePage, scope="tickets:read")
def list_notices(request: HttpRequest, filters: Query[NoticeFilters]) -> NoticePage:
    """What you were told, the newest first."""
    reader = reader_of(request)
    mine = Notice.objects.filter(person=reader.person, made_at__lte=reader.at)
    if filters.unread:
        mine = mine.filter(read_at__isnull=True)
    shown, after = leaf(mine.select_related("line"), filters, is_down=True)
    return NoticePage(items=_rows(shown, reader), next=after)


@serve(router, "POST", "/notices/{notice}/read", gives=NoticeRow, scope="tickets:write")
def read_notice(request: HttpRequest, notice: PathNumber) -> NoticeRow:
    """You have seen one of them. Twice is once."""
    reader = reader_of(request)
    found = verbs.read(reader.person, notice, at=reader.at)
    if found is None:
        raise Http404("No such notice.")
    return _rows([found], reader)[0]


@serve(router, "POST", "/notices/read_all", gives=ReadTold, scope="tickets:write")
def read_all_notices(request: HttpRequest) -> ReadTold:
    """You have seen all there is."""
    reader = reader_of(request)
    return ReadTold(read=verbs.read_all(reader.person, at=reader.at))


def _rows(notices: Collection[Notice], reader: Reader) -> list[NoticeRow]:
    return [
        NoticeRow(
            id=each.number,
            said=str(each.said),
            at=each.at,
            is_read=each.is_read,
            ticket=each.ref or None,
            summary=each.summary,
            capacity=each.capacity,
        )
        for each in reads.told(notices, reader.actor)
    ]
