"""The text of an agreement in plain words: what it promises, when help is there, whom it covers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, pgettext

from tricorn.agreements.models import Clause, Signature, Version
from tricorn.catalogue.bridge import schedule_of
from tricorn.engine.hours import Hours, Target
from tricorn.insight.covered import Covered
from tricorn.insight.scope import Party
from tricorn.web import labels, words
from tricorn.web.charts import WeekWindow
from tricorn.web.countries import said_country


@dataclass(frozen=True)
class Promise:
    """One clause: its name in the text, a short title, and the whole sentence."""

    name: str
    title: str
    sentence: str
    hours: str


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
        funders=joined(covered.funders),
        prices=tuple(price_in_words(price) for price in text.get("price", [])),
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


def local_day(at: datetime, version: Version) -> date:
    return at.astimezone(ZoneInfo(version.zone)).date()


def joined(names: Sequence[str], word: str = "") -> str:
    """Return names as one says them: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    word = word or gettext("and")
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def promise_of(clause: Clause) -> Promise:
    """Return a clause as a sentence of what happens, how fast, how often, and what stops it."""
    kinds = joined([str(labels.kind(kind).words) for kind in clause.kinds], gettext("or"))
    who = gettext("Every %(kinds)s") % {"kinds": kinds} if kinds else gettext("Every matter")
    if clause.priorities:
        listed = joined([str(labels.priority(p).words) for p in clause.priorities], gettext("or"))
        who = gettext("%(who)s of %(priorities)s priority") % {"who": who, "priorities": listed}
    deed, title = {
        "first_response": (gettext("is first answered"), gettext("First answer")),
        "resolved": (gettext("is resolved"), gettext("Resolved")),
        "closed": (gettext("is closed"), gettext("Closed")),
    }[clause.stop]
    within = target_in_words(clause.within)
    since = {
        "began": gettext("counted from when it began"),
        "reported": gettext("counted from when it was reported"),
    }[clause.start]
    sentence = gettext("%(who)s %(deed)s within %(within)s, %(since)s.") % {
        "who": who,
        "deed": deed,
        "within": within,
        "since": since,
    }
    if clause.share is not None:
        sentence += " " + gettext("That is promised for %(share)s of them each %(per)s.") % {
            "share": words.share(float(clause.share)),
            "per": period_in_words(clause.per),
        }
    if clause.stopped_by:
        holders = [str(labels.HOLDERS[each]) for each in clause.stopped_by]
        sentence += " " + gettext("Time spent waiting for %(holders)s does not count.") % {
            "holders": joined(holders, gettext("or"))
        }
    title = f"{title}, {kinds}" if kinds else title
    return Promise(clause.name, f"{title}: {within}", sentence, clause.hours)


def target_in_words(within: str) -> str:
    target = Target.parse(within)
    if target.days is not None:
        return ngettext("%(days)d service day", "%(days)d service days", target.days) % {
            "days": target.days
        }
    span = words.duration(timedelta(seconds=target.seconds or 0))
    return gettext("%(span)s of service hours") % {"span": span}


def period_in_words(per: str) -> str:
    return {
        "month": gettext("month"),
        "quarter": gettext("quarter"),
        "year": gettext("year"),
    }[per]


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
    said = [gettext("Times in %(zone)s.") % {"zone": hours.zone}]
    if hours.holidays:
        where = said_country(hours.holidays.country, hours.holidays.subdivision)
        said.append(gettext("Closed on the public holidays of %(where)s.") % {"where": where})
    if exceptions := len(hours.closed) + len(hours.opened):
        said.append(
            ngettext("%(n)d date with other hours.", "%(n)d dates with other hours.", exceptions)
            % {"n": exceptions}
        )
    return " ".join(said)


def covered_in_words(covered: Covered, fewest: int) -> tuple[str, ...]:
    """Return whom a version covers, one line each; persons are only counted."""
    said = [
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
    amount = str(price["amount"])
    digits = 0 if "." not in amount else 2
    return gettext("%(amount)s %(currency)s a %(per)s") % {
        "amount": number_format(amount, decimal_pos=digits, use_l10n=True, force_grouping=True),
        "currency": price["currency"],
        "per": period_in_words(price["per"]),
    }


def signed_in_words(signature: Signature, *, is_internal: bool) -> Signed:
    """Say who signed; within one house people approve."""
    name = signature.person.name
    who = f"{name}, {signature.capacity}," if signature.capacity else name
    said = (
        gettext("Approved by %(who)s on %(day)s.")
        if is_internal
        else gettext("Signed by %(who)s on %(day)s.")
    )
    return Signed(said % {"who": who, "day": day_in_words(signature.on)})


def day_in_words(day: date) -> str:
    return date_format(day, pgettext("day of another year", "j F Y"))


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
    return gettext("You see this because %(reasons)s.") % {"reasons": joined(reasons)}
