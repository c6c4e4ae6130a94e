"""A month of reports to read at Decide: October 2026, read on 12 November."""

from datetime import UTC, datetime, timedelta

from tests.cast import HOUR, LONG_AGO, somebody
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.tickets import verbs

# A Monday, 10:00 in Berlin, and the day on which its month is read.
MORNING = datetime(2026, 10, 12, 8, tzinfo=UTC)
READ_AT = datetime(2026, 11, 12, 9, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 10, 8, tzinfo=UTC)  # 10:00 in Berlin
__all__ = ["COMMAND", "HOUR", "LONG_AGO", "MORNING", "READ_AT", "SATURDAY", "people", "told"]


def people(many, organisation):
    """So many persons of an organisation."""
    return [somebody(f"Person{n} Of {organisation}", organisation) for n in range(many)]


def told(service, person, desi, *, at=MORNING, kind="incident", place=None, takes=HOUR, ends=True):
    """A report, answered within half an hour and resolved after `takes` (unless it `ends` not)."""
    ticket = verbs.report(
        verbs.Report(
            service=service, text="Mail is slow", kind=kind, requester=person, place=place
        ),
        by=person.actor if person else VISITOR,
        at=at,
    )
    verbs.answer(ticket, by=desi.actor, at=at + min(takes, HOUR) / 2, text="We are on it.")
    if ends:
        verbs.resolve(ticket, by=desi.actor, at=at + takes, note="It works again.")
    return ticket


def days(n):
    return timedelta(days=n)
