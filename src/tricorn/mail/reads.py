"""The letters that went out, or did not, as Manage reads them: newest first, four queries a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tricorn.journal.actor import Actor
from tricorn.journal.models import Delivery
from tricorn.mail.kinds import KINDS, Said
from tricorn.mail.models import STATES, Letter
from tricorn.tickets.models import REVIEWER, Ticket

PER_PAGE = 50


@dataclass(frozen=True)
class Out:
    """One letter: to whom, about what, where it stands, and when it is tried next.

    `recipient` and `ref` are empty where its matter is not the reader's to see.
    """

    id: int
    title: Said
    recipient: str
    ref: str
    service: str
    state: str
    reason: str
    problem: str
    made_at: datetime
    sent_at: datetime | None
    attempts: int
    next_try: datetime | None
    can_try: bool
    can_drop: bool


@dataclass(frozen=True)
class Leaf:
    """One page of letters, and the number to ask for the ones before it; none at the end."""

    letters: tuple[Out, ...]
    before: int | None


def in_sight() -> QuerySet[Letter]:
    """All letters that Manage may ever see: not those about complaints that are with a reviewer."""
    return Letter.objects.exclude(ticket__held_for=REVIEWER)


def went_out(actor: Actor, *, state: str = "", before: int | None = None) -> Leaf:
    """Return letters in one state, or in any, from the newest or from before a number on."""
    rows = in_sight().select_related("ticket__service").order_by("-id")
    if state in STATES:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PER_PAGE + 1])
    letters = found[:PER_PAGE]
    tickets = [each.ticket_id for each in letters if each.ticket_id]
    seen = set(Ticket.objects.visible_to(actor).filter(pk__in=tickets).values_list("pk", flat=True))
    lines = [each.retry_id or each.line_id for each in letters if each.state == "waiting"]
    waiting = Delivery.objects.filter(reactor="mail", line__in=lines, state="waiting")
    deliveries = {each.line_id: each for each in waiting}
    shown = tuple(
        _out(each, deliveries.get(each.retry_id or each.line_id), each.ticket_id in seen)
        for each in letters
    )
    return Leaf(shown, letters[-1].pk if len(found) > PER_PAGE else None)


def counts() -> dict[str, int]:
    """Return how many wait and how many failed: both by an index of their own."""
    return {state: in_sight().filter(state=state).count() for state in ("failed", "waiting")}


def _out(letter: Letter, delivery: Delivery | None, is_seen: bool) -> Out:
    is_shown = is_seen or letter.ticket_id is None
    ticket = letter.ticket if is_seen else None
    is_over = letter.state == "sent"
    return Out(
        id=letter.pk,
        title=KINDS[letter.kind].title,
        recipient=letter.recipient if is_shown else "",
        ref=ticket.ref if ticket else "",
        service=ticket.service.name if ticket else "",
        state=letter.state,
        reason=letter.reason,
        problem=letter.problem,
        made_at=letter.made_at,
        sent_at=letter.sent_at,
        attempts=delivery.attempts if delivery else 0,
        next_try=delivery.not_before if delivery else None,
        can_try=not is_over and letter.kind != "code",
        can_drop=letter.state in ("waiting", "failed"),
    )
