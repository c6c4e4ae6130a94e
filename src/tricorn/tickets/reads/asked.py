"""What somebody asks of the queue in its box, as conditions on tickets and sentences about the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from tricorn.engine.query import MOST_PARTS, Part, parts_of
from tricorn.search import reads as search
from tricorn.search.words import MOST_TERMS, Term, Wanted, term
from tricorn.tickets.models import TicketQuerySet
from tricorn.tickets.reads.fields import ALIASES, FIELDS, SPEAKS_OF_DONE, NotUnderstoodError, Reader
from tricorn.tickets.verbs.found import UNFINISHED

# Of a word that more tickets have, the newest so many are looked through.
MOST = 10_000
NOTHING = Wanted()
EVERYWHERE = search.TITLE + search.SAID + search.ASIDE


@dataclass(frozen=True)
class Misread:
    """Something that was not understood, in a sentence, and where it begins in what was typed.

    `typed` is it, `known` what there is instead.
    """

    sentence: str
    at: int
    typed: str = ""
    known: str = ""


@dataclass(frozen=True)
class Asked:
    """What the box means.

    conditions      each must hold.
    words           what is looked for in what was said; `is_typed` whether any word was typed at
                    all: one without a letter in it is found nowhere.
    reaches_done    finished matters are meant, too.
    misread         what was not understood.
    """

    conditions: tuple[Q, ...] = ()
    words: Wanted = NOTHING
    is_typed: bool = False
    named: Q | None = None
    reaches_done: bool = False
    misread: tuple[Misread, ...] = ()
    has_fields: bool = False

    @property
    def problems(self) -> tuple[str, ...]:
        """What was not understood, in sentences."""
        return tuple(each.sentence for each in self.misread)

    def narrow(self, tickets: TicketQuerySet, *, among_unfinished: bool) -> TicketQuerySet:
        """Return those of the tickets that are meant."""
        for condition in self.conditions:
            tickets = tickets.filter(condition)
        if not self.is_typed:
            return tickets
        marks = (UNFINISHED,) if among_unfinished else ()
        if self.words:
            found = Q(
                pk__in=search.matches(
                    "ticket", self.words, within=EVERYWHERE, marks=marks, most=MOST
                )
            )
            return tickets.filter(found | self.named if self.named is not None else found)
        if self.words.without:
            hidden = Wanted(self.words.without)
            return tickets.exclude(
                pk__in=search.matches("ticket", hidden, within=EVERYWHERE, marks=marks)
            )
        return tickets.none() if self.named is None else tickets.filter(self.named)

    def is_capped(self, *, among_unfinished: bool) -> bool:
        """Whether the words are in more tickets than were looked through. One query."""
        marks = (UNFINISHED,) if among_unfinished else ()
        return bool(self.words) and search.is_more_than(
            MOST, "ticket", self.words, within=EVERYWHERE, marks=marks
        )


def asked(text: str, reader: Reader) -> Asked:
    """Read the text of the box. Whatever it holds, the rest of it is still looked for."""
    parts = parts_of(text, FIELDS)
    conditions: list[Q] = []
    misread: list[Misread] = []
    for part in parts:
        if part.field:
            condition = _condition(part, reader, misread)
            if condition is not None:
                conditions.append(condition)
        elif part.unknown:
            misread.append(_unknown(part))
    spoken = [part for part in parts if not part.field]
    words = Wanted(*(_terms(spoken, is_not) for is_not in (False, True)))
    if len(parts) >= MOST_PARTS:
        sentence = gettext("That is a lot at once: only the first %(count)d parts were looked for.")
        misread.append(Misread(sentence % {"count": MOST_PARTS}, parts[-1].begins))
    return Asked(
        conditions=tuple(conditions),
        words=words,
        is_typed=bool(spoken),
        named=_named(spoken, reader),
        reaches_done=any(part.field == "is" and _reaches_done(part) for part in parts),
        misread=tuple(misread),
        has_fields=any(part.field for part in parts),
    )


def _condition(part: Part, reader: Reader, misread: list[Misread]) -> Q | None:
    """Return a part's condition; None, and a sentence more, when its value means nothing."""
    any_of: Q | None = None
    for value in part.values or ("",):
        try:
            one = FIELDS[part.field].read(value, reader)
        except NotUnderstoodError as problem:
            misread.append(_not_understood(part, value, str(problem.known).rstrip(".")))
        else:
            any_of = one if any_of is None else any_of | one
    return ~any_of if any_of is not None and part.is_not else any_of


def _not_understood(part: Part, value: str, known: str) -> Misread:
    typed = f"{part.field}:{value}"
    if not value:
        words = gettext("%(field)s: wants something behind it: %(known)s.")
    else:
        words = gettext("%(typed)s was not understood and left out. There is: %(known)s.")
    told = {"field": part.field, "typed": typed, "known": known}
    return Misread(words % told, part.begins, typed, known)


def _unknown(part: Part) -> Misread:
    known = ", ".join(f"{each}:" for each in FIELDS if each not in ALIASES)
    words = gettext(
        "There is no %(field)s: here, so it was looked for as words. There is: %(known)s"
    )
    sentence = words % {"field": part.unknown, "known": known}
    return Misread(sentence, part.begins, part.value, known)


def _terms(parts: Sequence[Part], is_not: bool) -> tuple[Term, ...]:
    found = (term(part.value, begins=part.is_last) for part in parts if part.is_not == is_not)
    return tuple(each for each in found if each is not None)[:MOST_TERMS]


def _named(spoken: Sequence[Part], reader: Reader) -> Q | None:
    """A single word may also be a ticket's number, here or where it came from."""
    if len(spoken) != 1 or spoken[0].is_not or not spoken[0].value:
        return None
    return FIELDS["ref"].read(spoken[0].value, reader)


def _reaches_done(part: Part) -> bool:
    return part.is_not or any(value.casefold() in SPEAKS_OF_DONE for value in part.values)
