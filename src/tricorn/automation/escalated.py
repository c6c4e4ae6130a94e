"""Which steps of the chains as they are now would have been taken: read-only, over the last days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from tricorn.automation.chains import Chained, Chains
from tricorn.automation.rehearsal import LONGEST_DAYS
from tricorn.catalogue.models import Service
from tricorn.engine.escalation import moment
from tricorn.journal.actor import Actor
from tricorn.tickets.bridge import running
from tricorn.tickets.models import Clock, Ticket, Wait

MOST = 300


@dataclass(frozen=True)
class Taken:
    """One step that would have been taken for one promise of a matter, and when."""

    ticket: Ticket
    measure: str
    chained: Chained
    at: datetime


@dataclass(frozen=True)
class Escalations:
    """How the chains would have fared: matters looked at, the steps taken, newest first.

    `counts` says of each step how often, in the order of the chains, the service's own first.
    """

    looked_at: int
    is_cut: bool
    taken: tuple[Taken, ...]
    counts: tuple[tuple[Chained, int], ...]


def rehearse_chains(service: Service, *, days: int, by: Actor, at: datetime) -> Escalations:
    """Return what the chains of a service would have done in the last days: seven queries.

    Each matter by the chain that counts for it now, agreed or the service's own, on its own clocks.
    What the reader may not know of is not looked at.
    """
    since = at - timedelta(days=max(1, min(days, LONGEST_DAYS)))
    found = (
        Ticket.objects.visible_to(by)
        .counted()
        .filter(service=service, reported_at__gt=since, reported_at__lte=at)
    )
    tickets = list(found.order_by("-reported_at", "-id")[: MOST + 1])
    is_cut, tickets = len(tickets) > MOST, tickets[:MOST]
    chains = Chains()
    chains.learn(ticket.version_id for ticket in tickets)
    by_id = {ticket.pk: ticket for ticket in tickets if ticket.state != "cancelled"}
    waits: dict[int, list[Wait]] = {}
    for wait in Wait.objects.filter(ticket__in=by_id):
        waits.setdefault(wait.ticket_id, []).append(wait)
    taken = []
    for clock in Clock.objects.filter(ticket__in=by_id).select_related("clause", "target"):
        ticket, end = by_id[clock.ticket_id], clock.stopped_at or at
        run = running(clock, waits.get(ticket.pk, []))
        for chained in chains.of(ticket):
            due = moment(run, chained.step, end)
            if due is not None and due <= end:
                taken.append(Taken(ticket, clock.measure, chained, due))
    taken.sort(key=lambda each: (each.at, each.ticket.pk), reverse=True)
    return Escalations(len(tickets), is_cut, tuple(taken), _counts(taken, chains, service))


def _counts(
    taken: list[Taken], chains: Chains, service: Service
) -> tuple[tuple[Chained, int], ...]:
    """How often each step of the service's own chain was taken, then those of agreements that were."""
    times = Counter(_key(each.chained) for each in taken)
    steps = {_key(each): each for each in chains.services.get(service.pk, [])}
    agreed = [each.chained for each in taken if each.chained.agreed]
    steps |= {_key(each): each for each in sorted(agreed, key=_key)}
    return tuple((each, times[key]) for key, each in steps.items())


def _key(chained: Chained) -> tuple[int, int]:
    version = chained.agreed.version_id if chained.agreed else 0
    return version, chained.number
