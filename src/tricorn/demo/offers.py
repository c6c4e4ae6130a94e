"""The offers of the demonstration: how A-7 was chosen and signed, and one that waits for Clive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Offer, Wording
from tricorn.agreements.verbs import Described
from tricorn.demo.stories import local
from tricorn.demo.town import ZONE, Town
from tricorn.engine.agreement import Agreement, Price
from tricorn.engine.hours import Hours
from tricorn.parties.models import House, Person

MINUTE = timedelta(minutes=1)
WHY = "On Saturdays hardly anybody of ours is here. Let us see how it goes."


def sign_for_mail(town: Town, content: Agreement) -> None:
    """Finance chooses business days for Mail and declines Saturdays; Clive and Mo sign.

    Each step at its own moment, from five weeks before it begins.
    """
    begins = datetime.combine(content.from_on, datetime.min.time(), tzinfo=ZoneInfo(ZONE))
    made, chosen = local(begins - timedelta(days=34), 10), local(begins - timedelta(days=20), 10)
    offer = _begin(town, content, made)
    plain = Described(
        "Business days 8 to 20",
        "Help from Monday to Friday, 8 to 20.",
        "Weekends and public holidays.",
    )
    mo, clive = town.mo.actor, town.clive.actor
    first = verbs.add_option(offer, plain, content, by=mo, at=made)
    longer = Described(
        "With Saturdays 9 to 17", "Saturdays too, 9 to 17.", "Sundays and public holidays."
    )
    second = verbs.add_option(
        offer, longer, _more(content, "09:00-17:00", 8640), by=mo, at=made + MINUTE
    )
    verbs.make_offer(offer, by=mo, at=made + 5 * MINUTE)
    verbs.decline(second, town.clive, by=clive, at=chosen, reason=WHY)
    wording = Wording.objects.get(option=first)
    verbs.accept(wording, town.clive, by=clive, at=chosen + 5 * MINUTE)
    _sign(wording, town.clive, chosen + 10 * MINUTE)
    _sign(wording, town.mo, chosen + 70 * MINUTE)


def offer_saturdays(town: Town, signed: Agreement, *, at: datetime) -> None:
    """Mo offers Saturdays for Workplace IT, shorter or longer: it waits for Clive."""
    made = local(at - timedelta(days=3), 10)
    begins = _first_of_next_month(made.date() + timedelta(days=20))
    content = replace(
        signed,
        ref="A-15",
        title="Saturdays for Workplace IT",
        services=("workplace-it",),
        from_on=begins,
        signed=(),
    )
    offer = _begin(town, content, made, answer_by=at.date() + timedelta(days=18))
    mo = town.mo.actor
    for name, covered, windows, price in (
        ("Saturday mornings", "Saturdays, 9 to 13.", "09:00-13:00", 180),
        ("All of Saturday", "Saturdays, 9 to 18.", "09:00-18:00", 390),
    ):
        described = Described(name, covered, "Sundays and public holidays.")
        verbs.add_option(offer, described, _more(content, windows, price), by=mo, at=made)
    verbs.make_offer(offer, by=mo, at=made + 5 * MINUTE)


def _begin(
    town: Town, content: Agreement, made: datetime, *, answer_by: date | None = None
) -> Offer:
    return verbs.begin_offer(
        town.finance,
        House.objects.get().provider,
        content.title,
        by=town.mo.actor,
        at=made,
        ref=content.ref,
        note="As we spoke about on the phone: tell me what you would have otherwise.",
        answer_by=answer_by,
    )


def _more(content: Agreement, saturdays: str, price: int) -> Agreement:
    """Return a text with Saturdays in its hours, at another price a month."""
    hours: dict[str, Any] = content.hours["desk"].to_data()
    weekly = {**hours["weekly"], "sat": [saturdays]}
    return replace(
        content,
        hours={"desk": Hours.from_data({**hours, "weekly": weekly})},
        prices=(Price(Decimal(price), "EUR"),),
        signed=(),
    )


def _sign(wording: Wording, person: Person, at: datetime) -> None:
    code = code_of(verbs.send_code(wording, person, by=person.actor, at=at))
    verbs.sign(wording, person, code=code, by=person.actor, at=at + MINUTE)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
