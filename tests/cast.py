"""The cast: people, services and an agreement that every test may ask for.

Una uses, Cleo is entitled, Clive signed, Desi works at the desk, Mo manages, Sam is a stranger.
Mail is served Monday to Friday 08:00 to 20:00 in Berlin, under A-7 for everybody in Finance.
"""

from datetime import UTC, datetime, timedelta

import pytest

from tricorn.agreements.models import Version
from tricorn.agreements.verbs import activate
from tricorn.catalogue.models import Service, ServiceHours
from tricorn.catalogue.verbs import Promise, add_hours, add_service
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.parties import verbs as parties
from tricorn.parties.models import House, Organisation, Person, Place
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket

# Everything was set up long before; "today" in tests is Monday, 12 October 2026.
LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)
SATURDAY = datetime(2026, 10, 10, 8, tzinfo=UTC)  # 10:00 in Berlin
MONDAY = datetime(2026, 10, 12, 6, tzinfo=UTC)  # 08:00 in Berlin
NOON = datetime(2026, 10, 12, 10, tzinfo=UTC)  # 12:00 in Berlin
HOUR = timedelta(hours=1)
BUSINESS = {
    "zone": "Europe/Berlin",
    "weekly": {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
}
A7 = """
[agreement]
ref = "A-7"
title = "Mail for Finance"
services = ["mail"]
from = 2026-05-04

[parties]
client = "Finance"
provider = "House IT"

[hours.desk]
zone = "Europe/Berlin"
[hours.desk.weekly]
mon = ["08:00-20:00"]
tue = ["08:00-20:00"]
wed = ["08:00-20:00"]
thu = ["08:00-20:00"]
fri = ["08:00-20:00"]

[[clause]]
id = "R1"
stop = "first_response"
hours = "desk"
target = "1h"
share = 0.95

[[clause]]
id = "R2"
kinds = ["incident"]
start = "began"
stop = "resolved"
hours = "desk"
target = "8h"
share = 0.95
stopped_by = ["customer", "supplier"]

[[entitled]]
organisation = "Finance"

[[price]]
amount = 8240
currency = "EUR"
per = "month"

[[signed]]
by = "clive@example.org"
capacity = "Head of Finance"
on = 2026-05-04
"""


@pytest.fixture
def house(db: None) -> House:
    return parties.furnish(
        by=COMMAND,
        at=LONG_AGO,
        provider="House IT",
        sector="it",
        zone="Europe/Berlin",
        danger_number="5555",
    )


@pytest.fixture
def finance(house: House) -> Organisation:
    return parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Finance")


@pytest.fixture
def reception(house: House) -> Place:
    return parties.add_place(
        by=COMMAND, at=LONG_AGO, name="Reception, Building B", slug="reception"
    )


@pytest.fixture
def hours(house: House) -> ServiceHours:
    return add_hours(by=COMMAND, at=LONG_AGO, name="Business days 8 to 20", spec=BUSINESS)


@pytest.fixture
def mail(house: House, hours: ServiceHours, reception: Place) -> Service:
    return add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Mail",
        provider=house.provider,
        hours=hours,
        places=[reception],
        promises=[Promise("first_response", "8h"), Promise("resolution", "3d")],
    )


def somebody(name: str, organisation: Organisation | None = None) -> Person:
    """Return a new person with the address name@example.org, in an organisation if given."""
    person = parties.add_person(
        by=COMMAND, at=LONG_AGO, name=name, email=f"{name.split()[0].lower()}@example.org"
    )
    if organisation:
        parties.join(person, organisation, by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def una(house: House) -> Person:
    """Uses Mail now and then; nobody signed anything for her."""
    return somebody("Una")


@pytest.fixture
def cleo(finance: Organisation) -> Person:
    """Works in Finance, which is entitled once A-7 is in force."""
    return somebody("Cleo", finance)


@pytest.fixture
def clive(finance: Organisation) -> Person:
    """Heads Finance and signed A-7."""
    return somebody("Clive", finance)


@pytest.fixture
def desi(house: House) -> Person:
    """Works at the desk, for every service."""
    person = somebody("Desi", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def mo(house: House) -> Person:
    """Manages the provider."""
    person = somebody("Mo", house.provider)
    give_duty(person, "manage", by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def sam(house: House) -> Person:
    """A stranger: has an account and no business here."""
    return somebody("Sam")


@pytest.fixture
def a7(mail: Service, clive: Person, finance: Organisation) -> Version:
    """A-7, signed by Clive, in force since 4 May 2026."""
    return activate(Agreement.from_toml(A7, "A-7.toml"), by=COMMAND, at=LONG_AGO).version


def make_ticket(
    requester: Person | None, service: Service, *, at: datetime = MONDAY, text: str = "Mail is slow"
) -> Ticket:
    """Return a ticket as its requester reported it at `at`."""
    actor = requester.actor if requester else VISITOR
    return tickets.report(
        tickets.Report(service=service, text=text, requester=requester), by=actor, at=at
    )
