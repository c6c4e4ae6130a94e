"""On whose forms a service stands: apart from who reads its tickets."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tricorn.catalogue.models import Service
from tricorn.standing.portrait import Portrait


def offered_to(known: Portrait | None) -> QuerySet[Service]:
    """Return the services that take a report from this person, or from a visitor (None).

    Private ones come last, so that none of them is where a report goes that names no service.
    """
    found = Service.objects.filter(is_open_to_reports=True, is_retired=False)
    open_to = Q(intake="everybody")
    if known is not None:
        open_to |= Q(intake="signed_in")
        entitled = {fact.service_id for fact in known.facts_known if fact.kind == "entitled"}
        if None in entitled:
            open_to |= Q(intake="entitled")
        else:
            open_to |= Q(intake="entitled", pk__in=entitled)
    return found.filter(open_to).order_by("is_private", "id")
