"""Problems behind tickets, and known errors with their workaround; for the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import Given, Line, Ref, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import other_ticket, who
from tricorn.api.tickets.reading import reader_of
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem
from tricorn.tickets.reads import problems as reads

router = Router(tags=["problems"])
ProblemRef = Annotated[str, Field(pattern=r"^P-[1-9][0-9]{0,14}$", examples=["P-3"])]


class ProblemRow(Told):
    """A problem; a known error has a workaround that helps until it is solved."""

    ref: str = Field(examples=["P-3"])
    title: str
    state: Literal["found", "solved", "understood"]
    services: list[str]
    is_known_error: bool
    workaround: str
    noted_at: datetime
    solved_at: datetime | None


class ProblemOne(ProblemRow):
    """One problem with what is known of it, and the tickets that it caused."""

    cause: str
    solution: str
    tickets: list[str] = Field(description="At most 200 that you serve.", examples=[["T-2041"]])


class ProblemPage(Told):
    """A page of problems; `next` is the cursor of the page behind it, null on the last."""

    items: list[ProblemRow]
    next: str | None


class ProblemFilters(Paged):
    """Which problems."""

    show: Literal["known", "solved", "unsolved"] = Field(
        "unsolved", description="`known`: known errors that are not solved."
    )
    q: Annotated[str, Line(100, "disk")] = Field("", description="Words of title or workaround.")


class Caused(Given):
    ticket: Ref


@serve(router, "GET", "/problems", gives=ProblemPage, scope="tickets:read")
def list_problems(request: HttpRequest, filters: Query[ProblemFilters]) -> ProblemPage:
    """Problems of the services that you serve, the newest first."""
    reader = reader_of(request)
    if reader.agent is None:
        return ProblemPage(items=[], next=None)
    found = reads.listed(reader.agent, show=filters.show, words=filters.q)
    shown, after = leaf(found, filters, is_down=True)
    return ProblemPage(items=[ProblemRow(**_row(each)) for each in shown], next=after)


@serve(router, "GET", "/problems/{problem}", gives=ProblemOne, scope="tickets:read", is_one=True)
def read_problem(request: HttpRequest, problem: ProblemRef) -> ProblemOne:
    """One problem, and the tickets that it caused."""
    reader = reader_of(request)
    return _one(_found(reader, problem), reader)


@serve(router, "POST", "/problems/{problem}/link", gives=ProblemOne, scope="tickets:write")
def link_ticket(request: HttpRequest, problem: ProblemRef, given: Body[Caused]) -> ProblemOne:
    """Say that a ticket happened because of it. Twice is once."""
    return _do(request, problem, given.ticket, verbs.link_to_problem)


@serve(router, "POST", "/problems/{problem}/unlink", gives=ProblemOne, scope="tickets:write")
def unlink_ticket(request: HttpRequest, problem: ProblemRef, given: Body[Caused]) -> ProblemOne:
    """Say that a ticket has another cause. Twice is once."""
    return _do(request, problem, given.ticket, verbs.unlink_from_problem)


def _do(request: HttpRequest, ref: str, ticket: str, verb: Callable[..., None]) -> ProblemOne:
    reader = reader_of(request)
    problem = _found(reader, ref)
    verb(problem, other_ticket(reader, ticket, "ticket"), **who(reader))
    return _one(problem, reader)


def _found(reader: Reader, ref: str) -> Problem:
    found = None
    if reader.agent is not None:
        found = reads.served(reader.agent).filter(pk=int(ref.removeprefix("P-"))).first()
    if found is None:
        raise Http404("No such problem at your desk.")
    return found


def _row(problem: Problem) -> dict[str, Any]:
    return {
        "ref": problem.ref,
        "title": problem.title,
        "state": problem.state,
        "services": [each.slug for each in problem.services.all()],
        "is_known_error": problem.is_known_error,
        "workaround": problem.workaround,
        "noted_at": problem.noted_at,
        "solved_at": problem.solved_at,
    }


def _one(problem: Problem, reader: Reader) -> ProblemOne:
    tickets = reads.tickets_of(problem, reader.agent) if reader.agent else []
    return ProblemOne(
        **_row(problem),
        cause=problem.cause,
        solution=problem.solution,
        tickets=[each.ref for each in tickets],
    )
