"""Finance takes business days for Mail and declines Saturdays, on 4 May 2026: 400 a month more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.agreements.offering import latest, may, option, saturdays, sign, text
from tricorn.agreements import verbs
from tricorn.agreements.models import Option
from tricorn.agreements.verbs import Described

FOURTH_OF_MAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
BEGINS = date(2026, 5, 4)
WHY = "Nobody works on Saturdays, we think."


def declined(house, finance, mo, clive, *, wanted=None, at=FOURTH_OF_MAY, **changes) -> Option:
    """Return the option with Saturdays as Clive declined it; the other one is signed by both."""
    may(clive, finance)
    offer = verbs.begin_offer(finance, house.provider, "Mail for Finance", by=mo.actor, at=at)
    plain = replace(text(), from_on=BEGINS)
    verbs.add_option(offer, Described("Business days"), plain, by=mo.actor, at=at)
    more = replace(wanted or saturdays(), from_on=BEGINS, **changes)
    verbs.add_option(offer, Described("With Saturdays"), more, by=mo.actor, at=at)
    verbs.make_offer(offer, by=mo.actor, at=at)
    verbs.decline(option(offer, "B"), clive, by=clive.actor, at=at, reason=WHY)
    verbs.accept(latest(offer), clive, by=clive.actor, at=at)
    sign(latest(offer), clive, at=at)
    sign(latest(offer), mo, at=at + timedelta(minutes=5))
    return option(offer, "B")
