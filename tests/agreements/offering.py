"""An offer to Finance with two options, as the tests of negotiation and signing begin it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tests.cast import A7, LONG_AGO, MONDAY, NOON
from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Offer, Option, Wording
from tricorn.agreements.verbs import Described
from tricorn.engine.agreement import Agreement, Price
from tricorn.journal.actor import COMMAND
from tricorn.parties.models import House, Organisation, Person
from tricorn.standing.verbs import grant

MINUTE = timedelta(minutes=1)
BEGINS = date(2026, 10, 13)  # the day after "today" in tests


def text(*, price: int = 8240, target: str = "8h", **changes) -> Agreement:
    """Return A-7's text without its signature, beginning tomorrow."""
    content = Agreement.from_toml(A7.replace('"8h"', f'"{target}"'), "A-7.toml")
    given = {"signed": (), "from_on": BEGINS, "prices": (Price(Decimal(price), "EUR"),)}
    return replace(content, **(given | changes))


def saturdays() -> Agreement:
    """Return the same with Saturday mornings, for 400 more."""
    toml = A7.replace('fri = ["08:00-20:00"]', 'fri = ["08:00-20:00"]\nsat = ["09:00-13:00"]')
    content = Agreement.from_toml(toml, "A-7.toml")
    return replace(content, signed=(), from_on=BEGINS, prices=(Price(Decimal(8640), "EUR"),))


def offered(house: House, finance: Organisation, mo: Person, *, at=MONDAY) -> Offer:
    """Return an open offer with option A, as now, and option B, with Saturdays."""
    offer = verbs.begin_offer(
        finance, house.provider, "Mail for Finance", by=mo.actor, at=at, note="As we spoke."
    )
    plain = Described("Business days", "Monday to Friday, 8 to 20", "Weekends")
    verbs.add_option(offer, plain, text(), by=mo.actor, at=at)
    more = Described("With Saturdays", "Saturday mornings too", "Sundays")
    verbs.add_option(offer, more, saturdays(), by=mo.actor, at=at)
    return verbs.make_offer(offer, by=mo.actor, at=at)


def option(offer: Offer, letter: str) -> Option:
    return offer.options.get(letter=letter)


def latest(offer: Offer, letter: str = "A") -> Wording:
    return option(offer, letter).wordings.order_by("-number")[0]


def may(person: Person, organisation: Organisation, *deeds: str, at=LONG_AGO, **limits) -> None:
    grant(person, organisation, deeds or ("decide", "sign"), by=COMMAND, at=at, **limits)


def sign(wording: Wording, person: Person, *, at=NOON) -> verbs.Signing:
    """Ask for a code and sign with it, a minute later."""
    code = code_of(verbs.send_code(wording, person, by=person.actor, at=at))
    return verbs.sign(wording, person, code=code, by=person.actor, at=at + MINUTE)
