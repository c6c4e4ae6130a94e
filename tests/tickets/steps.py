"""What tests of tickets ask again and again: what stands there now, and did anything change."""

from datetime import datetime
from typing import Any

from tests.cast import MONDAY
from tricorn.catalogue.models import Service
from tricorn.journal.models import Delivery, Line
from tricorn.parties.models import Person
from tricorn.standing.models import Fact, Use
from tricorn.tickets.models import Clock, Message, Rating, Ticket, TimeSpent, Wait
from tricorn.tickets.verbs import Report, report

ROWS = (Ticket, Message, Clock, Wait, Rating, TimeSpent, Fact, Use, Line, Delivery)


def everything() -> list[list[dict[str, Any]]]:
    """Every row that a verb of a ticket may write: equal before and after means nothing happened."""
    return [list(model.objects.order_by("pk").values()) for model in ROWS]


def lines(ticket: Ticket) -> list[str]:
    """The kinds of journal lines about a ticket, in order, without the word in front."""
    about = Line.objects.about("ticket", ticket.pk)
    return [kind.removeprefix("ticket.") for kind in about.values_list("kind", flat=True)]


def clock(ticket: Ticket, measure: str = "resolution") -> Clock:
    return ticket.clocks.select_related("clause", "target").get(measure=measure)


def hours_counted(ticket: Ticket, measure: str = "resolution") -> float:
    return clock(ticket, measure).elapsed_seconds / 3600


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def told(requester: Person, service: Service, *, at: datetime = MONDAY, **more: Any) -> Ticket:
    """A ticket that somebody reported for themselves, with anything else said about it."""
    given = Report(service=service, text="Mail is slow", requester=requester, **more)
    return report(given, by=requester.actor, at=at)
