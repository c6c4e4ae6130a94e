"""One ticket as the person whose matter it is may see it: no notes, no names of the desk's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tricorn.catalogue.bridge import schedule
from tricorn.engine.hours import Schedule
from tricorn.engine.lifecycle import Side, State, possible
from tricorn.files.models import File
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import word
from tricorn.tickets.bridge import terms_of
from tricorn.tickets.links import hash_of
from tricorn.tickets.models import Message, Rating, Ticket, TicketQuerySet
from tricorn.tickets.reads.brought import files_of
from tricorn.tickets.reads.merged import Together, read_by, together


@dataclass(frozen=True)
class Said:
    """One public message. `who` is empty for the reader's own words; `is_ours`: the desk's."""

    text: str
    at: datetime
    who: str
    is_ours: bool
    html: str = ""
    quoted: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Photo:
    id: int
    name: str


@dataclass(frozen=True)
class Page:
    """What the page of one's own ticket shows.

    moves     verbs that its owner may use from its state: reopen, close, cancel.
    schedule  the service hours of the promise it runs by, else those of the service.
    score     1 to 5 when it was rated, None before.
    together  how the matter stands with which it is handled, None for one of its own.
    """

    ticket: Ticket
    said: tuple[Said, ...]
    photos: tuple[Photo, ...]
    moves: frozenset[str]
    schedule: Schedule
    score: int | None
    together: Together | None = None

    @property
    def state(self) -> str:
        """How it stands for whose matter it is: a merged one as that in which it is handled."""
        return self.together.state if self.together else self.ticket.state

    @property
    def first_words(self) -> str:
        return self.said[0].text if self.said else self.ticket.summary

    @property
    def can_answer(self) -> bool:
        if self.together is not None:
            return self.together.state not in ("closed", "cancelled")
        return self.ticket.state not in ("closed", "cancelled")

    @property
    def can_rate(self) -> bool:
        return self.ticket.state in ("resolved", "closed") and self.score is None


def behind_link(token: str) -> Ticket | None:
    """Return the ticket that a private link opens, with what its page needs; None for a guess."""
    return with_page(Ticket.objects.filter(link_hash=hash_of(token))).first()


def with_page(tickets: TicketQuerySet) -> TicketQuerySet:
    """Join what `page` reads of a ticket's own row."""
    return tickets.select_related(
        "service__hours", "place", "rating", "requester", "affected", "survivor"
    )


def page(ticket: Ticket, reader: Actor) -> Page:
    """Return the page of a ticket found by `with_page`: three queries, one for a merged one, and one
    for letters.

    A merged one shows the desk's public answers of where it is handled, since it is; nothing else.
    Source  docs/decisions/0015-merged-tickets.md
    """
    messages = list(
        Message.objects.filter(read_by(ticket), is_public=True)
        .select_related("author")
        .order_by("at", "id")
    )
    files = files_of(messages)
    photos = File.objects.filter(subject=word(ticket), subject_id=ticket.pk).order_by("id")
    clock = ticket.clocks.select_related("clause", "target").order_by("id").first()
    rating: Rating | None = getattr(ticket, "rating", None)
    return Page(
        ticket=ticket,
        said=tuple(
            Said(
                text=message.text,
                at=message.at,
                who=_name(message, reader),
                is_ours=message.is_from_desk,
                html=message.html,
                quoted=message.quoted,
                files=files.get(message.pk, ()),
            )
            for message in messages
        ),
        photos=tuple(Photo(each.pk, each.name) for each in photos),
        moves=frozenset(move.verb for move in possible(State(ticket.state), Side.OWN)),
        schedule=terms_of(clock).schedule if clock else schedule(ticket.service.hours),
        score=rating.score if rating else None,
        together=together(ticket),
    )


def _name(message: Message, reader: Actor) -> str:
    """Return who spoke, as far as the reader is told: a link shows no names, a person sees them.

    Who is copied and answers by mail is named to both: it is not the reader.
    """
    if message.sender and message.by_kind == "worker":
        return message.sender
    if not reader.is_person or message.author is None or message.author_id == reader.id:
        return ""
    return message.author.name
