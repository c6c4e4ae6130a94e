"""Granting authority within limits and dates, changing it, withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Person
from tricorn.standing.frozen import proofs
from tricorn.standing.models import MAY, Authority
from tricorn.standing.verbs.amounts import clean_amount
from tricorn.standing.verbs.circle import refuse_circle


def grant(
    person: Person,
    organisation: Organisation,
    may: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    service: Service | None = None,
    up_to: Decimal | None = None,
    currency: str = "",
    deputy: Person | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Authority]:
    """Let somebody sign, approve, accept, decide or admit for an organisation and all below it.

    The same authority twice is once.
    Errors  BadInput when it could never hold, or its deputy would close a circle of deputies.
    """
    if not may:
        raise BadInput(f"Choose what {person} may do: {', '.join(MAY)}.")
    if unknown := sorted(set(may) - set(MAY)):
        raise BadInput(f"An authority is to {', '.join(MAY)}, not {unknown[0]!r}.")
    if deputy == person:
        raise BadInput(f"{person} cannot be their own deputy. Choose somebody else.")
    if until is not None and until <= (since or at):
        raise BadInput("The authority would end before it begins. Choose a later end.")
    up_to, currency = clean_amount(up_to, currency, "up_to")
    limits = {
        "organisation": organisation,
        "service": service,
        "up_to": up_to,
        "currency": currency,
        "deputy": deputy,
        "until": until,
    }
    with transaction.atomic():
        list(Person.objects.filter(pk=person.pk).select_for_update(of=("self",), no_key=True))
        if deputy is not None:
            refuse_circle(person, deputy, since or at, until, deeds=may, path=organisation.path)
        same = Authority.objects.unended(at).filter(person=person, **limits)
        known = {row.may: row for row in same.order_by("id")}
        wanted = list(dict.fromkeys(may))
        missing = [each for each in wanted if each not in known]
        if missing:
            known |= _create(person, missing, limits, since or at, by=by, at=at)
    return [known[each] for each in wanted]


def change_authority(authority: Authority, *, by: Actor, at: datetime, **changes: Any) -> Authority:
    """Give an authority another limit, deputy or end: the old one ends here and a new one begins.

    changes  Any of up_to, currency, deputy, until; what is not named stays.
    """
    with transaction.atomic():
        old = _lock(authority)
        since = max(old.since, at)
        kept = {
            "service": old.service,
            "up_to": old.up_to,
            "currency": old.currency,
            "deputy": old.deputy,
            "until": old.until,
        }
        wanted = kept | changes
        if wanted == kept:
            return old
        withdraw(old, by=by, at=at)
        return grant(old.person, old.organisation, [old.may], by=by, at=at, since=since, **wanted)[
            0
        ]


def withdraw(authority: Authority, *, by: Actor, at: datetime) -> None:
    """Withdraw an authority; what was decided under it stays decided."""
    with transaction.atomic():
        authority = _lock(authority)
        if authority.until is not None and authority.until <= at:
            raise BadInput("This authority was withdrawn already.")
        authority.until = authority.withdrawn_at = at
        authority.save(update_fields=["until", "withdrawn_at"])
        write(
            authority.person,
            "person.authority_withdrawn",
            by=by,
            at=at,
            organisation=authority.organisation_id,
            may=[authority.may],
            proofs=proofs(authority),
        )


def _create(
    person: Person,
    may: Sequence[str],
    limits: dict[str, Any],
    since: datetime,
    *,
    by: Actor,
    at: datetime,
) -> dict[str, Authority]:
    rows = [
        Authority.objects.create(person=person, may=each, since=since, **limits) for each in may
    ]
    up_to, service, deputy = limits["up_to"], limits["service"], limits["deputy"]
    write(
        person,
        "person.authority_granted",
        by=by,
        at=at,
        organisation=limits["organisation"].pk,
        may=sorted(may),
        up_to=str(up_to) if up_to is not None else None,
        currency=limits["currency"],
        service=service and service.pk,
        deputy=deputy and deputy.pk,
        proofs=proofs(*rows),
    )
    return {row.may: row for row in rows}


def _lock(authority: Authority) -> Authority:
    rows = Authority.objects.select_related("person", "organisation", "service", "deputy")
    return rows.select_for_update(of=("self",)).get(pk=authority.pk)
