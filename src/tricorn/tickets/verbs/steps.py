"""Steps that are taken on a ticket in one go: each is the verb that a button calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, Refusal
from tricorn.engine.steps import DEEDS, Step, read
from tricorn.engine.wording import fill
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation, Person
from tricorn.tickets.models import Checklist, Macro, Ticket
from tricorn.tickets.reads.desk import teams
from tricorn.tickets.reads.variables import values_of
from tricorn.tickets.verbs import work
from tricorn.tickets.verbs.access import allow, lock
from tricorn.tickets.verbs.checks import add_checklist
from tricorn.tickets.verbs.tags import tag, untag
from tricorn.tickets.verbs.talk import add_note, answer


def run_macro(ticket: Ticket, macro: Macro, *, by: Actor, at: datetime) -> Ticket:
    """Take every step of a macro in order, or none: the step that is refused says so.

    Errors  the Refusal of the step, with its number and name; nothing has been written.
    """
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "add_note", by=by, at=at)
        if macro.service_id not in (None, ticket.service_id):
            raise BadInput(f"“{macro}” is for another service. Choose one of {ticket.service}.")
        if macro.service_id is None and macro.owner_id != by.id:
            raise BadInput("This macro is somebody else’s own. Choose another one.")
        take_steps(ticket, read(macro.steps), by=by, at=at)
        write(ticket, "ticket.macro_run", by=by, at=at, macro=macro.pk)
    return fresh(ticket)


def take_steps(ticket: Ticket, steps: Sequence[Step], *, by: Actor, at: datetime) -> None:
    """Take the steps in order, in the transaction of the caller."""
    for number, step in enumerate(steps, 1):
        try:
            take_step(fresh(ticket), step, by=by, at=at)
        except Refusal as refusal:
            sentence = f"Step {number}, {DEEDS[step.do].name}: {refusal}"
            raise type(refusal)(sentence, **{**refusal.facts, "step": number}) from refusal


def take_step(ticket: Ticket, step: Step, *, by: Actor, at: datetime) -> None:
    """Do one thing to a ticket, by the verb that does it."""
    words = fill(step.text, values_of(ticket, by)) if "{{" in step.text else step.text
    if step.do in ("take", "assign"):
        work.assign(ticket, by=by, at=at, to=_person(step, by))
    elif step.do == "prioritise":
        work.prioritise(ticket, by=by, at=at, priority=step.what)
    elif step.do == "tag":
        tag(ticket, by=by, at=at, name=words)
    elif step.do == "untag":
        untag(ticket, by=by, at=at, name=words)
    elif step.do == "add_checklist":
        add_checklist(ticket, by=by, at=at, checklist=_checklist(step))
    elif step.do == "add_note":
        add_note(ticket, by=by, at=at, text=words)
    elif step.do == "answer":
        answer(ticket, by=by, at=at, text=words)
    elif step.do == "wait":
        work.wait(ticket, by=by, at=at, holder=step.what)
    elif step.do == "resolve":
        work.resolve(ticket, by=by, at=at, note=words)
    elif step.do == "hand_over":
        service, team = _where(step, ticket)
        work.hand_over(ticket, by=by, at=at, note=words, service=service, team=team)
    else:
        verb = {"go_on": work.go_on, "close": work.close, "reopen": work.reopen}[step.do]
        verb(ticket, by=by, at=at)


def fresh(ticket: Ticket) -> Ticket:
    """Return the ticket as it is now, with whom and what words may speak of."""
    related = Ticket.objects.select_related("service", "place", "requester", "affected")
    return related.get(pk=ticket.pk)


def _person(step: Step, by: Actor) -> Person | None:
    if step.what == "nobody":
        return None
    number = by.id if step.do == "take" or step.what == "me" else step.number
    found = Person.objects.filter(pk=number or 0, is_active=True).first()
    if found is None:
        raise BadInput("Whom it goes to is not here any more. Choose somebody else.", field="what")
    return found


def _checklist(step: Step) -> Checklist:
    found = Checklist.objects.filter(pk=step.number).first()
    if found is None:
        raise BadInput("This checklist is not there any more. Choose another.", field="what")
    return found


def _where(step: Step, ticket: Ticket) -> tuple[Service, Organisation | None]:
    if step.sort == "team":
        team = teams().filter(pk=step.number).first()
        if team is None:
            raise BadInput("This team is not there any more. Choose another.", field="what")
        return ticket.service, team
    service = Service.objects.filter(pk=step.number, is_retired=False).first()
    if service is None:
        raise BadInput("This service is not offered any more. Choose another.", field="what")
    return service, None
