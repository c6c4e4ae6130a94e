"""Checklists: kept by a service for its tickets, put on a ticket, ticked line by line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean
from tricorn.tickets.models import CheckItem, Checklist, Ticket
from tricorn.tickets.verbs.access import allow, lock

LONGEST = 200
MOST = 60


def keep_checklist(
    service: Service,
    *,
    by: Actor,
    at: datetime,
    name: str,
    items: Iterable[str],
    checklist: Checklist | None = None,
    is_retired: bool = False,
) -> Checklist:
    """Keep a list for the tickets of a service, a new one or as it is from now on.

    Tickets that have it keep their copy.
    Errors  BadInput for a list without lines, or a name that another one has.
    """
    name = clean(name, "name", 80)
    lines = lines_of(items)
    if not lines:
        raise BadInput(
            "The list is empty. Write what is to be done, one thing on each line.", field="items"
        )
    with transaction.atomic():
        same = Checklist.objects.filter(service=service, name__iexact=name)
        if same.exclude(pk=(checklist and checklist.pk) or 0).exists():
            raise BadInput(f"{service} has a list called {name} already.", field="name")
        kept = checklist or Checklist(service=service)
        kept.name, kept.items, kept.is_retired = name, lines, is_retired
        kept.save()
        write(
            service,
            "service.checklist_changed" if checklist else "service.checklist_added",
            by=by,
            at=at,
            checklist=kept.pk,
            items=len(lines),
        )
    return kept


def add_checklist(ticket: Ticket, *, by: Actor, at: datetime, checklist: Checklist) -> Ticket:
    """Put a list of the ticket's service on the ticket.

    Errors  BadInput for a list of another service, or one that is kept no more; as `add_items`.
    """
    if checklist.service_id != ticket.service_id or checklist.is_retired:
        raise BadInput(
            f"“{checklist}” is no list of {ticket.service}. Choose one that is.", field="checklist"
        )
    return add_items(ticket, by=by, at=at, items=checklist.items, checklist=checklist)


def add_items(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    items: Iterable[str],
    checklist: Checklist | None = None,
) -> Ticket:
    """Add lines to what is to be done on the ticket; what is still to be done is not doubled.

    Errors  BadInput for no words, and for more than fit on one ticket; StandingRefused.
    """
    lines = lines_of(items)
    if not lines:
        raise BadInput("Write what is to be done, one thing on each line.", field="items")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "tick", by=by, at=at)
        there = list(ticket.check_items.values_list("text", "ticked_at"))
        undone = {text for text, ticked_at in there if ticked_at is None}
        lines = [line for line in lines if line not in undone]
        if len(there) + len(lines) > MOST:
            raise BadInput(
                f"A ticket has at most {MOST} things to do. Take some off first.", field="items"
            )
        added = CheckItem.objects.bulk_create([CheckItem(ticket=ticket, text=x) for x in lines])
        if lines:
            write(
                ticket,
                "ticket.checklist_added",
                by=by,
                at=at,
                count=len(lines),
                checklist=checklist.pk if checklist else None,
                items=[each.pk for each in added],
            )
    return ticket


def tick(item: CheckItem, *, by: Actor, at: datetime) -> CheckItem:
    """It is done."""
    return _set(item, True, by=by, at=at)


def untick(item: CheckItem, *, by: Actor, at: datetime) -> CheckItem:
    """It is not done after all."""
    return _set(item, False, by=by, at=at)


def _set(item: CheckItem, is_ticked: bool, *, by: Actor, at: datetime) -> CheckItem:
    with transaction.atomic():
        ticket = lock(Ticket(pk=item.ticket_id))
        allow(ticket, "tick", by=by, at=at)
        item = _still(ticket, item)
        if (item.ticked_at is not None) != is_ticked:
            item.ticked_at = at if is_ticked else None
            item.ticked_by_id = by.id if is_ticked and by.is_person else None
            item.save(update_fields=["ticked_at", "ticked_by"])
            left = ticket.check_items.filter(ticked_at__isnull=True).count()
            write(
                ticket,
                "ticket.ticked" if is_ticked else "ticket.unticked",
                by=by,
                at=at,
                item=item.pk,
                left=left,
            )
    return item


def remove_item(item: CheckItem, *, by: Actor, at: datetime) -> None:
    """Take a line off: it is not needed."""
    with transaction.atomic():
        ticket = lock(Ticket(pk=item.ticket_id))
        allow(ticket, "tick", by=by, at=at)
        gone = _still(ticket, item)
        number = gone.pk
        gone.delete()
        write(ticket, "ticket.check_removed", by=by, at=at, item=number)


def _still(ticket: Ticket, item: CheckItem) -> CheckItem:
    found = ticket.check_items.filter(pk=item.pk).first()
    if found is None:
        raise BadInput("Somebody has taken this line off already.")
    return found


def lines_of(items: Iterable[str]) -> list[str]:
    """Return the lines that say something, each once.

    Errors  BadInput for a line that is too long, or too many of them.
    """
    lines = [clean(each, "line", LONGEST, required=False) for each in items]
    lines = list(dict.fromkeys(line for line in lines if line))
    if len(lines) > MOST:
        raise BadInput(f"A list has at most {MOST} lines.", field="items")
    return lines
