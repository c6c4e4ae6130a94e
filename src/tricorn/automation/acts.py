"""What a rule does to a ticket: each act is the verb that a person's button calls.

Acts that belong to what is higher up, or comes later, are put into ACTS when the program starts;
the forms offer what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q

from tricorn.automation.people import least_loaded, next_in_turn, whom
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.rules import Action
from tricorn.engine.wording import fill
from tricorn.journal.actor import WORKER
from tricorn.journal.verbs import write
from tricorn.parties.models import Person
from tricorn.tickets import verbs
from tricorn.tickets.models import Outage, Problem, Ticket
from tricorn.tickets.reads.desk import teams
from tricorn.tickets.reads.variables import values_of

Act = Callable[[Ticket, Action, datetime], dict[str, Any]]


def _prioritise(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    verbs.prioritise(ticket, by=WORKER, at=at, priority=action.what)
    return {"what": action.what}


def _tag(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    return {"tag": verbs.tag(ticket, by=WORKER, at=at, name=action.text).pk}


def _assign(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    if action.sort in ("load", "turn"):
        choose = least_loaded if action.sort == "load" else next_in_turn
        to = choose(ticket.service_id, at, action.number or None)
        if to is None:
            raise BadInput(
                f"Nobody who serves {ticket.service} is there, so it stays with nobody new."
            )
    elif action.what == "nobody":
        to = None
    else:
        to = Person.objects.filter(pk=action.number, is_active=True).first()
        if to is None:
            raise BadInput("Whom it goes to is not here any more. Change the rule.")
    verbs.assign(ticket, by=WORKER, at=at, to=to)
    return {"person": to.pk if to else None}


def _hand_over(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    team = teams().filter(pk=action.number).first() if action.sort == "team" else None
    service = (
        Service.objects.filter(pk=action.number, is_retired=False).first()
        if action.sort == "service"
        else ticket.service
    )
    if service is None or (action.sort == "team" and team is None):
        raise BadInput("Where it goes to is not there any more. Change the rule.")
    if ticket.service.is_private and service.pk != ticket.service_id:
        raise BadInput(
            f"What is in {ticket.service} is private: only who serves it hands it over, no rule."
        )
    verbs.hand_over(
        ticket, by=WORKER, at=at, note=_said(ticket, action), service=service, team=team
    )
    return {action.sort: action.number}


def _link(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    """Link it to a problem, or to the outage of its service that lasts where it is."""
    if action.sort == "problem":
        problem = Problem.objects.unsolved().filter(pk=action.number).first()
        if problem is None:
            raise BadInput("This problem is solved, or not there any more. Change the rule.")
        verbs.link_to_problem(problem, ticket, by=WORKER, at=at)
        return {"problem": problem.pk, "ref": problem.ref}
    lasting = Outage.objects.unended(at).filter(services=ticket.service, began_at__lte=at)
    here = {ticket.place_id, ticket.place.within_id} if ticket.place else set()
    where = Q(places=None) | Q(places__in=here - {None})
    outage = lasting.filter(where).order_by("-began_at", "-id").first()
    if outage is None:
        raise BadInput(f"No outage of {ticket.service} lasts here now, so there is none to link.")
    verbs.link_ticket(outage, ticket, by=WORKER, at=at)
    return {"outage": outage.pk, "ref": outage.ref}


def _said(ticket: Ticket, action: Action) -> str:
    """Return the words of a deed with their variables filled in."""
    return fill(action.text, values_of(ticket, WORKER)) if "{{" in action.text else action.text


def _add_note(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    return {"message": verbs.add_note(ticket, by=WORKER, at=at, text=_said(ticket, action)).pk}


def _answer(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    return {"message": verbs.answer(ticket, by=WORKER, at=at, text=_said(ticket, action)).pk}


def _wait(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    verbs.wait(ticket, by=WORKER, at=at, holder=action.what)
    return {"what": action.what}


def _close(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    verbs.close(ticket, by=WORKER, at=at)
    return {}


def _notify(ticket: Ticket, action: Action, at: datetime) -> dict[str, Any]:
    persons = whom(ticket, action.sort, at, action.number)
    if not persons:
        raise BadInput("There is nobody to tell.")
    write(ticket, "rule.notified", by=WORKER, at=at, persons=persons)
    return {"persons": persons}


ACTS: dict[str, Act] = {
    "prioritise": _prioritise,
    "tag": _tag,
    "link": _link,
    "hand_over": _hand_over,
    "assign": _assign,
    "add_note": _add_note,
    "answer": _answer,
    "wait": _wait,
    "close": _close,
    "notify": _notify,
}
