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
    """Return "to Mo, step 1 of 3 (first answer)"."""
    return gettext("to %(names)s, step %(number)s of %(steps)s (%(measure)s)") % {
        "names": ", ".join(step.names) or gettext("nobody, for nobody is there"),
        "number": step.number,
        "steps": step.steps,
        "measure": str(MEASURES[step.measure]).lower(),
    }


def escalated_in(rows: Iterable[Row]) -> frozenset[str]:
    """Return the refs of a page's rows that were escalated for a promise that still runs."""
    ids = {int(row.ref.removeprefix("T-")) for row in rows}
    return frozenset(f"T-{each}" for each in escalated_among(ids)) if ids else frozenset()
