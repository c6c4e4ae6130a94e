"""Tags: put on a ticket and taken off at the desk; renamed and merged by a manager."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean
from tricorn.tickets.models import Tag, Ticket, TicketTag
from tricorn.tickets.verbs.access import allow, lock

LONGEST = 40
MOST = 20


def tag(ticket: Ticket, *, by: Actor, at: datetime, name: str) -> Tag:
    """Put a tag on the ticket; one that nobody used before comes to be. Twice is once.

    Errors  BadInput for an empty or long name, or more tags than anybody reads.
    """
    name = named(name)
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "tag", by=by, at=at)
        found, _ = Tag.objects.get_or_create(key=key_of(name), defaults={"name": name})
        found = found.merged_into or found
        on = TicketTag.objects.filter(ticket=ticket)
        if not on.filter(tag=found).exists():
            if on.count() >= MOST:
                raise BadInput(
                    f"{ticket.ref} has {MOST} tags, which is as many as fit. Take one off first.",
                    field="name",
                )
            TicketTag.objects.create(ticket=ticket, tag=found)
            write(ticket, "ticket.tagged", by=by, at=at, tag=found.pk)
    return found


def untag(ticket: Ticket, *, by: Actor, at: datetime, name: str) -> Ticket:
    """Take a tag off; one that is not there is off already."""
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "tag", by=by, at=at)
        found = meant(name)
        gone = TicketTag.objects.filter(ticket=ticket, tag=found) if found else None
        if found is not None and gone is not None and gone.exists():
            gone.delete()
            write(ticket, "ticket.untagged", by=by, at=at, tag=found.pk)
    return ticket


def rename_tag(tag: Tag, *, by: Actor, at: datetime, name: str) -> Tag:
    """Give a tag another name, wherever it is.

    Errors  BadInput when another tag is called so: merge the two instead.
    """
    name = named(name)
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag.pk)
        other = Tag.objects.filter(key=key_of(name)).exclude(pk=tag.pk).first()
        if other is not None:
            raise BadInput(
                f"There is a tag {other.name} already. Merge this one into it instead.",
                field="name",
            )
        if tag.name != name:
            tag.name, tag.key = name, key_of(name)
            tag.save(update_fields=["name", "key"])
            write(tag, "tag.renamed", by=by, at=at)
    return tag


def merge_tags(tag: Tag, *, by: Actor, at: datetime, into: Tag) -> Tag:
    """Make two tags one: every ticket gets the other, and the old name leads to it from now on."""
    with transaction.atomic():
        rows = Tag.objects.select_for_update().order_by("pk")
        both = {each.pk: each for each in rows.filter(pk__in=[tag.pk, into.pk])}
        tag, into = both[tag.pk], both[into.pk]
        if tag.pk == into.pk or tag.merged_into_id or into.merged_into_id:
            raise BadInput("Choose another tag, one that is still there.", field="into")
        has_both = TicketTag.objects.filter(tag=into).values("ticket")
        TicketTag.objects.filter(tag=tag, ticket__in=has_both).delete()
        count = TicketTag.objects.filter(tag=tag).update(tag=into)
        Tag.objects.filter(merged_into=tag).update(merged_into=into)
        tag.merged_into = into
        tag.save(update_fields=["merged_into"])
        write(tag, "tag.merged", by=by, at=at, into=into.pk, tickets=count)
    return into


def meant(name: str) -> Tag | None:
    """Return the tag of that name; of one that was merged, what it went into."""
    found = Tag.objects.filter(key=key_of(name)).select_related("merged_into").first()
    return (found.merged_into or found) if found else None


def named(name: str) -> str:
    return clean(name.replace("#", " "), "name", LONGEST)


def key_of(name: str) -> str:
    """Return a name as it is compared: without case, marks and what nobody sees."""
    seen = "".join(c for c in name if c.isprintable() or c.isspace())
    return " ".join(seen.replace("#", " ").split()).casefold()[:80]
