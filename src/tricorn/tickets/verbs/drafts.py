"""Drafts: what one has begun to write is kept while one types. Leaves no line."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.tickets.models import Draft, Ticket
from tricorn.tickets.verbs.access import allow
from tricorn.tickets.verbs.intake import LONGEST

KINDS = ("answer", "note")


def keep_draft(ticket: Ticket, *, by: Actor, at: datetime, kind: str, text: str) -> Draft | None:
    """Keep what was typed so far; nothing typed is nothing kept, nor is what was just sent.

    Errors  BadInput for a text that no message could hold.
    """
    if kind not in KINDS:
        raise BadInput(f"A draft is one of {', '.join(KINDS)}.", field="kind")
    text = text.replace("\0", "")
    if len(text) > LONGEST:
        raise BadInput(f"At most {LONGEST:,} characters fit. Shorten it.", field="text")
    allow(ticket, "add_note", by=by, at=at)
    if not text.strip() or _is_said(ticket, text, by):
        discard_draft(ticket, by=by, at=at, kind=kind)
        return None
    with transaction.atomic():
        draft, _ = Draft.objects.update_or_create(
            ticket=ticket,
            person_id=by.id or 0,
            kind=kind,
            defaults={"text": text, "saved_at": at},
        )
    return draft


def _is_said(ticket: Ticket, text: str, by: Actor) -> bool:
    """Whether these words were sent: leaving the box for the button keeps them once more."""
    last = (
        ticket.messages.standing()
        .filter(author=by.id)
        .order_by("-id")
        .values_list("text", flat=True)
    )
    return "".join(text.split()) in ("".join(said.split()) for said in last[:1])


def discard_draft(ticket: Ticket, *, by: Actor, at: datetime, kind: str) -> None:
    """Forget what one has begun: it was sent, or is not wanted."""
    if by.is_person:
        Draft.objects.filter(ticket=ticket, person=by.id, kind=kind).delete()
