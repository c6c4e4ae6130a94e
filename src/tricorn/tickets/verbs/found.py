"""Letting tickets be found by what was said on them: called by every verb that changes that.

Notes of the desk are kept aside: only reads of the desk look there. A held report is not found. What
was merged is found as the ticket in which it is handled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Q

from tricorn.search import verbs as search
from tricorn.search.kinds import Document, Source
from tricorn.tickets.models import DONE_STATES, Message, Ticket

BATCH = 1000
# Unfinished tickets carry this mark, so that the queue's words are looked for among them alone.
UNFINISHED = "unfinished"


def index(ticket: Ticket) -> None:
    """Let a ticket be found by what is on it now, or not at all while it is held."""
    if is_findable(ticket):
        search.put_many("ticket", _documents([ticket]))
    else:
        search.forget("ticket", ticket.pk)


def index_new(ticket: Ticket, text: str) -> None:
    """Do the same for one that was just made, with nothing on it but these words."""
    if is_findable(ticket):
        search.put_many("ticket", [_document(ticket, [text], [])])


def index_many(tickets: Collection[Ticket]) -> None:
    """Do the same for a thousand at once: one query, and the writing."""
    search.put_many("ticket", _documents([each for each in tickets if is_findable(each)]))
    search.forget_many("ticket", [each.pk for each in tickets if not is_findable(each)])


def is_findable(ticket: Ticket) -> bool:
    """Whether searches may show it."""
    return not ticket.held_for and ticket.merged_into_id is None


def _documents(tickets: Collection[Ticket]) -> list[Document]:
    said: dict[int, list[str]] = {}
    noted: dict[int, list[str]] = {}
    ids = [each.pk for each in tickets]
    messages = Message.objects.standing()
    messages = messages.filter(Q(ticket__in=ids) | Q(ticket__survivor__in=ids))
    rows = messages.order_by("id").values_list("ticket", "ticket__survivor", "text", "is_public")
    for number, survivor, text, is_public in rows:
        (said if is_public else noted).setdefault(survivor or number, []).append(text)
    return [
        _document(ticket, said.get(ticket.pk, ()), noted.get(ticket.pk, ())) for ticket in tickets
    ]


def _document(ticket: Ticket, said: Iterable[str], noted: Iterable[str]) -> Document:
    return Document(
        ticket.pk,
        ticket.summary,
        body="\n".join(said),
        aside="\n".join([*noted, ticket.source_id]),
        marks=() if ticket.state in DONE_STATES else (UNFINISHED,),
    )


def _batches() -> Iterator[list[Document]]:
    last = 0
    while found := list(Ticket.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield _documents([each for each in found if is_findable(each)])
        last = found[-1].pk


TICKETS = Source(
    count=lambda: Ticket.objects.filter(held_for="", merged_into=None).count(),
    batches=_batches,
)
