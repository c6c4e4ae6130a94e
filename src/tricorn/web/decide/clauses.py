"""The items of an agreement text, each as one line one can ask about. Reads no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from tricorn.agreements import plain
from tricorn.engine.agreement import (
    Agreement,
    Availability,
    Change,
    Credit,
    Price,
    Review,
    Workload,
    differences,
    named,
)
from tricorn.web.charts import WeekWindow
from tricorn.web.decide.plain import note_of, windows_of

Row = TypeVar("Row")
IN_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
# Where in an option a part of the text is read.
GROUPS = {
    "price": "price",
    "entitled": "covered",
    "exception": "not_covered",
    "workload": "not_covered",
    "hours": "hours",
    "clause": "promises",
    "availability": "promises",
    "credit": "credits",
    "review": "review",
    "agreement": "term",
}


@dataclass(frozen=True)
class Item:
    """One item of a text: how the text names it, and what it says."""

    part: str
    item: str
    name: str
    sentence: str
    windows: tuple[WeekWindow, ...] = ()
    title: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.part, self.item

    @property
    def group(self) -> str:
        return GROUPS[self.part]


def items_of(content: Agreement) -> tuple[Item, ...]:
    """Return everything in a text that one can ask to have otherwise, in the order of reading."""
    return tuple(
        [
            *_prices(content),
            *_covered(content),
            *_left_out(content),
            *_hours(content),
            *_promises(content),
            *_credits(content),
            *_review(content),
            Item("agreement", "", gettext("Start and end"), term(content)),
        ]
    )


def _prices(content: Agreement) -> Iterator[Item]:
    for item, each in _by_name("price", content, content.prices):
        yield Item("price", item, gettext("Price"), price(each))


def _covered(content: Agreement) -> Iterator[Item]:
    for item, each in _by_name("entitled", content, content.entitled):
        said = plain.entitled(each, content)
        yield Item("entitled", item, gettext("Who is covered"), said[:1].upper() + said[1:] + ".")


def _left_out(content: Agreement) -> Iterator[Item]:
    for each in content.exceptions:
        yield Item("exception", each.id, gettext("Exception %(id)s") % {"id": each.id}, each.words)
    for limit in content.workloads:
        name = gettext("Limit %(id)s") % {"id": limit.id}
        yield Item("workload", limit.id, name, workload(limit))


def _hours(content: Agreement) -> Iterator[Item]:
    several = len(content.hours) > 1
    for name, hours in content.hours.items():
        title = gettext("Service hours “%(name)s”") % {"name": name}
        title = title if several else gettext("Service hours")
        yield Item("hours", name, title, note_of(hours), windows_of(hours), title)


def _promises(content: Agreement) -> Iterator[Item]:
    for clause in content.clauses:
        said = plain.promise(clause).sentence + plain.hours_of(clause, content)
        yield Item("clause", clause.id, gettext("Clause %(name)s") % {"name": clause.id}, said)
    for each in content.availability:
        name = gettext("Availability %(id)s") % {"id": each.id}
        yield Item("availability", each.id, name, availability(each, content))


def _credits(content: Agreement) -> Iterator[Item]:
    for item, each in _by_name("credit", content, content.credits):
        name = gettext("Credit for %(name)s") % {"name": item}
        yield Item("credit", item, name, credit(each, content))


def _review(content: Agreement) -> Iterator[Item]:
    if content.review is not None:
        yield Item("review", "", gettext("Review"), review(content.review))


def _by_name(part: str, content: Agreement, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Each row with the name that differences and counter-offers call it by."""
    names = named(part, content.to_data().get(part, ()))
    yield from zip(names, rows, strict=True)


def price(each: Price) -> str:
    """Return a price with its basis: "400 EUR a month for each person"."""
    said = {
        "flat": gettext("%(price)s"),
        "person": gettext("%(price)s for each person"),
        "ticket": gettext("%(price)s for each ticket"),
        "hour": gettext("%(price)s for each hour of work"),
    }
    return said[each.basis] % {"price": plain.price(each)}


def year(content: Agreement) -> Decimal | None:
    """Return what the text comes to in a year; None where that depends on how much it is used."""
    if any(each.basis != "flat" for each in content.prices):
        return None
    return sum((each.amount * IN_A_YEAR[each.per] for each in content.prices), Decimal())


def month(content: Agreement) -> Decimal | None:
    """Return what the text comes to in a month, to the cent; None where that depends on use."""
    found = year(content)
    if found is None:
        return None
    return (found / 12).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def currency(content: Agreement) -> str:
    return content.prices[0].currency if content.prices else ""


def money(amount: Decimal, unit: str) -> str:
    """Return an amount as one reads it: "98,880 EUR", "12.50 EUR"."""
    places = 0 if amount == amount.to_integral_value() else 2
    figure = number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{figure} {unit}".strip()


