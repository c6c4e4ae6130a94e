"""Many tickets at once, as at the desk: each its own verb, every refusal told, minutes to undo."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from tricorn.api.door import serve
from tricorn.api.fields import Given, Line, Number, PathNumber, Ref, Slug, Told
from tricorn.api.pages import Paged, leaf
from tricorn.api.reader import Reader
from tricorn.api.tickets.deeds import person_meant, team_meant, who
from tricorn.api.tickets.reading import reader_of
from tricorn.api.tickets.told import Holder, Priority
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.steps import Step, checked
from tricorn.tickets import verbs
from tricorn.tickets.models import Bulk, Macro
from tricorn.tickets.reads import desk as reads
from tricorn.tickets.reads.aids import kept_by
from tricorn.tickets.reads.bulk import bulk_shown
from tricorn.tickets.verbs.bulk import MOST

router = Router(tags=["many tickets at once"])
Do = Literal[
    "assign",
    "close",
    "hand_over",
    "macro",
    "prioritise",
    "resolve",
    "tag",
    "take",
    "untag",
    "wait",
]
# What each deed takes beside the tickets.
TAKES: dict[str, tuple[str, ...]] = {
    "assign": ("to",),
    "close": (),
    "hand_over": ("text", "service", "team"),
    "macro": ("macro",),
    "prioritise": ("priority",),
    "resolve": ("text",),
    "tag": ("text",),
    "take": (),
    "untag": ("text",),
    "wait": ("holder",),
}


class Many(Given):
    """Which tickets, what is done, and what that needs; nothing else is taken."""

    tickets: list[Ref] = Field(min_length=1, max_length=MOST, examples=[["T-2041", "T-2042"]])
    do: Do
    text: Annotated[str, Line(10_000, "The line is repaired.")] = Field(
        "", description="The tag; what fixed them; what the others must know."
    )
    to: Number | None = Field(None, description="To whom they are assigned; null: nobody.")
    priority: Priority | None = None
    holder: Holder | None = Field(None, description="Who holds them up.")
    service: Slug | None = Field(None, description="Where they are handed over; or a `team`.")
    team: Number | None = None
    macro: Number | None = Field(None, description="One that you may use.")


class Counts(Told):
    """How many of the tickets are how far."""

    total: int
    waiting: int
    done: int
    refused: int
    undone: int
    kept: int = Field(description="Not undone, since somebody has worked on them.")


class BulkRow(Told):
    """One deed on many tickets. Nobody is told of it before `undo_until`."""

    id: int
    do: Do
    made_at: datetime
    undo_until: datetime
    ended_at: datetime | None = Field(description="Null while some are still waiting.")
    undone_at: datetime | None


class BulkOne(BulkRow):
    """One deed on many tickets with how far it is."""

    counts: Counts
    begun: list[str] = Field(
        description="Tickets on which words of your own wait: not sent, and kept."
    )


class BulkPage(Told):
    """A page of deeds; `next` is the cursor of the page behind it, null on the last."""

    items: list[BulkRow]
    next: str | None


class Became(Told):
    """What became of one ticket, and why it was refused, or is not as it was."""

    ticket: str = Field(examples=["T-2041"])
    state: Literal["done", "kept", "refused", "undone", "waiting"]
    reason: str


class BecamePage(Told):
    """A page of results; `next` is the cursor of the page behind it, null on the last."""

    items: list[Became]
    next: str | None


@serve(router, "POST", "/bulks", gives=BulkOne, scope="tickets:write", status=201)
def begin_bulk(request: HttpRequest, given: Body[Many]) -> tuple[BulkOne, str]:
    """Do one thing to many tickets: the first at once, the rest by the worker."""
    reader = reader_of(request)
    numbers = _numbers(reader, given.tickets)
    bulk = verbs.begin_bulk(numbers, _deed(reader, given), **who(reader))
    verbs.bulk_some(bulk, at=reader.at)
    return _one(Bulk.objects.get(pk=bulk.pk)), f"/api/v1/bulks/{bulk.pk}"


@serve(router, "GET", "/bulks", gives=BulkPage, scope="tickets:read")
def list_bulks(request: HttpRequest, paged: Query[Paged]) -> BulkPage:
    """What you did to many at once, the newest first."""
    own = Bulk.objects.filter(person=reader_of(request).person)
    shown, after = leaf(own, paged, is_down=True)
    return BulkPage(items=[BulkRow.model_validate(_row(each)) for each in shown], next=after)


@serve(router, "GET", "/bulks/{bulk}", gives=BulkOne, scope="tickets:read", is_one=True)
def read_bulk(request: HttpRequest, bulk: PathNumber) -> BulkOne:
    """How far it is."""
    return _one(_own(reader_of(request), bulk))


@serve(router, "GET", "/bulks/{bulk}/tickets", gives=BecamePage, scope="tickets:read")
def list_bulk_tickets(request: HttpRequest, bulk: PathNumber, paged: Query[Paged]) -> BecamePage:
    """What became of each ticket, and why."""
    shown, after = leaf(_own(reader_of(request), bulk).rows.all(), paged)
    items = [
        Became.model_validate(
            {"ticket": f"T-{each.ticket_id}", "state": each.state, "reason": each.reason}
        )
        for each in shown
    ]
    return BecamePage(items=items, next=after)


@serve(router, "POST", "/bulks/{bulk}/undo", gives=BulkOne, scope="tickets:write")
def undo_bulk(request: HttpRequest, bulk: PathNumber) -> BulkOne:
    """Set each back, within five minutes, as far as nobody has worked on it since. Twice is once."""
    reader = reader_of(request)
    found = verbs.undo_bulk(_own(reader, bulk), **who(reader))
    verbs.bulk_some(found, at=reader.at)
    return _one(Bulk.objects.get(pk=found.pk))


def _own(reader: Reader, number: int) -> Bulk:
    found = Bulk.objects.filter(pk=number, person=reader.person).first()
    if found is None:
        raise Http404("Not yours.")
    return found


def _row(bulk: Bulk) -> dict[str, Any]:
    return {
        "id": bulk.pk,
        "do": bulk.deed.get("do", "macro"),
        "made_at": bulk.made_at,
        "undo_until": bulk.undo_until,
        "ended_at": bulk.ended_at,
        "undone_at": bulk.undone_at,
    }


def _one(bulk: Bulk) -> BulkOne:
    shown = bulk_shown(bulk)
    return BulkOne.model_validate(
        {
            **_row(bulk),
            "counts": {name: getattr(shown, name) for name in Counts.model_fields},
            "begun": list(shown.begun),
        }
    )


def _numbers(reader: Reader, refs: list[str]) -> list[int]:
    """Return the numbers of these tickets; one that their desk does not serve refuses all."""
    if reader.agent is None:
        raise StandingRefused("Only the desk does something to many tickets at once.")
    numbers = [int(ref.removeprefix("T-")) for ref in refs]
    served = reader.served().filter(held_for="", pk__in=numbers)
    known = set(served.values_list("pk", flat=True))
    if missing := [ref for ref, number in zip(refs, numbers, strict=True) if number not in known]:
        errors = [
            {"field": "tickets", "detail": f"There is no ticket {ref} at your desk."}
            for ref in missing[:50]
        ]
        raise BadInput(errors[0]["detail"], field="tickets", errors=errors)
    return numbers


def _deed(reader: Reader, given: Many) -> Step | Macro:
    takes = TAKES[given.do]
    if extra := sorted(given.model_fields_set - {"tickets", "do", *takes}):
        raise BadInput(f"{given.do} takes no {extra[0]}.", field=extra[0])
    needs = ("service", "team") if given.do == "hand_over" else takes[:1]
    named = [name for name in needs if name in given.model_fields_set]
    if needs and len(named) != 1:
        raise BadInput(f"{given.do} needs one of: {', '.join(needs)}.", field=needs[0])
    if given.do == "macro":
        return _macro(reader, given.macro)
    return checked(Step(given.do, given.text, _what(given, named[0] if named else "")))


def _what(given: Many, name: str) -> str:
    """Return what a step says it is done to or on; "" where words say all."""
    if name == "to":
        to = person_meant(given.to, "to")
        return f"person:{to.pk}" if to else "nobody"
    if name == "service":
        service = reads.services_on_offer().filter(slug=given.service).first()
        if service is None:
            raise BadInput(f"There is no service {given.service} on offer.", field="service")
        return f"service:{service.pk}"
    if name == "team":
        team = team_meant(given.team)
        if team is None:
            raise BadInput("Say which part of the provider.", field="team")
        return f"team:{team.pk}"
    if name in ("priority", "holder"):
        value = getattr(given, name)
        if value is None:
            raise BadInput(f"Say which {name}.", field=name)
        return str(value)
    return ""


def _macro(reader: Reader, number: int | None) -> Macro:
    kept = kept_by(reader.agent, Macro) if reader.agent is not None else []
    for each in kept:
        if each.pk == number:
            found: Macro = each
            return found
    raise BadInput(f"There is no macro {number} for you.", field="macro")
