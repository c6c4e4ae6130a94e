"""The items of an agreement text, each as one line one can ask about. Reads no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from django.utils.translation import gettext, ngettext

from tricorn.agreements import plain, terms
from tricorn.engine.agreement import (
    Agreement,
    Change,
    differences,
    named,
)
from tricorn.engine.money import per_year, rounded
from tricorn.web.charts import WeekWindow
from tricorn.web.decide.plain import note_of, windows_of

Row = TypeVar("Row")
# Where in an option a part of the text is read.
GROUPS = {
    "price": "price",
    "entitled": "covered",
    "exception": "not_covered",
    "workload": "not_covered",
    "hours": "hours",
    "clause": "promises",
    "availability": "promises",
    "escalation": "promises",
    "credit": "credits",
    "review": "review",
    "agreement": "term",
}


# Parts whose items have names that say more than the section that they are read in.
NAMED = ("availability", "clause", "credit", "escalation", "exception", "workload")


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
    def is_named(self) -> bool:
        """Whether the name says more than the section that the item is read in."""
        return self.part in NAMED

    @property
    def group(self) -> str:
        return GROUPS[self.part]


def items_of(content: Agreement) -> tuple[Item, ...]:
    """Return everything in a text that one can ask to have otherwise, in the order of reading."""
    return (
        *_prices(content),
        *_covered(content),
        *_left_out(content),
        *_hours(content),
        *_promises(content),
        *_credits(content),
        *_review(content),
        Item("agreement", "", gettext("Start and end"), term(content)),
    )


def _prices(content: Agreement) -> Iterator[Item]:
    for item, each in _by_name("price", content, content.prices):
        yield Item("price", item, gettext("Price"), plain.price(each))


def _covered(content: Agreement) -> Iterator[Item]:
    for item, each in _by_name("entitled", content, content.entitled):
        said = plain.entitled(each, content)
        yield Item("entitled", item, gettext("Who is covered"), said[:1].upper() + said[1:] + ".")


def _left_out(content: Agreement) -> Iterator[Item]:
    for each in content.exceptions:
        yield Item("exception", each.id, gettext("Exception %(id)s") % {"id": each.id}, each.words)
    for limit in content.workloads:
        name = gettext("Limit %(id)s") % {"id": limit.id}
        yield Item("workload", limit.id, name, terms.workload(limit))


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
        said = terms.availability(each) + plain.hours_of(each, content)
        yield Item("availability", each.id, name, said)
    for step in content.escalation:
        name = gettext("Escalation %(id)s") % {"id": step.id}
        yield Item("escalation", step.id, name, terms.escalation(step))


def _credits(content: Agreement) -> Iterator[Item]:
    for item, each in _by_name("credit", content, content.credits):
        name = gettext("Credit for %(name)s") % {"name": item}
        yield Item("credit", item, name, terms.credit(each, content))


def _review(content: Agreement) -> Iterator[Item]:
    if content.review is not None:
        yield Item("review", "", gettext("Review"), terms.review(content.review))


def _by_name(part: str, content: Agreement, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Each row with the name that differences and counter-offers call it by."""
    names = named(part, content.to_data().get(part, ()))
    yield from zip(names, rows, strict=True)


def year(content: Agreement) -> Decimal | None:
    """Return what the text comes to in a year; None where that depends on how much it is used."""
    if any(each.basis != "flat" for each in content.prices):
        return None
    return per_year(content.prices) or Decimal()


def month(content: Agreement) -> Decimal | None:
    """Return what the text comes to in a month, to the cent; None where that depends on use."""
    found = year(content)
    return None if found is None else rounded(Fraction(found) / 12)


def currency(content: Agreement) -> str:
    return content.prices[0].currency if content.prices else ""


def whole(amount: Decimal, unit: str) -> str:
    """Return an amount that was reckoned, without cents where there are none: "400 EUR"."""
    exact = amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
    return plain.money(exact, unit)


def year_in_words(content: Agreement) -> str:
    """Say what it comes to in a year; nothing where no price is named."""
    if not content.prices:
        return ""
    found = year(content)
    if found is None:
        return gettext("What it comes to in a year depends on how much it is used.")
    return gettext("That is %(sum)s in a year.") % {"sum": plain.money(found, currency(content))}


def dearer(content: Agreement, than: Agreement) -> str:
    """Say how much more or less a month it costs: "400 EUR a month more"; nothing if it cannot."""
    own, other = month(content), month(than)
    unit = currency(content) or currency(than)
    if own is None or other is None or own == other or currency(than) not in ("", unit):
        return ""
    said = gettext("%(sum)s a month more") if own > other else gettext("%(sum)s a month less")
    return said % {"sum": whole(abs(own - other), unit)}


def term(content: Agreement) -> str:
    """Return from when to when it holds, how it goes on, and what happens to what runs."""
    holds = gettext("It holds %(when)s.") % {"when": plain.when(content)}
    return " ".join([holds, *terms.ending(content)])


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
