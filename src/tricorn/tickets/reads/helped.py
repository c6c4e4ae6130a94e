"""When help is there for somebody who is about to report: by the agreement that would apply."""

from __future__ import annotations

from datetime import datetime

from tricorn.agreements.models import Clause
from tricorn.catalogue.bridge import schedule, schedule_of
from tricorn.catalogue.models import Service
from tricorn.engine.hours import Schedule
from tricorn.parties.models import Person, Place
from tricorn.tickets.verbs.intake import choose_for


def helped_hours(
    service: Service, person: Person | None, place: Place | None, *, at: datetime
) -> Schedule:
    """Return the hours of the clause by which this person, or this place, would be helped.

    That of the first clause about an end, else the first; without an agreement the service's hours.
    No query where neither person nor place is known.
    """
    choice = choose_for(service, person, place, "incident", "moderate", at)
    if choice is not None:
        clauses = list(Clause.objects.filter(version=choice.version).order_by("id"))
        main = next((each for each in clauses if each.stop == "resolved"), None)
        if clauses:
            clause = main or clauses[0]
            return schedule_of(clause.spec, clause.hours)
    return schedule(service.hours)
