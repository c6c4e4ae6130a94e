"""An offer as its page shows it: options beside one another, line by line, with what was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.functional import Promise as Words
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.agreements.models import ChangeAsked, Option, Wording
from tricorn.agreements.offered import OfferShown, OptionShown, Round, differences_in_words
from tricorn.engine.agreement import Agreement
from tricorn.web.decide import clauses
from tricorn.web.decide.clauses import Item, Unlike

SECTIONS: Mapping[str, str | Words] = {
    "price": _("Price"),
    "covered": _("What is covered"),
    "not_covered": _("What is not"),
    "hours": _("When help is there"),
    "promises": _("What is promised"),
    "credits": _("If a promise is missed"),
    "review": _("Looking at it together"),
    "term": _("From when to when"),
}
FIELDS: Mapping[str, str | Words] = {
    "amount": _("the amount"),
    "at": _("when somebody hears"),
    "at_most": _("the limit"),
    "below": _("the share below which it comes back"),
    "from": _("the first day"),
    "hours": _("the hours"),
    "notice": _("the notice"),
    "per": _("the rhythm"),
    "percent": _("the percentage"),
    "renews": _("by how much it goes on"),
    "running": _("open matters"),
    "share": _("the share that is kept"),
    "target": _("how fast"),
    "to": _("the last day"),
    "within": _("how soon after"),
    "words": _("the words"),
}
OPTION_STATES: Mapping[str, tuple[str | Words, str, str]] = {
    "open": (_("offered"), "circle-dot", "accent"),
    "accepted": (_("accepted"), "circle-check", "good"),
    "declined": (_("declined"), "circle-x", "calm"),
    "withdrawn": (_("taken back"), "undo-2", "calm"),
}
OFFER_STATES: Mapping[str, tuple[str | Words, str, str]] = {
    "open": (_("waits for an answer"), "circle-dot", "accent"),
    "agreed": (_("waits to be signed"), "pen-line", "accent"),
    "signed": (_("signed by both sides"), "circle-check", "good"),
    "declined": (_("declined"), "circle-x", "calm"),
    "withdrawn": (_("withdrawn"), "undo-2", "calm"),
}
ASKED_STATES: Mapping[str, tuple[str | Words, str, str]] = {
    "open": (_("waits for an answer"), "clock", "wait"),
    "taken": (_("taken"), "circle-check", "good"),
    "refused": (_("not taken"), "circle-x", "soon"),
    "withdrawn": (_("taken back"), "undo-2", "calm"),
}


@dataclass(frozen=True)
class Chip:
    """A state as a word with its icon and tone."""

    words: str | Words
    sign: str
    tone: str


@dataclass(frozen=True)
class Asked:
    """A change that was asked for, as a person reads it."""

    row: ChangeAsked
    what: str
    wanted: str
    chip: Chip


@dataclass(frozen=True)
class Line:
    """One item of an option: what it says, how other options say it, what was asked about it."""

    item: Item
    mark: str
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What one option says in one section. `words` are the provider's own, `note` is ours."""

    key: str
    title: str | Words
    lines: tuple[Line, ...]
    words: str = ""
    note: str = ""
    missing: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.words or self.missing)


@dataclass(frozen=True)
class RoundLine:
    """One round in an option's history. `before` is the number of the row it is compared with."""

    round: Round
    before: int | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Card:
    """One option, side by side with the others.

    prices, year  "400 EUR a month"; "4,800 EUR" or empty where it depends on use.
    unlike        How it stands to the first option, in words; empty for the first.
    refusal       Why the reader may not answer it; empty where they may, or where it is settled.
    """

    option: Option
    chip: Chip
    latest: Wording
    prices: tuple[str, ...]
    year: str
    dearer: str
    unlike: str
    cells: tuple[Cell, ...]
    rounds: tuple[RoundLine, ...]
    against: tuple[str, ...] | None
    open_asked: int
    other_asked: tuple[Asked, ...]
    refusal: str

    @property
    def stands(self) -> bool:
        """Whether it is still to be had, or was chosen; others are folded away."""
        return self.option.state in ("open", "accepted")

    @property
    def can_answer(self) -> bool:
        return self.option.state == "open" and not self.refusal

    @property
    def can_accept(self) -> bool:
        return self.can_answer and not self.open_asked


