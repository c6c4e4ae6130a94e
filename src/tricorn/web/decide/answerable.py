"""Whether somebody may answer an offer for the client, for all its options at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext

from tricorn.agreements import plain
from tricorn.agreements.models import Offer, Option
from tricorn.agreements.offered import OfferShown
from tricorn.catalogue.models import Service
from tricorn.engine.errors import StandingRefused
from tricorn.parties.models import Person
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked, Signer
from tricorn.standing.models import Absence


@dataclass(frozen=True)
class Answerable:
    """Why the reader may not answer an option, by its number; and for whom they act, if they do."""

    refusals: dict[int, str] = field(default_factory=dict)
    acting: str = ""


def answerable(offer: Offer, shown: OfferShown, person: Person, *, at: datetime) -> Answerable:
    """Return what a person may answer.

    Asked once for each different set of services: options over the same services cost as one.
    """
    if offer.state != "open":
        return Answerable()
    services = _services([each.option for each in shown.options])
    known: dict[tuple[int, ...], Signer | str] = {}
    refusals: dict[int, str] = {}
    acting = ""
    for each in shown.options:
        rows = services.get(each.option.pk, ())
        key = tuple(row.pk for row in rows)
        if key not in known:
            known[key] = _asked(offer, rows, person, at)
        found = known[key]
        if isinstance(found, str):
            refusals[each.option.pk] = found
        else:
            acting = acting or acting_for(found, at)
    return Answerable(refusals, acting)


def acting_for(signer: Signer, at: datetime) -> str:
    """Say for whom somebody acts: "You act for Clive Weber, who is away until 3 June."."""
    if signer.acting_for is None:
        return ""
    name = signer.acting_for.name
    away = Absence.objects.at(at).filter(person=signer.acting_for).order_by("-until").first()
    if away is None or away.until is None:
        return gettext("You act for %(name)s, who is away.") % {"name": name}
    return gettext("You act for %(name)s, who is away until %(day)s.") % {
        "name": name,
        "day": plain.day(away.until.date()),
    }


def _asked(
    offer: Offer, services: tuple[Service, ...], person: Person, at: datetime
) -> Signer | str:
    """Return in what capacity the person answers, or whose answer it is. No amount limits it."""
    refusal = ""
    for deed in ("decide", "sign"):
        asked = Asked(offer.client, deed, services, None, "")
        try:
            return approvals.require(person, asked, at=at)
        except StandingRefused as problem:
            refusal = str(problem)
    return refusal


def _services(options: list[Option]) -> dict[int, tuple[Service, ...]]:
    rows = Option.objects.filter(pk__in=[each.pk for each in options])
    return {
        each.pk: tuple(sorted(each.services.all(), key=lambda service: service.pk))
        for each in rows.prefetch_related("services")
    }