def year_in_words(content: Agreement) -> str:
    """Say what it comes to in a year; nothing where no price is named."""
    if not content.prices:
        return ""
    found = year(content)
    if found is None:
        return gettext("What it comes to in a year depends on how much it is used.")
    return gettext("That is %(sum)s in a year.") % {"sum": money(found, currency(content))}


def dearer(content: Agreement, than: Agreement) -> str:
    """Say how much more or less a month it costs: "400 EUR a month more"; nothing if it cannot."""
    own, other = month(content), month(than)
    unit = currency(content) or currency(than)
    if own is None or other is None or own == other or currency(than) not in ("", unit):
        return ""
    said = gettext("%(sum)s a month more") if own > other else gettext("%(sum)s a month less")
    return said % {"sum": money(abs(own - other), unit)}


def availability(each: Availability, content: Agreement) -> str:
    names = plain.joined(each.services or content.services)
    said = gettext("%(services)s works for %(share)s of its service hours each %(per)s.") % {
        "services": names,
        "share": plain.share(each.share),
        "per": plain.period(each.per),
    }
    if len(content.hours) > 1:
        said += " " + gettext("Its hours are those called “%(name)s”.") % {"name": each.hours}
    return said


def workload(each: Workload) -> str:
    kinds = [str(plain.KINDS[kind]) for kind in each.kinds]
    what = plain.joined(kinds, gettext("or")) or gettext("matter")
    if each.priorities:
        listed = plain.joined([str(plain.PRIORITIES[p]) for p in each.priorities], gettext("or"))
        what = gettext("%(what)s of %(priorities)s priority") % {
            "what": what,
            "priorities": listed,
        }
    if each.services:
        what = gettext("%(what)s about %(services)s") % {
            "what": what,
            "services": plain.joined(each.services),
        }
    return gettext("The promises hold for up to %(n)s of these a %(per)s: %(what)s.") % {
        "n": number_format(each.at_most, use_l10n=True, force_grouping=True),
        "per": plain.period(each.per),
        "what": what,
    }


def credit(each: Credit, content: Agreement) -> str:
    promise = content.shares.get(each.clause)
    below = each.below if each.below is not None else promise and promise.share
    back = (
        gettext("%(percent)s %% of the price of that time")
        % {"percent": f"{each.percent.normalize():f}"}
        if each.percent is not None
        else money(each.amount or Decimal(), currency(content))
    )
    return gettext("If less than %(share)s of %(clause)s is kept, %(back)s comes back.") % {
        "share": plain.share(below or Decimal(1)),
        "clause": each.clause,
        "back": back,
    }


def review(each: Review) -> str:
    return gettext(
        "Both sides look at the figures every %(per)s, within %(within)s of its end."
    ) % {"per": plain.period(each.per), "within": each.within}


def term(content: Agreement) -> str:
    """Return from when to when it holds, how it goes on, and what happens to what runs."""
    when = plain.when(content)
    said = [gettext("It holds %(when)s.") % {"when": when}]
    if content.renews:
        said.append(gettext("Then it goes on by %(length)s.") % {"length": content.renews})
    if content.notice:
        said.append(
            gettext("Notice is given %(length)s before its end.") % {"length": content.notice}
        )
    if content.kind == "trial":
        said.append(gettext("It is a trial."))
    if content.running == "move":
        said.append(gettext("Matters that are open on its first day go on by it."))
    return " ".join(said)


@dataclass(frozen=True)
class Unlike:
    """How one option's text stands to another's: items that differ, are new, or are missing."""

    other: frozenset[tuple[str, str]] = frozenset()
    new: frozenset[tuple[str, str]] = frozenset()
    gone: frozenset[tuple[str, str]] = frozenset()

    @property
    def any(self) -> bool:
        return bool(self.other or self.new or self.gone)


def unlike(base: Agreement, content: Agreement) -> Unlike:
    """Compare two options of one offer, item by item."""
    changes: Sequence[Change] = differences(base, content)
    whole = [each for each in changes if not each.field]
    return Unlike(
        other=frozenset((c.part, c.item) for c in changes if c.field and c.field != "order"),
        new=frozenset((each.part, each.item) for each in whole if each.before is None),
        gone=frozenset((each.part, each.item) for each in whole if each.after is None),
    )


def in_which(found: Unlike, items: Sequence[Item]) -> str:
    """Name the items that differ, as a part of a sentence: "Price, Service hours and Clause R2"."""
    names = [each.name for each in items if each.key in found.other | found.new | found.gone]
    names = list(dict.fromkeys(names))
    if len(names) > 4:
        more = len(names) - 3
        rest = ngettext("%(n)d other", "%(n)d others", more) % {"n": more}
        names = [*names[:3], rest]
    return plain.joined(names)
