"""What an agreement says, in plain words: the one place for pages, files and commands.

Reads texts (engine values), never rows, and needs no database. Figures of a promise are said
exactly: "80 h of service hours" is not "3 days", and 99.95 % is not 100 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.functional import Promise as Words
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.countries import said_country
from tricorn.engine.agreement import (
    Agreement,
    Availability,
    Clause,
    Entitled,
    Length,
    Price,
    Signed,
    step_when,
)
from tricorn.engine.hours import Hours, Target

KINDS: dict[str, str | Words] = {
    "incident": _("incident"),
    "request": _("request"),
    "question": _("question"),
    "complaint": _("complaint"),
    "wish": _("suggestion"),
    "praise": _("praise"),
}
PRIORITIES: dict[str, str | Words] = {
    "critical": _("critical"),
    "high": _("high"),
    "moderate": _("moderate"),
    "low": _("low"),
}
# Who holds things up, as a text between two parties says it.
HOLDERS: dict[str, str | Words] = {
    "provider": _("the provider"),
    "customer": _("the person asking"),
    "client": _("the client"),
    "user": _("the person affected"),
    "supplier": _("the supplier"),
}
# Whom a step of the agreed chain tells.
TELLS: dict[str, str | Words] = {
    "assignee": _("whoever works on it"),
    "team": _("the team"),
    "manager": _("the manager of the service"),
}
# What a text may choose among, by field.
CHOICES: dict[str, dict[str, str | Words]] = {
    "kind": {"full": _("a full agreement"), "trial": _("a trial")},
    "running": {"stay": _("tickets keep their version"), "move": _("tickets go on by this one")},
    "basis": {
        "flat": _("flat"),
        "hour": _("for each hour of work"),
        "person": _("for each person"),
        "ticket": _("for each ticket"),
    },
    "method": {
        "account": _("signed in"),
        "code": _("with a one-time code"),
        "paper": _("on paper"),
    },
}
DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


@dataclass(frozen=True)
class Promise:
    """One clause: its name in the text, a short title, the whole sentence, whose hours it uses."""

    name: str
    title: str
    sentence: str
    hours: str


def promise(clause: Clause) -> Promise:
    """Return a clause as a sentence of what happens, how fast, how often, and what stops it."""
    kinds = joined([str(KINDS[kind]) for kind in clause.kinds], gettext("or"))
    who = gettext("Every %(kinds)s") % {"kinds": kinds} if kinds else gettext("Every matter")
    if clause.priorities:
        listed = joined([str(PRIORITIES[each]) for each in clause.priorities], gettext("or"))
        who = gettext("%(who)s of %(priorities)s priority") % {"who": who, "priorities": listed}
    deed, title = {
        "first_response": (gettext("is first answered"), gettext("First answer")),
        "resolved": (gettext("is resolved"), gettext("Resolved")),
        "closed": (gettext("is closed"), gettext("Closed")),
    }[clause.stop]
    since = {
        "began": gettext("counted from when it began"),
        "reported": gettext("counted from when it was reported"),
    }[clause.start]
    within = target(clause.target)
    sentence = gettext("%(who)s %(deed)s within %(within)s, %(since)s.") % {
        "who": who,
        "deed": deed,
        "within": within,
        "since": since,
    }
    if clause.share is not None:
        sentence += " " + gettext("That is promised for %(share)s of them each %(per)s.") % {
            "share": share(clause.share),
            "per": period(clause.per),
        }
    if clause.stopped_by:
        holders = [str(HOLDERS[each]) for each in sorted(clause.stopped_by)]
        sentence += " " + gettext("Time spent waiting for %(holders)s does not count.") % {
            "holders": joined(holders, gettext("or"))
        }
    title = f"{title}, {kinds}" if kinds else title
    return Promise(clause.id, f"{title}: {within}", sentence, clause.hours)


def target(within: Target) -> str:
    """Return how long a promise allows: "8 h of service hours", "3 service days"."""
    if within.days is not None:
        return ngettext("%(days)d service day", "%(days)d service days", within.days) % {
            "days": within.days
        }
    minutes, seconds = divmod(within.seconds or 0, 60)
    hours, minutes = divmod(minutes, 60)
    parts = (
        (hours, gettext("%(n)d h")),
        (minutes, gettext("%(n)d min")),
        (seconds, gettext("%(n)d s")),
    )
    span = " ".join(said % {"n": n} for n, said in parts if n)
    return gettext("%(span)s of service hours") % {"span": span}


def step_at(written: str) -> str:
    """Return when a step of the agreed chain is due: "2 h of service hours before it is late"."""
    when, amount = step_when(written)
    if when == "late":
        return gettext("as soon as a promise is late")
    if when == "share":
        part = gettext("%(number)s %%") % {"number": amount}
        return gettext("when %(share)s of the time of a promise are used") % {"share": part}
    said = {
        "before": gettext("%(span)s before a promise is late"),
        "after": gettext("%(span)s after a promise is late"),
    }[when]
    return said % {"span": target(Target(seconds=amount * 60))}


def share(of_all: Decimal) -> str:
    """Return a promised share exactly: "95 %", "99.95 %"."""
    return gettext("%(number)s %%") % {"number": f"{(of_all * 100).normalize():f}"}


def period(per: str) -> str:
    return {
        "month": gettext("month"),
        "quarter": gettext("quarter"),
        "year": gettext("year"),
    }[per]


def price(each: Price) -> str:
    """Return a price with every digit that was agreed: "8,240 EUR a month"."""
    said = {
        "flat": gettext("%(money)s a %(per)s"),
        "person": gettext("%(money)s for each person a %(per)s"),
        "ticket": gettext("%(money)s for each ticket, reckoned every %(per)s"),
        "hour": gettext("%(money)s for each hour of work, reckoned every %(per)s"),
    }[each.basis]
    return said % {"money": money(each.amount, each.currency), "per": period(each.per)}


def money(amount: Decimal, currency: str) -> str:
    """Return an amount with every digit that was agreed: "8,240 EUR", "0.0125 EUR"."""
    digits = -int(amount.as_tuple().exponent)
    said = number_format(
        amount,
        decimal_pos=max(digits, 2) if digits > 0 else 0,
        use_l10n=True,
        force_grouping=True,
    )
    return gettext("%(amount)s %(currency)s") % {"amount": said, "currency": currency}


def length(found: Length) -> str:
    """Return a length of the calendar: "14 days", "3 months"."""
    return {
        "day": ngettext("%(n)d day", "%(n)d days", found.n),
        "week": ngettext("%(n)d week", "%(n)d weeks", found.n),
        "month": ngettext("%(n)d month", "%(n)d months", found.n),
        "year": ngettext("%(n)d year", "%(n)d years", found.n),
    }[found.unit] % {"n": found.n}


def entitled(each: Entitled, content: Agreement, name: str = "") -> str:
    """Return who is covered and who pays; `name` is the place's on record, if it has another."""
    sentences = {
        "person": gettext("%(name)s"),
        "organisation": gettext("everybody in %(name)s"),
        "group": gettext("everybody in the group %(name)s"),
        "place": gettext("everybody at %(name)s"),
        "everyone": gettext("everyone"),
    }
    said = sentences[each.scope] % {"name": name or each.name}
    if each.scope == "organisation" and each.below:
        said = gettext("%(who)s and what is below it") % {"who": said}
    if each.services:
        said = gettext("%(who)s, for %(services)s") % {
            "who": said,
            "services": joined(each.services),
        }
    return gettext("%(who)s; %(funder)s pays") % {
        "who": said,
        "funder": each.funder or content.client,
    }


