"""Escalation as the desk reads it: on a ticket in sentences, in the queue by a word and an icon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext

from tricorn.automation.reads import StepShown, escalated_among, escalated_on
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.queue import Row
from tricorn.web.desk.words import MEASURES


def escalated_of(ticket: Ticket) -> list[tuple[str, datetime]]:
    """Return each step that was taken on a ticket, in words, with its moment: three queries."""
    return [(_said(step), step.at) for step in escalated_on(ticket)]


def _said(step: StepShown) -> str:
    """Return "to Mo, step 1 of 3 (first answer), by A-7, clause E1"."""
    said = gettext("to %(names)s, step %(number)s of %(steps)s (%(measure)s), by the service")
    if step.clause:
        said = gettext(
            "to %(names)s, step %(number)s of %(steps)s (%(measure)s), by the agreement "
            "%(agreement)s, clause %(clause)s"
        )
    if step.tells_client:
        said = gettext(
            "to %(names)s and the client, step %(number)s of %(steps)s (%(measure)s), by the "
            "agreement %(agreement)s, clause %(clause)s"
        )
    return said % {
        "names": ", ".join(step.names) or gettext("nobody, for nobody is there"),
        "number": step.number,
        "steps": step.steps,
        "measure": str(MEASURES[step.measure]).lower(),
        "agreement": step.agreement,
        "clause": step.clause,
    }


def escalated_in(rows: Iterable[Row]) -> dict[str, str]:
    """Return what the queue says of rows that were escalated for a promise that still runs."""
    ids = {int(row.ref.removeprefix("T-")) for row in rows}
    return {f"T-{each}": _short(clause) for each, clause in escalated_among(ids).items()}


def _short(clause: str) -> str:
    if clause:
        return gettext("escalated by the agreement, clause %(clause)s") % {"clause": clause}
    return gettext("escalated by the service")
