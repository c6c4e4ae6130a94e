"""My services: what I may use and why, what waits for me, what is open, what is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tricorn.agreements.models import Clause
from tricorn.catalogue.bridge import schedule, schedule_of
from tricorn.catalogue.models import Service
from tricorn.engine.hours import Schedule
from tricorn.engine.roles import rule
from tricorn.standing.portrait import Known, Portrait
from tricorn.tickets.models import (
    DONE_STATES,
    ENDED_STATES,
    STATES,
    Ticket,
    TicketQuerySet,
    is_theirs,
)

# Whoever is waited for under these names is the reader of the page.
ME = ("customer", "user")
UNFINISHED = sorted(set(STATES) - set(DONE_STATES))
MOST = 50
LATELY = 5


@dataclass(frozen=True)
class Matter:
    """One row of a list: what it is, where it stands, when we answer."""

    ref: str
    summary: str
    kind: str
    state: str
    service: str
    held_by: str
    due_at: datetime | None
    breach_at: datetime | None
    changed_at: datetime
    is_rated: bool

    @property
    def waits_for_me(self) -> bool:
        return self.state == "waiting" and self.held_by in ME


@dataclass(frozen=True)
class MyService:
    """A service that I may use, or have used: `because` is empty when no agreement covers me."""

    service: Service
    schedule: Schedule
    because: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Front:
    """The first page: at most MOST open matters, the last few that are done."""

    services: tuple[MyService, ...]
    waiting: tuple[Matter, ...]
    open: tuple[Matter, ...]
    has_more_open: bool
    done: tuple[Matter, ...]
    has_more_done: bool


def mine(person_id: int) -> TicketQuerySet:
    """The tickets that this person asked for, or that are for them."""
    return Ticket.objects.filter(is_theirs(person_id))


def front(portrait: Portrait) -> Front:
    """Return the first page of My services: four queries."""
    tickets = _joined(mine(portrait.person_id))
    unfinished = matters(tickets.filter(_goes_on()).order_by("queue_at", "id")[: MOST + 1])
    done = matters(tickets.filter(_is_over()).order_by("-changed_at")[: LATELY + 1])
    shown = unfinished[:MOST]
    return Front(
        services=services(portrait),
        waiting=tuple(each for each in shown if each.waits_for_me),
        open=tuple(each for each in shown if not each.waits_for_me),
        has_more_open=len(unfinished) > MOST,
        done=done[:LATELY],
        has_more_done=len(done) > LATELY,
    )


def listed(person_id: int, *, is_done: bool) -> TicketQuerySet:
    """The rows of one list, for a paginator: `matters` makes a page of them."""
    tickets = _joined(mine(person_id))
    if is_done:
        return tickets.filter(_is_over()).order_by("-changed_at", "-id")
    return tickets.filter(_goes_on()).order_by("queue_at", "id")


def _goes_on() -> Q:
    """Somebody works on it, perhaps as part of another matter."""
    return Q(state__in=UNFINISHED) | Q(survivor__state__in=UNFINISHED)


def _is_over() -> Q:
    return Q(state__in=ENDED_STATES) | Q(survivor__state__in=ENDED_STATES)


def matters(tickets: Iterable[Ticket]) -> tuple[Matter, ...]:
    return tuple(
        Matter(
            ref=each.ref,
            summary=each.summary,
            kind=each.kind,
            state=stands.state,
            service=each.service.name,
            held_by=stands.waiting_on,
            due_at=stands.due_at,
            breach_at=stands.breach_at,
            changed_at=each.changed_at,
            is_rated=hasattr(each, "rating"),
        )
        for each, stands in ((ticket, ticket.survivor or ticket) for ticket in tickets)
    )


def services(portrait: Portrait) -> tuple[MyService, ...]:
    """Return what this person may use, and has used, each with its reason: two queries."""
    covered = _covering(portrait.facts_known)
    anywhere = covered.pop(None, None)
    rows = Service.objects.filter(is_retired=False)
    if anywhere is None:
        rows = rows.filter(pk__in={*covered, *portrait.uses})
    else:
        # What only the desk takes reports for is nobody's to find in a list.
        rows = rows.exclude(~Q(pk__in={*covered, *portrait.uses}), intake="desk")
    signed = _signed_hours({_version_of(fact) for fact in covered.values()})
    found = []
    for service in rows.select_related("hours"):
        fact = covered.get(service.pk, anywhere)
        ruling = rule(portrait.standing(service.pk), "use")
        hours = signed.get(_version_of(fact) or 0) if fact else None
        found.append(
            MyService(
                service=service,
                schedule=hours or schedule(service.hours),
                because=(fact.words or fact.evidence) if fact and ruling.allowed else "",
                evidence=ruling.because,
            )
        )
    return tuple(sorted(found, key=lambda each: (not each.because, each.service.name)))


def _covering(facts: Iterable[Known]) -> dict[int | None, Known]:
    """Return the entitlement for each service: the one that says so most personally."""
    found: dict[int | None, Known] = {}
    for fact in facts:
        if fact.kind != "entitled":
            continue
        known = found.get(fact.service_id)
        if known is None or (fact.person_id is not None and known.person_id is None):
            found[fact.service_id] = fact
    return found


def _version_of(fact: Known) -> int | None:
    """The version that entitles; a free trial is none, and has the hours of the house."""
    return fact.evidence_id if fact.evidence == "version" else None


def _signed_hours(versions: set[int | None]) -> dict[int, Schedule]:
    """Return the service hours of each version, as its first clause (about an end) says."""
    chosen: dict[int, Clause] = {}
    for clause in Clause.objects.filter(version__in=versions - {None}).order_by("id"):
        known = chosen.setdefault(clause.version_id, clause)
        if clause.stop == "resolved" and known.stop != "resolved":
            chosen[clause.version_id] = clause
    return {version: schedule_of(clause.spec, clause.hours) for version, clause in chosen.items()}


def _joined(tickets: TicketQuerySet) -> TicketQuerySet:
    return tickets.select_related("service", "rating", "survivor")
