"""Undoing what was added: words, checklist lines, who a note made follow.

Nothing said is deleted. Withdrawn words stay in their row, struck for the desk and shown to nobody
else; the line says which they are.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, Q, Value, When

from tricorn.journal.actor import Actor
from tricorn.journal.models import Line
from tricorn.journal.verbs import write
from tricorn.tickets.models import CheckItem, Follower, Message, Ticket
from tricorn.tickets.verbs.access import allow, lock
from tricorn.tickets.verbs.clocks import DUE_FIELDS, resettle
from tricorn.tickets.verbs.found import index


def withdraw_added(
    ticket: Ticket, lines: Collection[int], *, by: Actor, at: datetime, was_answered: bool
) -> None:
    """Withdraw what these lines say that they added to a ticket. Twice is once.

    Where the desk had not spoken before, it has not now: the clock of the first response goes on.
    Called inside the transaction that undoes the rest.
    """
    ticket = lock(ticket)
    allow(ticket, "add_note", by=by, at=at)
    told = list(Line.objects.about("ticket", ticket.pk).filter(pk__in=lines).order_by("id"))
    said = {each.data["message"] for each in told if each.data.get("message")}
    messages = _withdraw_words(ticket, said)
    items = _remove_items(ticket, [n for each in told for n in each.data.get("items", ())])
    followers = _let_go(ticket, [each for each in told if each.kind == "ticket.mentioned"])
    if not (messages or items or followers):
        return
    ticket.changed_at = at
    if messages and not was_answered:
        ticket.first_response_at = None
        resettle(ticket, at=at)
    ticket.save(update_fields=["first_response_at", "changed_at", *DUE_FIELDS])
    index(ticket)
    write(
        ticket,
        "ticket.withdrawn",
        by=by,
        at=at,
        messages=messages,
        items=items,
        followers=followers,
    )


def _withdraw_words(ticket: Ticket, said: Collection[int]) -> list[int]:
    rows = ticket.messages.standing().filter(pk__in=said)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    what = Case(When(is_public=True, then=Value("answer")), default=Value("note"))
    Message.objects.filter(pk__in=found).update(withdrawn=what, is_public=False)
    return found


def _remove_items(ticket: Ticket, items: Collection[int]) -> list[int]:
    rows = CheckItem.objects.filter(ticket=ticket, pk__in=items, ticked_at__isnull=True)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    CheckItem.objects.filter(pk__in=found).delete()
    return found


def _let_go(ticket: Ticket, mentions: Collection[Line]) -> list[int]:
    """Who was named follows no more, unless they did so before."""
    began = Q()
    for each in mentions:
        began |= Q(person=each.data.get("person"), since=each.at)
    if not mentions:
        return []
    rows = Follower.objects.filter(began, ticket=ticket)
    found = list(rows.order_by("person").values_list("person", flat=True))
    rows.delete()
    return found
