"""Who may change what happens by itself: managers of all services, and the machine's own line."""

from __future__ import annotations

from datetime import datetime

from tricorn.engine import roles
from tricorn.engine.errors import StandingRefused
from tricorn.engine.roles import Standing
from tricorn.journal.actor import Actor
from tricorn.standing.models import Duty


def allow(by: Actor, at: datetime) -> None:
    """See that the actor may keep rules. Errors  StandingRefused, saying whose deed it is."""
    if by.is_program:
        return
    duties = Duty.objects.at(at).filter(person=by.id, service__isnull=True)
    held = frozenset(duties.values_list("duty", flat=True)) if by.is_person else frozenset()
    ruling = roles.rule(Standing(duties=held), "edit_rules")
    if not ruling.allowed:
        raise StandingRefused(ruling.reason, verb="edit_rules")
