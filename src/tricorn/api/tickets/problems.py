"""Problems behind tickets, and known errors with their workaround; for the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from tricorn.api.articles import services_meant
from tricorn.api.door import serve
from tricorn.api.fields import Flag, Given, Line, Ref, Slug, Text, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import other_ticket, who
from tricorn.api.tickets.reading import reader_of
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem
from tricorn.tickets.reads import problems as reads
from tricorn.tickets.reads.drafts import begun_on

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


Title = Annotated[str, Line(200, "The disk fills up", 1)]
Words = Annotated[str, Line(100_000, "Empty the spool first.")]
Slugs = Annotated[list[Slug], Field(min_length=1, max_length=100)]


class Noted(Given):
    """What is known of it. With a cause it is understood; a known error has a workaround."""

    title: Title
    services: Slugs = Field(description="Those in which it shows, which you serve.")
    cause: Words = ""
    workaround: Words = Field("", description="It can be put into an answer: name nobody.")
    is_known_error: Flag = False
    ticket: Ref | None = Field(None, description="One that it caused.")


class Changed(Given):
    """What is to be different; what is left out stays."""

    title: Title | None = None
    services: Slugs | None = None
    cause: Words | None = None
    workaround: Words | None = None
    is_known_error: Flag | None = None


class Solved(Given):
    solution: Text = Field(description="What made it go away. Its tickets stay as they are.")


class Telling(Given):
    """Which of its unfinished tickets are resolved, and what their people read."""

    tickets: list[Ref] = Field(min_length=1, max_length=reads.MOST_TICKETS)
    note: Text


class NotResolved(Told):
    """A ticket that was refused, and why."""

    ticket: str = Field(examples=["T-2041"])
    reason: str


class Resolved(Told):
    """What became of each ticket."""

    resolved: list[str] = Field(examples=[["T-2041"]])
    refused: list[NotResolved]
    begun: list[str] = Field(description="Tickets on which words of your own wait, not sent.")


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
    return _one(found_problem(reader, problem), reader)


@serve(router, "POST", "/problems", gives=ProblemOne, scope="tickets:write", status=201)
def add_problem(request: HttpRequest, given: Body[Noted]) -> tuple[ProblemOne, str]:
    """Note a problem of services that you serve."""
    reader = reader_of(request)
    if reader.agent is None:
        raise StandingRefused("Only the desk keeps problems.", verb="keep_problem")
    described = verbs.Described(
        title=given.title,
        services=services_meant(reader, given.services),
        cause=given.cause,
        workaround=given.workaround,
        is_known_error=given.is_known_error,
    )
    ticket = other_ticket(reader, given.ticket, "ticket") if given.ticket else None
    made = verbs.add_problem(described, ticket=ticket, **who(reader))
    return _one(made, reader), f"/api/v1/problems/{made.ref}"


@serve(router, "PATCH", "/problems/{problem}", gives=ProblemOne, scope="tickets:write")
def change_problem(request: HttpRequest, problem: ProblemRef, given: Body[Changed]) -> ProblemOne:
    """Say what is known of it now."""
    reader = reader_of(request)
    found = found_problem(reader, problem)
    had = tuple(found.services.all())
    named = given.services
    # What it has may be retired by now, and stays.
    kept = tuple(each for each in had if named is None or each.slug in named)
    fresh = [slug for slug in named or () if slug not in {each.slug for each in kept}]
    described = verbs.Described(
        title=found.title if given.title is None else given.title,
        services=(*kept, *services_meant(reader, fresh)),
        cause=found.cause if given.cause is None else given.cause,
        workaround=found.workaround if given.workaround is None else given.workaround,
        is_known_error=found.is_known_error
        if given.is_known_error is None
        else given.is_known_error,
    )
    verbs.change_problem(found, described, **who(reader))
    return _one(found_problem(reader, problem), reader)


@serve(router, "POST", "/problems/{problem}/solve", gives=ProblemOne, scope="tickets:write")
def solve_problem(request: HttpRequest, problem: ProblemRef, given: Body[Solved]) -> ProblemOne:
    """It is gone, and why. Twice is once."""
    reader = reader_of(request)
    found = found_problem(reader, problem)
    verbs.solve_problem(found, solution=given.solution, **who(reader))
    return _one(found_problem(reader, problem), reader)


@serve(router, "POST", "/problems/{problem}/reopen", gives=ProblemOne, scope="tickets:write")
def reopen_problem(request: HttpRequest, problem: ProblemRef) -> ProblemOne:
    """It is back."""
    reader = reader_of(request)
    verbs.reopen_problem(found_problem(reader, problem), **who(reader))
    return _one(found_problem(reader, problem), reader)


@serve(router, "POST", "/problems/{problem}/tell", gives=Resolved, scope="tickets:write")
def tell_and_resolve(request: HttpRequest, problem: ProblemRef, given: Body[Telling]) -> Resolved:
    """Resolve its tickets with the same words; what is refused is told, one by one."""
    reader = reader_of(request)
    found = found_problem(reader, problem)
    tickets = reads.tickets_of(found, reader.agent) if reader.agent else []
    open_ = {each.ref: each for each in tickets if not each.is_done}
    if missing := [ref for ref in given.tickets if ref not in open_]:
        raise BadInput(f"{missing[0]} is no unfinished ticket of {problem}.", field="tickets")
    chosen = [open_[ref] for ref in dict.fromkeys(given.tickets)]
    became = verbs.resolve_each(chosen, note=given.note, **who(reader))
    return Resolved(
        resolved=[each.ref for each in became.done],
        refused=[NotResolved(ticket=each.ref, reason=why) for each, why in became.refused],
        begun=begun_on(reader.person.pk, [each.pk for each in became.done]),
    )


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
    problem = found_problem(reader, ref)
    verb(problem, other_ticket(reader, ticket, "ticket"), **who(reader))
    return _one(problem, reader)


def found_problem(reader: Reader, ref: str) -> Problem:
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
