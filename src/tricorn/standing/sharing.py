"""Which services' tickets a duty opens: a private one only to who has duty for it by name.

One rule for every surface. The rows that say which services are shared are read together with the
duties, so that privacy costs no query of its own; while no service is private there are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, QuerySet, Value, When
from django.db.models.functions import Cast

from tricorn.catalogue.models import Service

SHARED, PRIVATE = "shared", "private"


def sharing() -> QuerySet[Any, Any]:
    """Return (nobody, "shared" or "private", service) for every service; nothing while none is private."""
    is_any = Exists(Service.objects.filter(is_private=True).order_by())
    return (
        Service.objects.filter(is_any)
        .order_by()
        .values_list(
            Cast(Value(None), BigIntegerField()),
            Case(When(is_private=True, then=Value(PRIVATE)), default=Value(SHARED)),
            "pk",
        )
    )


def shared_of(rows: Iterable[tuple[str, int | None]]) -> frozenset[int] | None:
    """Return the services that a duty for every service opens, from such rows; None for all of them."""
    found = list(rows)
    if not found:
        return None
    return frozenset(service for how, service in found if how == SHARED and service is not None)


def served(named: Iterable[int | None], shared: frozenset[int] | None) -> frozenset[int] | None:
    """Return the services whose tickets are open to who has duty for these; None for every one.

    A service None among `named` stands for every service: it opens those that are shared.
    """
    services = set(named)
    if None not in services:
        return frozenset(each for each in services if each is not None)
    if shared is None:
        return None
    return shared | frozenset(each for each in services if each is not None)
