"""The house of the demonstration: a small town's shared services, its people, places and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tricorn.catalogue.models import Service
from tricorn.catalogue.verbs import Promise, add_hours, add_service
from tricorn.demo.people import SOURCE
from tricorn.journal.actor import COMMAND
from tricorn.parties import verbs as parties
from tricorn.parties.models import Organisation, Person, Place
from tricorn.standing.verbs import give_duty, grant, record_fact

ZONE = "Europe/Berlin"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WEEKDAYS, "sat", "sun")
# What waits for an answer. Praise and suggestions are welcome; nobody is late with them.
ASKING = ("incident", "request", "question", "complaint")
HOLIDAYS = {"country": "DE", "subdivision": "BE"}


@dataclass(frozen=True)
class Town:
    """Whom and what the stories speak of."""

    una: Person
    cleo: Person
    clive: Person
    greta: Person
    desi: Person
    liv: Person
    mo: Person
    finance: Organisation
    reception: Place
    lift: Place
    room: Place
    mail: Service
    workplace: Service
    lifts: Service
    reading: Service


def build(*, at: datetime) -> Town:
    """Furnish the house and let its people move in, as of two years ago."""
    ago = at - timedelta(days=730)
    house = parties.furnish(
        by=COMMAND,
        at=ago,
        provider="Riverside Shared Services",
        sector="other",
        zone=ZONE,
        danger_number="5555",
        is_demonstration=True,
    )
    town_hall = _organisation("Town of Riverside", None, ago)
    finance = _organisation("Finance", town_hall, ago)
    tenants = _organisation("Harbour House Association", None, ago)
    una = person("Una Berg", "1 reads books", None, ago)
    cleo = person("Cleo Adler", "2 in Finance", finance, ago)
    clive = person("Clive Weber", "3 signed for it", finance, ago)
    greta = person("Greta Holm", "4 pays for lifts", tenants, ago)
    desi = person("Desi Novak", "5 at the desk", house.provider, ago)
    liv = person("Liv Sommer", "6 librarian", house.provider, ago)
    mo = person("Mo Haddad", "7 manages", house.provider, ago)

    business = add_hours(
        by=COMMAND,
        at=ago,
        name="Business days, 8 to 20",
        spec=_weekly("08:00-20:00", WEEKDAYS) | {"holidays": HOLIDAYS},
    )
    always = add_hours(
        by=COMMAND, at=ago, name="Round the clock", spec=_weekly("00:00-24:00", WEEK)
    )
    library = add_hours(
        by=COMMAND,
        at=ago,
        name="Library, Tuesday to Saturday",
        spec=_weekly("10:00-18:00", WEEK[1:6]) | {"holidays": HOLIDAYS},
    )
    reception = parties.add_place(by=COMMAND, at=ago, name="Reception, Town Hall", slug="reception")
    lift = parties.add_place(by=COMMAND, at=ago, name="Lift B, Harbour House", slug="lift-b")
    room = parties.add_place(by=COMMAND, at=ago, name="Reading room", slug="reading-room")

    def service(name: str, hours: Any, words: str, places: list[Place], *within: str) -> Service:
        first, resolved = within
        return add_service(
            by=COMMAND,
            at=ago,
            name=name,
            provider=house.provider,
            hours=hours,
            description=words,
            places=places,
            promises=[
                Promise("first_response", first, kinds=ASKING),
                Promise("resolution", resolved, kinds=("incident", "request")),
            ],
        )

    town = Town(
        una=una,
        cleo=cleo,
        clive=clive,
        greta=greta,
        desi=desi,
        liv=liv,
        mo=mo,
        finance=finance,
        reception=reception,
        lift=lift,
        room=room,
        mail=service("Mail", business, "Mail and calendar.", [reception], "12h", "5d"),
        workplace=service(
            "Workplace IT",
            business,
            "Computers, printers, access. Its incidents are real rows of a public ServiceNow log "
            "(UCI data set 498, CC BY 4.0), moved by whole weeks.",
            [reception],
            "12h",
            "10d",
        ),
        lifts=service("Lift service", always, "Lifts and escalators.", [lift], "1h", "24h"),
        reading=service("Reading room", library, "Books, loans, advice.", [room], "8h", "5d"),
    )
    _give_duties(town, ago)
    _record_facts(town, ago)
    return town


def _give_duties(town: Town, ago: datetime) -> None:
    for each in (town.mail, town.workplace, town.lifts):
        give_duty(town.desi, "desk", by=COMMAND, at=ago, service=each)
    give_duty(town.liv, "desk", by=COMMAND, at=ago, service=town.reading)
    give_duty(town.mo, "manage", by=COMMAND, at=ago)
    give_duty(town.mo, "desk", by=COMMAND, at=ago)


def _record_facts(town: Town, ago: datetime) -> None:
    for each in (town.mail, town.workplace):
        record_fact(
            town.clive,
            "budget",
            by=COMMAND,
            at=ago,
            service=each,
            words="Holds budget line 4711, IT for Finance",
        )
    record_fact(
        town.greta,
        "invoice",
        by=COMMAND,
        at=ago,
        service=town.lifts,
        words="Approves the invoices for the lifts",
    )
    record_fact(
        town.una,
        "recognised",
        by=COMMAND,
        at=ago,
        service=town.reading,
        words="Liv and Una know each other from the reading circle",
    )
    grant(town.clive, town.finance, ["sign", "accept"], by=COMMAND, at=ago)


def _weekly(windows: str, days: tuple[str, ...]) -> dict[str, Any]:
    return {"zone": ZONE, "weekly": {day: [windows] for day in days}}


def _organisation(name: str, parent: Organisation | None, at: datetime) -> Organisation:
    return parties.add_organisation(by=COMMAND, at=at, name=name, parent=parent)


def person(name: str, what: str, organisation: Organisation | None, at: datetime) -> Person:
    """Let somebody move in; `what` is the button's place in the bar, and what is said there."""
    moved_in = parties.add_person(
        by=COMMAND,
        at=at,
        name=name,
        email=f"{name.split()[0].lower()}@riverside.example",
        source=SOURCE,
        source_id=what,
    )
    if organisation is not None:
        parties.join(moved_in, organisation, by=COMMAND, at=at)
    return moved_in
