"""`tricorn ticket`: a ticket with its clocks, each with the clause it runs by and what counted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tricorn.cli import database
from tricorn.cli.output import answer
from tricorn.engine.errors import BadInput

if TYPE_CHECKING:
    from tricorn.tickets.models import Ticket
    from tricorn.tickets.reads.explained import ClockShown
    from tricorn.tickets.reads.others import Other


@click.group()
def ticket() -> None:
    """Read tickets."""


@ticket.command()
@click.argument("ref", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(ref: str, as_json: bool) -> None:
    """Say how ticket REF stands, and for each clock which clause it runs by and what counted.

    Also which other agreements could have applied, each with why it did not.
    Clocks that run are computed at this moment.

    Example: tricorn ticket show T-2041
    """
    database.ready()
    from tricorn.journal.actor import COMMAND
    from tricorn.tickets.models import Ticket
    from tricorn.tickets.reads.explained import clocks_shown
    from tricorn.tickets.reads.others import others_of

    known = Ticket.objects.visible_to(COMMAND).select_related(
        "service", "organisation", "version__agreement"
    )
    found = known.with_ref(ref).first()
    if found is None:
        newest = Ticket.objects.order_by("-pk").first()
        there = f"The newest is {newest.ref}." if newest else "There is none yet."
        raise BadInput(f"There is no ticket {ref:.40}. A ref is like T-2041. {there}")
    clocks = clocks_shown(found, at=datetime.now(UTC))
    others = others_of(found)
    if as_json:
        said = {
            **_ticket(found),
            "others": [_other(each) for each in others],
            "clocks": [_clock(each) for each in clocks],
        }
        answer(said, as_json)
        return
    click.echo(f"{found.ref} {found.summary}")
    click.echo(f"{found.kind}, {found.priority}, {found.state}; {found.service}")
    if found.covered_by:
        click.echo(found.covered_by)
    for other in others:
        click.echo(f"Not {other.agreement} v{other.version}: {other.why}")
    for each in clocks:
        by = f"{each.agreement} v{each.version}, clause {each.clause}" if each.agreement else ""
        click.echo(f"{each.measure}: {by or 'house promise'}")
        for sentence in each.sentences:
            click.echo(f"  {sentence}")


def _ticket(ticket: Ticket) -> dict[str, Any]:
    version = ticket.version
    return {
        "ref": ticket.ref,
        "summary": ticket.summary,
        "service": ticket.service.slug,
        "kind": ticket.kind,
        "priority": ticket.priority,
        "state": ticket.state,
        "waiting_on": ticket.waiting_on or None,
        "agreement": version.agreement.ref if version else None,
        "version": version.number if version else None,
        "covered_by": ticket.covered_by or None,
        "began_at": ticket.began_at.isoformat(),
        "reported_at": ticket.reported_at.isoformat(),
        "first_response_at": _iso(ticket.first_response_at),
        "resolved_at": _iso(ticket.resolved_at),
        "closed_at": _iso(ticket.closed_at),
    }


def _other(other: Other) -> dict[str, Any]:
    return {"agreement": other.agreement, "version": other.version, "why": other.why}


def _clock(clock: ClockShown) -> dict[str, Any]:
    return {
        "measure": clock.measure,
        "agreement": clock.agreement,
        "version": clock.version,
        "clause": clock.clause,
        "target": clock.target,
        "started_at": clock.started_at.isoformat(),
        "stopped_at": _iso(clock.stopped_at),
        "paused_by": clock.paused_by or None,
        "due_at": _iso(clock.due_at),
        "elapsed_seconds": clock.elapsed_seconds,
        "closed_seconds": clock.closed_seconds,
        "breached": clock.breached,
        "explanation": {
            "spans": [[span.start.isoformat(), span.end.isoformat()] for span in clock.counted],
            "sentences": list(clock.sentences),
        },
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
