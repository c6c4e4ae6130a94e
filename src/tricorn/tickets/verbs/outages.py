"""Outages: begun, ended, corrected, taken back; tickets linked to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Place
from tricorn.parties.verbs import clean
from tricorn.tickets.models import FINDERS, Outage, Ticket
from tricorn.tickets.verbs.access import allow, allow_services

# Further back is a slip of the pen, further ahead is no announcement.
LONGEST_AGO = timedelta(days=3660)
FURTHEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Noted:
    """What is noted of an outage. No places: everywhere; no end: it lasts."""

    services: tuple[Service, ...]
    began_at: datetime
    ended_at: datetime | None = None
    places: tuple[Place, ...] = ()
    found_by: str = "provider"
    is_planned: bool = False
    summary: str = ""


def begin_outage(noted: Noted, *, by: Actor, at: datetime, ticket: Ticket | None = None) -> Outage:
    """Note that services do not work, since now or earlier, or announce planned work.

    A ticket that told of it is linked at once.
    Errors  StandingRefused; BadInput for times that cannot be, or one that is noted already.
    """
    with transaction.atomic():
        _lock(noted.services)
        allow_services(noted.services, "begin_outage", by=by, at=at)
        summary = _check(noted, at)
        _check_overlap(noted)
        outage = Outage.objects.create(
            began_at=noted.began_at,
            ended_at=noted.ended_at,
            found_by=noted.found_by,
            is_planned=noted.is_planned,
            summary=summary,
            noted_by_id=by.id if by.is_person else None,
            noted_at=at,
        )
        outage.services.set(noted.services)
        outage.places.set(noted.places)
        write(
            outage,
            "outage.begun",
            by=by,
            at=at,
            services=sorted(each.pk for each in noted.services),
            places=sorted(each.pk for each in noted.places),
            began_at=_said(noted.began_at),
            ended_at=_said(noted.ended_at),
            found_by=noted.found_by,
            is_planned=noted.is_planned,
        )
        if ticket is not None:
            link_ticket(outage, ticket, by=by, at=at)
    return outage


def end_outage(
    outage: Outage, *, by: Actor, at: datetime, ended_at: datetime | None = None
) -> Outage:
    """It works again, since now or since an earlier moment. Planned work may end before its time.

    Errors  StandingRefused; MoveRefused when it is over already; BadInput for an end that cannot be.
    """
    ended_at = ended_at or at
    with transaction.atomic():
        outage = _found(outage)
        allow_services(_services(outage), "end_outage", by=by, at=at)
        if outage.ended_at is not None and not (outage.is_planned and outage.ended_at > at):
            raise MoveRefused(
                f"{outage.ref} has ended already. Change its times if they are wrong.",
                verb="end_outage",
            )
        if outage.began_at > at:
            raise MoveRefused(
                f"{outage.ref} has not begun yet. Take it back if it is called off.",
                verb="end_outage",
            )
        _check_end(outage.began_at, ended_at, at, is_planned=False)
        outage.ended_at = ended_at
        outage.save(update_fields=["ended_at"])
        write(outage, "outage.ended", by=by, at=at, ended_at=_said(ended_at))
    return outage


def change_outage(outage: Outage, noted: Noted, *, by: Actor, at: datetime) -> Outage:
    """Correct what is noted of an outage; the journal says which parts, and how the times were.

    Nothing is written when nothing is different.
    Errors  As `begin_outage`; MoveRefused for one that was taken back.
    """
    with transaction.atomic():
        before = _services(outage)
        _lock({*before, *noted.services})
        outage = _found(outage)
        allow_services({*before, *noted.services}, "change_outage", by=by, at=at)
        summary = _check(noted, at)
        parts, figures = _differences(outage, noted, summary)
        if not parts:
            return outage
        _check_overlap(noted, other_than=outage)
        outage.began_at, outage.ended_at = noted.began_at, noted.ended_at
        outage.found_by, outage.is_planned = noted.found_by, noted.is_planned
        outage.summary = summary
        outage.save(update_fields=["began_at", "ended_at", "found_by", "is_planned", "summary"])
        outage.services.set(noted.services)
        outage.places.set(noted.places)
        write(outage, "outage.changed", by=by, at=at, changed=parts, **figures)
    return outage


def take_back_outage(outage: Outage, *, by: Actor, at: datetime) -> Outage:
    """It was none after all, or the planned work is called off. Twice is once; the record stays."""
    with transaction.atomic():
        outage = Outage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
        allow_services(_services(outage), "take_back_outage", by=by, at=at)
        if outage.taken_back_at is None:
            outage.taken_back_at = at
            outage.save(update_fields=["taken_back_at"])
            write(outage, "outage.taken_back", by=by, at=at)
    return outage


def link_ticket(outage: Outage, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Say that a ticket tells of this outage. Twice is once."""
    with transaction.atomic():
        outage = _found(outage)
        allow(ticket, "link_ticket", by=by, at=at)
        if not outage.tickets.filter(pk=ticket.pk).exists():
            outage.tickets.add(ticket)
            write(ticket, "ticket.outage_linked", by=by, at=at, outage=outage.pk)


