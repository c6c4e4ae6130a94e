"""The text of an agreement in plain words: what it promises, when help is there, whom it covers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from tricorn.agreements import plain, terms
from tricorn.agreements.bridge import clause_of
from tricorn.agreements.models import Clause, Signature, Version
from tricorn.agreements.plain import Promise
from tricorn.agreements.terms import Section
from tricorn.catalogue.bridge import schedule_of
from tricorn.engine.agreement import Agreement, Price
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Hours
from tricorn.insight.covered import Covered
from tricorn.insight.scope import Party
from tricorn.web.charts import WeekWindow


@dataclass(frozen=True)
class Week:
    """One calendar of an agreement, for the picture of the week."""

    name: str
    title: str
    windows: tuple[WeekWindow, ...]
    note: str


@dataclass(frozen=True)
class Signed:
    """Who signed, in which capacity, on which day, as one sentence."""

    sentence: str


@dataclass(frozen=True)
class Terms:
    """One version of an agreement as a card of plain words."""

    ref: str
    title: str
    version: Version
    client: str
    provider: str
    services: tuple[str, ...]
    promises: tuple[Promise, ...]
    weeks: tuple[Week, ...]
    covered: tuple[str, ...]
    funders: str
    prices: tuple[str, ...]
    sections: tuple[Section, ...]
    since: date
    until: date | None
    is_internal: bool
    signed: tuple[Signed, ...]
    why: str


def terms_of(
    party: Party,
    version: Version,
    text: dict[str, Any],
    covered: Covered,
    signatures: Sequence[Signature],
    *,
    fewest: int,
) -> Terms:
    """Return a version in plain words. Reads no database: all rows are given."""
    clauses = party.clauses_of(version)
    return Terms(
        ref=party.agreement.ref,
        title=version.title,
        version=version,
        client=str(party.agreement.client),
        provider=str(party.agreement.provider),
        services=tuple(str(service) for service in version.services.all()),
        promises=tuple(promise_of(clause) for clause in clauses),
        weeks=weeks_of(clauses),
        covered=covered_in_words(covered, fewest),
        funders=plain.joined(covered.funders),
        prices=tuple(price_in_words(price) for price in text.get("price", [])),
        sections=sections_of(version, text),
        since=local_day(version.from_at, version),
        until=local_day(version.to_at - timedelta(seconds=1), version) if version.to_at else None,
        is_internal=party.is_internal,
        signed=tuple(signed_in_words(each, is_internal=party.is_internal) for each in signatures),
        why=why_in_words(party),
    )


def text_of(version: Version) -> dict[str, Any]:
    """Return the signed text as data."""
    found: dict[str, Any] = json.loads(version.text)
    return found


def sections_of(version: Version, text: dict[str, Any]) -> tuple[Section, ...]:
    """Return what a version says beyond its clauses, with services by their names.

    Nothing where its text is no agreement any more: `tricorn verify` says so.
    """
    try:
        content = Agreement.from_data(text, str(version))
    except BadInput:
        return ()
    return terms.sections(content, {each.slug: str(each) for each in version.services.all()})


def local_day(at: datetime, version: Version) -> date:
    return at.astimezone(ZoneInfo(version.zone)).date()


def promise_of(clause: Clause) -> Promise:
    """Return a clause, as its row keeps it, in words."""
    return plain.promise(clause_of(clause))


def weeks_of(clauses: Sequence[Clause]) -> tuple[Week, ...]:
    """Return the calendars that clauses run by, each once."""
    found: dict[str, Hours] = {}
    for clause in clauses:
        found.setdefault(clause.hours, schedule_of(clause.spec, clause.hours).hours)
    several = len(found) > 1
    return tuple(
        Week(
            name,
            gettext("When help is there (%(name)s)") % {"name": name}
            if several
            else gettext("When help is there"),
            windows_of(hours),
            note_of(hours),
        )
        for name, hours in found.items()
    )


def windows_of(hours: Hours) -> tuple[WeekWindow, ...]:
    """Return the plain week for drawing. Units: seconds in, minutes out."""
    return tuple(
        WeekWindow(day, window.start // 60, -(-window.end // 60))
        for day, windows in enumerate(hours.weekly)
        for window in windows
    )


def note_of(hours: Hours) -> str:
    """Return what the picture of a week cannot show: the zone, holidays, exceptions."""
    said = [plain.zone_and_holidays(hours)]
    if exceptions := len(hours.closed) + len(hours.opened):
        said.append(
            ngettext("%(n)d date with other hours.", "%(n)d dates with other hours.", exceptions)
            % {"n": exceptions}
        )
    return " ".join(said)


def covered_in_words(covered: Covered, fewest: int) -> tuple[str, ...]:
    """Return whom a version covers, one line each; persons are only counted."""
    said = [gettext("everyone")] if covered.everyone else []
    said += [
        gettext("everybody in %(name)s and its parts") % {"name": name}
        if below
        else gettext("everybody in %(name)s") % {"name": name}
        for name, below in covered.organisations
    ]
    said += [gettext("the group %(name)s") % {"name": name} for name in covered.groups]
    said += [gettext("everybody at %(name)s") % {"name": name} for name in covered.places]
    if covered.persons >= fewest:
        said.append(gettext("%(n)d people by name") % {"n": covered.persons})
    elif covered.persons:
        said.append(gettext("fewer than %(n)s people by name") % {"n": number_in_words(fewest)})
    return tuple(said)


def number_in_words(n: int) -> str:
    """Return a small number as a word: "five"; larger ones in figures."""
    said = {
        3: gettext("three"),
        4: gettext("four"),
        5: gettext("five"),
        6: gettext("six"),
        7: gettext("seven"),
        8: gettext("eight"),
        9: gettext("nine"),
        10: gettext("ten"),
    }
    return said.get(n, str(n))


def price_in_words(price: dict[str, Any]) -> str:
    basis = price.get("basis", "flat")
    return plain.price(Price(Decimal(str(price["amount"])), price["currency"], price["per"], basis))


def signed_in_words(signature: Signature, *, is_internal: bool) -> Signed:
    """Say who signed; within one house people approve."""
    name = signature.person.name
    who = f"{name}, {signature.capacity}," if signature.capacity else name
    said = (
        gettext("Approved by %(who)s on %(day)s.")
        if is_internal
        else gettext("Signed by %(who)s on %(day)s.")
    )
    return Signed(said % {"who": who, "day": plain.day(signature.on)})


def why_in_words(party: Party) -> str:
    """Say in one sentence why the reader may read this."""
    signed = gettext("you approved it") if party.is_internal else gettext("you signed it")
    said = {
        "signed": signed,
        "oversees": gettext("you oversee the provider"),
        "budget": gettext("you hold its budget"),
        "invoice": gettext("you approve its invoices"),
        "linemgr": gettext("you are the line manager"),
        "sign": gettext("you may sign for %(client)s"),
        "approve": gettext("you may approve for %(client)s"),
        "decide": gettext("you may decide for %(client)s"),
        "accept": gettext("you accept its work"),
    }
    reasons = [said[each] % {"client": str(party.agreement.client)} for each in party.why]
    return gettext("You see this because %(reasons)s.") % {"reasons": plain.joined(reasons)}