def cards(
    shown: OfferShown,
    *,
    refusals: Mapping[int, str],
    running: Agreement | None,
) -> tuple[Card, ...]:
    """Return the options side by side, compared with the first of them.

    refusals  By option: why the reader may not answer it.
    running   What holds today, where the offer changes an agreement.
    """
    options = [each for each in shown.options if each.latest is not None]
    if not options:
        return ()
    base = options[0]
    wanted = _sections(options)
    return tuple(
        _card(
            each,
            base,
            wanted,
            against=differences_in_words(running, each.content) if running else None,
            refusal=refusals.get(each.option.pk, ""),
        )
        for each in options
    )


def _sections(options: Sequence[OptionShown]) -> list[str]:
    """Return the sections that any option says something in, so that all have the same rows."""
    said = {item.group for each in options for item in clauses.items_of(each.content)}
    said |= {"price", "covered"}
    if any(each.option.not_covered for each in options):
        said.add("not_covered")
    return [key for key in SECTIONS if key in said]


def _card(
    one: OptionShown,
    base: OptionShown,
    wanted: Sequence[str],
    *,
    against: tuple[str, ...] | None,
    refusal: str,
) -> Card:
    content, option = one.content, one.option
    items = clauses.items_of(content)
    is_first = one is base
    differs = Unlike() if is_first else clauses.unlike(base.content, content)
    asked = asked_by_item(one)
    gone = [each for each in clauses.items_of(base.content) if each.key in differs.gone]
    lines: dict[str, list[Line]] = defaultdict(list)
    for item in items:
        lines[item.group].append(
            Line(item, _mark(item, differs, base.option), tuple(asked.pop(item.key, ())))
        )
    total = clauses.year(content)
    latest = one.rounds[-1].wording
    names = clauses.in_which(differs, [*items, *gone])
    return Card(
        option=option,
        chip=Chip(*OPTION_STATES[option.state]),
        latest=latest,
        prices=tuple(plain.price(each) for each in content.prices),
        year=clauses.whole(total, clauses.currency(content))
        if total is not None and content.prices
        else "",
        dearer="" if is_first else clauses.dearer(content, base.content),
        unlike=names,
        cells=tuple(_cell(key, one, lines[key], gone) for key in wanted),
        rounds=_history(one),
        against=against,
        open_asked=len(one.open_asked),
        other_asked=tuple(each for group in asked.values() for each in group),
        refusal=refusal,
    )


def _cell(key: str, one: OptionShown, lines: Sequence[Line], gone: Sequence[Item]) -> Cell:
    words = {"covered": one.option.covered, "not_covered": one.option.not_covered}.get(key, "")
    missing = tuple(f"{each.name}: {each.sentence}" for each in gone if each.group == key)
    note = clauses.year_in_words(one.content) if key == "price" else ""
    return Cell(key, SECTIONS[key], tuple(lines), words, note, missing)


def _mark(item: Item, differs: Unlike, base: Option) -> str:
    if item.key in differs.new:
        return gettext("not in %(letter)s") % {"letter": base.letter}
    if item.key in differs.other:
        return gettext("other than in %(letter)s") % {"letter": base.letter}
    return ""


def asked_by_item(one: OptionShown) -> dict[tuple[str, str], list[Asked]]:
    """Return every change asked for in any round, by the item that it is about; newest last."""
    found: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for each in one.rounds:
        for row in each.asked:
            found[row.part, row.item].append(asked_shown(row, each.content))
    return found


def asked_shown(row: ChangeAsked, content: Agreement) -> Asked:
    name = next(
        (each.name for each in clauses.items_of(content) if each.key == (row.part, row.item)),
        str(row),
    )
    wanted = ""
    if row.field:
        wanted = gettext("%(field)s: %(value)s") % {
            "field": FIELDS[row.field],
            "value": value_in_words(row.field, row.value, content),
        }
    return Asked(row, name, wanted, Chip(*ASKED_STATES[row.state]))


def value_in_words(field: str, value: str, content: Agreement) -> str:
    """Return what a counter-offer puts in, as one says it."""
    if field == "amount":
        return plain.money(Decimal(value), clauses.currency(content))
    return plain.period(value) if field == "per" else plain.value(field, value)


def _history(one: OptionShown) -> tuple[RoundLine, ...]:
    """Return the rounds, the newest first."""
    found = []
    before = None
    for each in one.rounds:
        asked = tuple(asked_shown(row, each.content) for row in each.asked)
        found.append(RoundLine(each, before, asked))
        before = each.wording.pk
    return tuple(reversed(found))


def without_signatures(content: Agreement) -> Agreement:
    return replace(content, signed=())
