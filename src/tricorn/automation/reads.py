"""What pages show of rules, escalation and what comes again: a fixed number of queries each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, Q

from tricorn.agreements.models import AgreedStep, Version
from tricorn.automation.known import names_in
from tricorn.automation.models import Escalated, Rule, Run
from tricorn.automation.people import names
from tricorn.engine.rules import because, reason_from
from tricorn.prepared import Prepared
from tricorn.tickets.models import Ticket

WITH = ("clock", "agreed__version__agreement")


@dataclass(frozen=True)
class RuleRow:
    """One rule in the list, with how often it ran and when it did last."""

    rule: Rule
    runs: int
    last_at: datetime | None


@dataclass(frozen=True)
class RunShown:
    """One run in the log: the matter, why, what was done or refused."""

    run: Run
    ref: str
    summary: str
    because: tuple[str, ...]
    done: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class StepShown:
    """One step of escalation that was taken on a ticket: who was to hear, which of how many.

    `agreement` and `clause` say by which agreement's chain; empty: by the service's own.
    """

    at: datetime
    names: tuple[str, ...]
    number: int
    steps: int
    when: str
    measure: str
    agreement: str = ""
    clause: str = ""
    tells_client: bool = False


TAKEN = Prepared(
    lambda ticket: Escalated.objects.filter(ticket__in=ticket).select_related(*WITH), "ticket"
)
RUNNING = Prepared(
    lambda tickets: (
        Escalated.objects.filter(ticket__in=tickets, clock__stopped_at__isnull=True)
        .order_by("at", "id")
        .values_list("ticket", "agreed__name")
    ),
    "tickets",
)


def rule_rows(hidden: Collection[int] = ()) -> list[RuleRow]:
    """Return every rule in its order: one query. Runs in `hidden` services are not counted."""
    seen = ~Q(runs__ticket__service__in=hidden) if hidden else None
    found = Rule.objects.kept().annotate(
        n=Count("runs", filter=seen), last_at=Max("runs__at", filter=seen)
    )
    return [RuleRow(rule, rule.n, rule.last_at) for rule in found.order_by("position", "id")]


def runs_shown(runs: Sequence[Run]) -> list[RunShown]:
    """Return runs, read with their tickets, in words: a query for each kind of name."""
    reasons = {run.pk: [reason_from(each) for each in run.because] for run in runs}
    named = names_in(reason for each in reasons.values() for reason in each)
    people = names(_people(done for run in runs for done in run.done))
    return [
        RunShown(
            run=run,
            ref=run.ticket.ref,
            summary=run.ticket.summary,
            because=tuple(because(reason, named) for reason in reasons[run.pk]),
            done=tuple(_with_names(done, people) for done in run.done),
        )
        for run in runs
    ]


def _people(done: Iterable[dict[str, Any]]) -> set[int]:
    found: set[int] = set()
    for each in done:
        found.update(each.get("persons") or [])
        if each.get("person"):
            found.add(each["person"])
    return found


def _with_names(done: dict[str, Any], people: dict[int, str]) -> dict[str, Any]:
    ids = done.get("persons") or ([done["person"]] if done.get("person") else [])
    return {**done, "names": [people[each] for each in ids if each in people]}


@dataclass(frozen=True)
class AgreedChain:
    """The chain that a version in force agrees on, with its steps in order."""

    version: Version
    steps: tuple[AgreedStep, ...]


def agreed_now(at: datetime) -> list[AgreedChain]:
    """Return the agreed chains of all versions in force, by their refs: two queries."""
    found = Version.objects.in_force(at).filter(steps__isnull=False).distinct()
    steps = AgreedStep.objects.select_related("person").order_by("number")
    versions = found.select_related("agreement").prefetch_related(Prefetch("steps", steps))
    return [
        AgreedChain(version, tuple(version.steps.all()))
        for version in versions.order_by("agreement__ref")
    ]


def escalated_on(ticket: Ticket) -> tuple[StepShown, ...]:
    """Return the steps that were taken on a ticket, the oldest first: two queries."""
    found = TAKEN.objects(ticket=ticket.pk)
    known = names(person for each in found for person in each.persons) if found else {}
    return tuple(
        StepShown(
            at=each.at,
            names=tuple(known[person] for person in each.persons if person in known),
            number=each.number,
            steps=each.steps,
            when=each.when,
            measure=each.clock.measure,
            agreement=each.agreed.version.agreement.ref if each.agreed else "",
            clause=each.agreed.name if each.agreed else "",
            tells_client=bool(each.agreed and each.agreed.tells_client),
        )
        for each in found
    )


def escalated_among(ids: Collection[int]) -> dict[int, str]:
    """Return which of these tickets were escalated for a promise that still runs: one query.

    Each with the clause of its agreement that said so last; empty where the service's chain did.
    """
    return {ticket: clause or "" for ticket, clause in RUNNING.rows(tickets=ids)}
