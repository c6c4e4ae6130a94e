"""Problems as the desk reads them: the list, one with its incidents."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from tricorn.tickets.models import Problem, ProblemQuerySet, Ticket
from tricorn.tickets.reads.agent import Agent

MOST_TICKETS = 200


def served(agent: Agent) -> ProblemQuerySet:
    """Return the problems of services that this agent serves, with these."""
    found = Problem.objects.prefetch_related("services")
    if agent.services is not None:
        of = Problem.services.through.objects.filter(service__in=agent.services)
        found = found.filter(pk__in=of.values("problem"))
    return found


def named_by(agent: Agent, number: int) -> QuerySet[Problem]:
    """Return the problem of this number, if it is served."""
    return served(agent).filter(pk=number)


def listed(agent: Agent, *, show: str, words: str = "") -> QuerySet[Problem]:
    """Return the rows of the list for a paginator: unsolved, known errors, or solved.

    `caused` is how many tickets each caused, of those that this agent serves.
    """
    found = served(agent)
    if show == "solved":
        found = found.filter(state="solved")
    else:
        found = found.unsolved()
        if show == "known":
            found = found.filter(is_known_error=True)
    for word in words.split()[:5]:
        found = found.filter(Q(title__icontains=word) | Q(workaround__icontains=word))
    seen = None if agent.services is None else Q(tickets__service__in=agent.services)
    return found.annotate(caused=Count("tickets", filter=seen)).order_by("-id")


def tickets_of(problem: Problem, agent: Agent) -> list[Ticket]:
    """Return the tickets that a problem caused, open ones first, as far as served. One query."""
    rows = Ticket.objects.filter(problems=problem).of_services(agent.services)
    found = list(rows.select_related("service").order_by("reported_at", "id")[:MOST_TICKETS])
    return sorted(found, key=lambda each: each.is_done)