def unlink_ticket(outage: Outage, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Say that a ticket does not belong to this outage. Twice is once."""
    with transaction.atomic():
        Outage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
        allow(ticket, "link_ticket", by=by, at=at)
        if outage.tickets.filter(pk=ticket.pk).exists():
            outage.tickets.remove(ticket)
            write(ticket, "ticket.outage_unlinked", by=by, at=at, outage=outage.pk)


def _differences(outage: Outage, noted: Noted, summary: str) -> tuple[list[str], dict[str, Any]]:
    """Return which parts differ, and what the journal keeps of them: no words, only which."""
    parts: list[str] = []
    figures: dict[str, Any] = {}
    for name in ("began_at", "ended_at"):
        was, now = getattr(outage, name), getattr(noted, name)
        if was != now:
            parts.append(name)
            figures |= {f"{name}_was": _said(was), name: _said(now)}
    given = {"found_by": noted.found_by, "is_planned": noted.is_planned, "summary": summary}
    parts += [name for name, value in given.items() if getattr(outage, name) != value]
    for name, rows in (("services", noted.services), ("places", noted.places)):
        ids = sorted(each.pk for each in rows)
        if sorted(getattr(outage, name).values_list("pk", flat=True)) != ids:
            parts.append(name)
            figures[name] = ids
    return parts, figures


def _found(outage: Outage) -> Outage:
    """Return the outage as it is now, held until the transaction ends.

    Errors  MoveRefused when it was taken back.
    """
    found = Outage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
    if found.taken_back_at is not None:
        raise MoveRefused(f"{found.ref} was taken back. Note a new one instead.", verb="outage")
    return found


def _services(outage: Outage) -> list[Service]:
    return list(outage.services.all())


def _lock(services: Iterable[Service]) -> None:
    """Let nobody else note an outage of these services until this one is written.

    On SQLite the transaction itself is the lock; on PostgreSQL the rows are, always in one order.
    """
    ids = sorted({each.pk for each in services})
    list(Service.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))


def _check(noted: Noted, at: datetime) -> str:
    """Return the summary, clean.

    Errors  BadInput for what cannot be noted, each in one sentence.
    """
    if not noted.services:
        raise BadInput("Choose the services that do not work.", field="services")
    if noted.found_by not in FINDERS:
        raise BadInput(f"An outage is found by one of {', '.join(FINDERS)}.", field="found_by")
    if noted.began_at < at - LONGEST_AGO:
        raise BadInput(
            "It cannot have begun more than ten years ago. Give a later time.", field="began_at"
        )
    if noted.is_planned:
        if noted.ended_at is None:
            raise BadInput("Say until when the planned work lasts.", field="ended_at")
        if noted.began_at > at + FURTHEST_AHEAD:
            raise BadInput(
                "It begins more than a year ahead. Announce it nearer to its day.",
                field="began_at",
            )
    elif noted.began_at > at:
        raise BadInput(
            "It cannot have begun in the future. Give an earlier time, or note it as planned.",
            field="began_at",
        )
    if noted.ended_at is not None:
        _check_end(noted.began_at, noted.ended_at, at, is_planned=noted.is_planned)
    return clean(noted.summary, "summary", 200, required=False)


def _check_end(began_at: datetime, ended_at: datetime, at: datetime, *, is_planned: bool) -> None:
    if ended_at <= began_at:
        raise BadInput("It would end before it begins. Give a later end.", field="ended_at")
    if is_planned and ended_at > began_at + FURTHEST_AHEAD:
        raise BadInput("Planned work lasts at most a year. Give an earlier end.", field="ended_at")
    if not is_planned and ended_at > at:
        raise BadInput(
            "It cannot have ended in the future. Leave the end empty while it lasts.",
            field="ended_at",
        )


def _check_overlap(noted: Noted, other_than: Outage | None = None) -> None:
    """Errors: BadInput when one of the same sort, service and places is on record at that time."""
    wanted = frozenset(each.pk for each in noted.places)
    names = {each.pk: each.name for each in noted.services}
    found = (
        Outage.objects.touching(noted.began_at, noted.ended_at)
        .filter(is_planned=noted.is_planned, services__in=list(names))
        .distinct()
        .prefetch_related("places", "services")
    )
    if other_than is not None:
        found = found.exclude(pk=other_than.pk)
    for other in found:
        if frozenset(each.pk for each in other.places.all()) == wanted:
            both = ", ".join(
                sorted(names[each.pk] for each in other.services.all() if each.pk in names)
            )
            raise BadInput(
                f"{both}: {other.ref} is on record for that time and these places already. "
                f"Change {other.ref}, or give other times or places.",
                outage=other.pk,
            )


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
