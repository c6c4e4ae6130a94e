"""Problems: found behind incidents, understood, known with a workaround, solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean
from tricorn.tickets.models import Problem, Ticket
from tricorn.tickets.verbs.access import allow, allow_services
from tricorn.tickets.verbs.intake import clean_text

# The same form within this time was sent twice.
TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class Described:
    """What is known of a problem. With a cause it is understood."""

    title: str
    services: tuple[Service, ...]
    cause: str = ""
    workaround: str = ""
    is_known_error: bool = False


def add_problem(
    described: Described, *, by: Actor, at: datetime, ticket: Ticket | None = None
) -> Problem:
    """Note a problem; `ticket` is one that it causes. The same within a minute is one.

    Errors  StandingRefused unless the actor serves all its services; BadInput.
    """
    described = _clean(described)
    with transaction.atomic():
        allow_services(described.services, "keep_problem", by=by, at=at)
        if same := _same(described, by=by, at=at):
            return same
        problem = Problem(
            title=described.title,
            state="understood" if described.cause else "found",
            cause=described.cause,
            workaround=described.workaround,
            is_known_error=described.is_known_error,
            noted_by_id=by.id if by.is_person else None,
            noted_at=at,
        )
        problem.save()
        problem.services.set(described.services)
        write(
            problem,
            "problem.added",
            by=by,
            at=at,
            services=sorted(each.pk for each in described.services),
            known=described.is_known_error,
        )
        if ticket is not None:
            _link(problem, ticket, by=by, at=at)
    return problem


def _same(described: Described, *, by: Actor, at: datetime) -> Problem | None:
    """Return the problem that this very form made a moment ago, when it was sent twice."""
    ids = sorted(each.pk for each in described.services)
    list(Service.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    found = Problem.objects.filter(
        title=described.title,
        cause=described.cause,
        workaround=described.workaround,
        is_known_error=described.is_known_error,
        noted_by=by.id if by.is_person else None,
        noted_at__gt=at - TWICE,
    )
    known = found.prefetch_related("services")
    return next((p for p in known if sorted(s.pk for s in p.services.all()) == ids), None)


def change_problem(problem: Problem, described: Described, *, by: Actor, at: datetime) -> Problem:
    """Say what is known of it now. Twice is once.

    Errors  MoveRefused when it is solved: reopen it first.
    """
    described = _clean(described)
    with transaction.atomic():
        problem = _lock(problem)
        allow_services(problem.services.all(), "keep_problem", by=by, at=at)
        allow_services(described.services, "keep_problem", by=by, at=at)
        if problem.state == "solved":
            raise MoveRefused(f"{problem.ref} is solved. Reopen it to change it.", verb="change")
        what = [
            name
            for name in ("title", "cause", "workaround", "is_known_error")
            if getattr(problem, name) != getattr(described, name)
        ]
        services = sorted(each.pk for each in described.services)
        if sorted(problem.services.values_list("pk", flat=True)) != services:
            what.append("services")
        if not what:
            return problem
        problem.title, problem.cause = described.title, described.cause
        problem.workaround = described.workaround
        problem.is_known_error = described.is_known_error
        problem.state = "understood" if described.cause else "found"
        problem.save()
        problem.services.set(described.services)
        write(
            problem,
            "problem.changed",
            by=by,
            at=at,
            what=what,
            services=services,
            known=described.is_known_error,
        )
    return problem


def solve_problem(problem: Problem, *, by: Actor, at: datetime, solution: str) -> Problem:
    """Say what made it go away. Its incidents stay as they are: each is told and resolved."""
    solution = clean_text(solution, what="solution")
    with transaction.atomic():
        problem = _lock(problem)
        allow_services(problem.services.all(), "keep_problem", by=by, at=at)
        if problem.state == "solved":
            if problem.solution == solution:
                return problem
            raise MoveRefused(f"{problem.ref} is solved already.", verb="solve")
        problem.state, problem.solution, problem.solved_at = "solved", solution, at
        problem.save(update_fields=["state", "solution", "solved_at"])
        write(problem, "problem.solved", by=by, at=at)
    return problem


def reopen_problem(problem: Problem, *, by: Actor, at: datetime) -> Problem:
    """It is back. What was thought to solve it stays readable until it is solved again."""
    with transaction.atomic():
        problem = _lock(problem)
        allow_services(problem.services.all(), "keep_problem", by=by, at=at)
        if problem.state != "solved":
            raise MoveRefused(f"{problem.ref} is not solved, so it is open.", verb="reopen")
        problem.state, problem.solved_at = "understood" if problem.cause else "found", None
        problem.save(update_fields=["state", "solved_at"])
        write(problem, "problem.reopened", by=by, at=at)
    return problem


def link_to_problem(problem: Problem, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Say that a ticket happened because of a problem. Twice is once."""
    with transaction.atomic():
        _link(_lock(problem), ticket, by=by, at=at)


def _link(problem: Problem, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    allow(ticket, "relate", by=by, at=at)
    if ticket.held_for:
        raise MoveRefused(f"{ticket.ref} is held for review. Release it first.", verb="relate")
    if not problem.tickets.filter(pk=ticket.pk).exists():
        problem.tickets.add(ticket)
        write(ticket, "ticket.problem_linked", by=by, at=at, problem=problem.pk)


def unlink_from_problem(problem: Problem, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Say that a ticket has another cause. Twice is once."""
    with transaction.atomic():
        problem = _lock(problem)
        allow(ticket, "relate", by=by, at=at)
        if problem.tickets.filter(pk=ticket.pk).exists():
            problem.tickets.remove(ticket)
            write(ticket, "ticket.problem_unlinked", by=by, at=at, problem=problem.pk)


def _lock(problem: Problem) -> Problem:
    return Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)


def _clean(described: Described) -> Described:
    if not described.services:
        raise BadInput("Choose the services in which it shows.", field="services")
    workaround = _words(described.workaround, "workaround")
    if described.is_known_error and not workaround:
        raise BadInput(
            "A known error has a workaround. Write what helps until it is solved.",
            field="workaround",
        )
    return Described(
        title=clean(described.title, "title", 200),
        services=described.services,
        cause=_words(described.cause, "cause"),
        workaround=workaround,
        is_known_error=described.is_known_error,
    )


def _words(text: str, what: str) -> str:
    return clean_text(text, what=what) if text.strip() else ""
