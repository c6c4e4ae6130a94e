"""What a text says beyond its clauses, in plain words, and a whole text line by line.

Availability, up to how much, what is not promised, money back, review, and how it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext

from tricorn.agreements import plain
from tricorn.engine.agreement import (
    Agreement,
    Availability,
    Clause,
    Credit,
    Escalation,
    Exemption,
    Review,
    Workload,
)

Names = Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """One sentence of a text, and the id that it bears there, if any."""

    name: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}" if self.name else self.sentence


@dataclass(frozen=True)
class Section:
    """What a text says about one thing, under a title."""

    title: str
    terms: tuple[Term, ...]


def sections(content: Agreement, names: Names | None = None) -> tuple[Section, ...]:
    """Return what a text says beyond its clauses; nothing where it says nothing.

    names  Services as people call them, by what the text calls them.
    """
    names = names or {}
    found = (
        Section(
            gettext("How available"),
            tuple(
                Term(each.id, availability(each, names) + plain.hours_of(each, content))
                for each in content.availability
            ),
        ),
        Section(
            gettext("Up to how much"),
            tuple(Term(each.id, workload(each, names)) for each in content.workloads),
        ),
        Section(
            gettext("Not promised"),
            tuple(Term(each.id, exemption(each)) for each in content.exceptions),
        ),
        Section(
            gettext("Who hears when time runs out"),
            tuple(Term(each.id, escalation(each, names)) for each in content.escalation),
        ),
        Section(gettext("Money back"), tuple(_credits(content))),
        Section(gettext("Review"), (Term("", review(content.review)),) if content.review else ()),
        Section(
            gettext("How it ends or goes on"), tuple(Term("", said) for said in ending(content))
        ),
    )
    return tuple(each for each in found if each.terms)


def availability(each: Availability, names: Names | None = None) -> str:
    """Return a promise of availability: "Available 99.5 % of service hours a month."."""
    said = {"share": plain.share(each.share), "per": plain.period(each.per)}
    if not each.services:
        return gettext("Available %(share)s of service hours a %(per)s.") % said
    return gettext("For %(services)s: available %(share)s of service hours a %(per)s.") % {
        **said,
        "services": _services(each.services, names),
    }


def workload(each: Workload, names: Names | None = None) -> str:
    """Return up to how many tickets the promises hold, and which tickets are counted."""
    counted = []
    if each.kinds:
        counted.append(plain.joined([str(plain.KINDS[kind]) for kind in each.kinds], gettext("or")))
    if each.priorities:
        listed = [str(plain.PRIORITIES[one]) for one in each.priorities]
        said = gettext("of %(priorities)s priority")
        counted.append(said % {"priorities": plain.joined(listed, gettext("or"))})
    if each.services:
        said = gettext("for %(services)s")
        counted.append(said % {"services": _services(each.services, names)})
    figures = {
        "n": number_format(each.at_most, force_grouping=True),
        "per": plain.period(each.per),
        "which": ", ".join(counted),
    }
    if counted:
        return gettext("The promises hold for up to %(n)s tickets a %(per)s (%(which)s).") % figures
    return gettext("The promises hold for up to %(n)s tickets a %(per)s.") % figures


def exemption(each: Exemption) -> str:
    """Return what is not promised, in the words of the text."""
    return each.words


def escalation(each: Escalation, names: Names | None = None) -> str:
    """Return a step: "2 h of service hours before a promise is late, the manager ... is told."."""
    when = plain.step_at(each.at)
    whom = each.person if each.whom == "person" else str(plain.TELLS[each.whom])
    said = gettext("%(when)s, %(whom)s is told.")
    if each.tells_client:
        said = gettext("%(when)s, %(whom)s is told, and so is the client.")
    sentence = said % {"when": f"{when[:1].upper()}{when[1:]}", "whom": whom}
    if each.services:
        services = _services(each.services, names)
        return gettext("For %(services)s: %(sentence)s") % {
            "services": services,
            "sentence": f"{sentence[:1].lower()}{sentence[1:]}",
        }
    return sentence


def credit(each: Credit, content: Agreement) -> str:
    """Return a credit: "If fewer than 95 % are on time: 5 % of the month's price back."."""
    promise = content.shares[each.clause]
    below = plain.value("share", each.below if each.below is not None else promise.share)
    if each.amount is not None:
        back = plain.money(each.amount, content.prices[0].currency)
    else:
        said = {
            "month": gettext("%(part)s of the month's price"),
            "quarter": gettext("%(part)s of the quarter's price"),
            "year": gettext("%(part)s of the year's price"),
        }[promise.per]
        back = said % {"part": plain.value("percent", each.percent)}
    if isinstance(promise, Clause):
        return gettext("If fewer than %(below)s are on time: %(back)s back.") % {
            "below": below,
            "back": back,
        }
    return gettext("If available less than %(below)s: %(back)s back.") % {
        "below": below,
        "back": back,
    }


def _credits(content: Agreement) -> Iterator[Term]:
    for each in content.credits:
        yield Term(each.clause, credit(each, content))
    if content.credits_at_most is not None:
        said = gettext("All of it together is at most %(share)s of the price of the period.")
        yield Term("", said % {"share": plain.share(content.credits_at_most)})


def review(each: Review) -> str:
    """Return how often both sides look at it: "Reviewed every quarter, within 14 days."."""
    return gettext("Reviewed every %(per)s, within %(within)s.") % {
        "per": plain.period(each.per),
        "within": plain.length(each.within),
    }


def ending(content: Agreement) -> Iterator[str]:
    """Yield what a text says about trial, renewal, notice and the tickets that run."""
    if content.kind == "trial":
        yield gettext("This is a trial.")
    notice = plain.length(content.notice) if content.notice else ""
    by = plain.length(content.renews) if content.renews else ""
    said = {"notice": notice, "by": by}
    if by and notice:
        yield (
            gettext(
                "It renews for %(by)s at a time, unless notice is given %(notice)s before it ends."
            )
            % said
        )
    elif by:
        yield gettext("It renews for %(by)s at a time.") % said
    elif notice and content.to_on:
        yield gettext("Notice is given %(notice)s before it ends.") % said
    elif notice:
        yield gettext("Either side may end it with notice of %(notice)s.") % said
    if content.running == "move":
        yield gettext("Tickets that run when it begins go on by this version.")


def lines(content: Agreement) -> Iterator[str]:
    """Yield what a whole text promises, line by line."""
    yield gettext("%(ref)s, %(title)s: %(provider)s serves %(client)s.") % {
        "ref": content.ref,
        "title": content.title,
        "provider": content.provider,
        "client": content.client,
    }
    yield gettext("For %(services)s, %(when)s.") % {
        "services": plain.joined(content.services),
        "when": plain.when(content),
    }
    for clause in content.clauses:
        said = plain.promise(clause)
        yield f"{said.name}: {said.sentence}{plain.hours_of(clause, content)}"
    for section in sections(content):
        yield from (
            f"{section.title}, {term}" if term.name else str(term) for term in section.terms
        )
    for name, hours in content.hours.items():
        open_days = [f"{each} {windows}" for each, windows in plain.week(hours)]
        days = [*open_days, *(f"{on} {said}" for on, said in plain.other_days(hours))]
        yield gettext("Service hours “%(name)s”: %(week)s. %(note)s") % {
            "name": name,
            "week": "; ".join(days),
            "note": plain.zone_and_holidays(hours),
        }
    for each in content.entitled:
        yield gettext("Covered: %(who)s.") % {"who": plain.entitled(each, content)}
    for one in content.prices:
        yield gettext("Price: %(price)s.") % {"price": plain.price(one)}
    yield from (plain.signed(each) for each in content.signed)
    if not content.signed:
        yield gettext("Nobody has signed it yet, so it cannot be put into force.")


def _services(written: tuple[str, ...], names: Names | None) -> str:
    return plain.joined([(names or {}).get(each, each) for each in written])
