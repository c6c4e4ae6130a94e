"""How many it takes: two signatures above an amount, say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.roles import asking, authority
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import House, Organisation
from tricorn.standing.asked import Asked, case
from tricorn.standing.frozen import proofs
from tricorn.standing.models import MAY, Quorum
from tricorn.standing.verbs.amounts import clean_amount

MOST = 20
CENT = Decimal("0.01")


def set_quorum(
    organisation: Organisation,
    may: str,
    needed: int,
    *,
    by: Actor,
    at: datetime,
    service: Service | None = None,
    above: Decimal | None = None,
    currency: str = "",
) -> Quorum:
    """Say how many a deed takes from now on; for the same case it replaces what was said before.

    Errors  BadInput when more would be needed than may do it, so that nobody could ever be asked.
    """
    if may not in MAY:
        raise BadInput(f"A deed is to {', '.join(MAY)}, not {may!r}.")
    if not 1 <= needed <= MOST:
        raise BadInput(f"A deed takes 1 to {MOST} people.", field="needed", needed=needed)
    above, currency = clean_amount(above, currency, "above")
    with transaction.atomic():
        list(House.objects.select_for_update(of=("self",)))
        for_one = Quorum.objects.unended(at).filter(
            organisation=organisation, may=may, service=service, above=above, currency=currency
        )
        old = for_one.first()
        if old is not None and old.needed == needed:
            return old
        _refuse_more_than_there_are(
            Asked(
                organisation,
                may,
                (service,) if service else (),
                above + CENT if above is not None else None,
                currency,
            ),
            needed,
            at,
        )
        if old is not None:
            end_quorum(old, by=by, at=at)
        quorum = Quorum.objects.create(
            organisation=organisation,
            may=may,
            service=service,
            above=above,
            currency=currency,
            needed=needed,
            since=at,
        )
        write(
            organisation,
            "organisation.quorum_set",
            by=by,
            at=at,
            quorum=quorum.pk,
            may=may,
            needed=needed,
            service=service and service.pk,
            above=str(above) if above is not None else None,
            currency=currency,
            proofs=proofs(quorum),
        )
    return quorum


def end_quorum(quorum: Quorum, *, by: Actor, at: datetime) -> None:
    """Say that this number is needed no longer."""
    with transaction.atomic():
        rows = Quorum.objects.select_related("organisation").select_for_update(of=("self",))
        quorum = rows.get(pk=quorum.pk)
        if quorum.until is not None and quorum.until <= at:
            raise BadInput("This number has ended already.")
        quorum.until = at
        quorum.save(update_fields=["until"])
        write(
            quorum.organisation,
            "organisation.quorum_ended",
            by=by,
            at=at,
            quorum=quorum.pk,
            may=quorum.may,
            proofs=proofs(quorum),
        )


def _refuse_more_than_there_are(asked: Asked, needed: int, at: datetime) -> None:
    found = case(asked, at)
    wanted = authority.Entitled(authority.holders(found.question, found.situation), needed)
    if needed > 1 and not wanted.can_be_met:
        question = replace(found.question, amount=None)
        raise BadInput(asking.too_few(question, wanted, found.spoken), field="needed")
