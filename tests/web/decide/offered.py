"""An offer to read at Decide: made to Finance on 9 November 2026, read three days later."""

from datetime import UTC, date, datetime

from tests.cast import A7, LONG_AGO
from tricorn.agreements import verbs
from tricorn.agreements.models import Option
from tricorn.agreements.verbs import Described
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import grant

MADE_AT = datetime(2026, 11, 9, 9, tzinfo=UTC)
BEGINS = "2026-12-01"
WEEKDAYS = A7[: A7.index("[[signed]]")].replace("2026-05-04", BEGINS)
SATURDAYS = (
    WEEKDAYS.replace('fri = ["08:00-20:00"]', 'fri = ["08:00-20:00"]\nsat = ["09:00-13:00"]')
    .replace("amount = 8240", "amount = 8640")
    .replace('target = "1h"', 'target = "30m"')
)


def text(source: str = WEEKDAYS) -> Agreement:
    return Agreement.from_toml(source, "offer.toml")


def may_sign(person, organisation, **more):
    """Clive may sign and decide for Finance."""
    return grant(person, organisation, ["sign", "decide"], by=COMMAND, at=LONG_AGO, **more)


def offer_to(finance, provider, *, options=2, at=MADE_AT, made=True, ref="", **more):
    """An offer with so many options: A on weekdays, B with Saturdays, and others like it."""
    begun = verbs.begin_offer(
        finance,
        provider,
        "Mail, longer hours",
        by=COMMAND,
        at=at,
        answer_by=date(2026, 11, 30),
        ref=ref,
        **more,
    )
    for n in range(options):
        source = WEEKDAYS if n == 0 else SATURDAYS.replace("8640", str(8540 + 100 * n))
        described = Described(
            ["Weekdays", "With Saturdays"][n] if n < 2 else f"Another {n}",
            "Help with mail and calendar.",
            "" if n else "Saturdays, Sundays.",
        )
        verbs.add_option(begun, described, text(source), by=COMMAND, at=at)
    return verbs.make_offer(begun, by=COMMAND, at=at) if made else begun


def option(offer, letter="A") -> Option:
    return offer.options.get(letter=letter)


def latest(offer, letter="A"):
    return option(offer, letter).wordings.order_by("-number").first()


def reworded(offer, source, letter="A", *, at=MADE_AT, note=""):
    """The next round of an option."""
    one = option(offer, letter)
    described = Described(one.name, one.covered, one.not_covered)
    verbs.change_option(one, described, text(source), by=COMMAND, at=at)
    return verbs.propose(option(offer, letter), by=COMMAND, at=at, note=note)