def signed(each: Signed, name: str = "") -> str:
    """Return who signed, in which capacity, for whom, when and how."""
    who = name or each.by
    who = f"{who}, {each.capacity}," if each.capacity else who
    if each.acting_for:
        who = gettext("%(who)s for %(other)s") % {"who": who, "other": each.acting_for}
    said = {
        "": gettext("Signed by %(who)s on %(day)s."),
        "account": gettext("Signed by %(who)s on %(day)s, signed in."),
        "code": gettext("Signed by %(who)s on %(day)s, with a one-time code."),
        "paper": gettext("Signed by %(who)s on %(day)s, on paper."),
    }[each.method]
    return said % {"who": who, "day": day(each.on)}


def when(content: Agreement) -> str:
    """Return from when to when it holds; the last day is included."""
    if content.to_on:
        return gettext("from %(day)s to %(last)s, that day included") % {
            "day": day(content.from_on),
            "last": day(content.to_on),
        }
    return gettext("from %(day)s") % {"day": day(content.from_on)}


def day(on: date) -> str:
    return date_format(on, pgettext("day of another year", "j F Y"))


def week(hours: Hours) -> list[tuple[str, str]]:
    """Return the plain week as a table: seven days, each with its windows or "closed"."""
    return [
        (str(name), ", ".join(map(str, windows)) or gettext("closed"))
        for name, windows in zip(DAYS, hours.weekly, strict=True)
    ]


def other_days(hours: Hours) -> list[tuple[str, str]]:
    """Return the dates with hours of their own, in order, each with its windows or "closed"."""
    names = dict(hours.names)
    dates = [(on, gettext("closed")) for on in hours.closed]
    dates += [(on, ", ".join(map(str, windows))) for on, windows in hours.opened]
    return [
        (day(on), f"{said} ({names[on]})" if on in names else said) for on, said in sorted(dates)
    ]


def zone_and_holidays(hours: Hours) -> str:
    """Return what a week cannot show: the zone, and whose public holidays close the desk."""
    said = [gettext("Times in %(zone)s.") % {"zone": hours.zone}]
    if hours.holidays:
        where = said_country(hours.holidays.country, hours.holidays.subdivision)
        said.append(gettext("Closed on the public holidays of %(where)s.") % {"where": where})
    return " ".join(said)


def joined(names: Sequence[str], word: str = "") -> str:
    """Return names as one says them: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    word = word or gettext("and")
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def hours_of(clause: Clause | Availability, content: Agreement) -> str:
    """Name the hours that a promise counts in, where the agreement has several."""
    if len(content.hours) < 2:
        return ""
    return " " + gettext("Its hours are those called “%(name)s”.") % {"name": clause.hours}


def value(field: str, found: Any) -> str:
    """Return one value of a text in words, by the field that it stands in."""
    if found is None:
        return gettext("nothing")
    if isinstance(found, bool):
        return gettext("yes") if found else gettext("no")
    if field in ("kinds", "priorities", "stopped_by"):
        words = {"kinds": KINDS, "priorities": PRIORITIES, "stopped_by": HOLDERS}[field]
        return joined([str(words[each]) for each in found])
    if isinstance(found, list):
        return ", ".join(map(str, found))
    if field == "target":
        return target(Target.parse(found))
    if field in ("share", "below", "credits_at_most"):
        return share(Decimal(found))
    if field == "percent":
        return share(Decimal(found) / 100)
    if field in ("notice", "renews", "within"):
        return length(Length.parse(found))
    if field == "at":
        return step_at(found)
    if field == "tell":
        return str(TELLS[found])
    if field in CHOICES:
        return str(CHOICES[field][found])
    if field in ("from", "to", "on"):
        return day(date.fromisoformat(found))
    return str(found)
