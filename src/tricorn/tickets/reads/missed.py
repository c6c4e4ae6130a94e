"""Which filters of the box fit nothing, and what is nearly called so. Asked where nothing was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.query import Part, parts_of
from tricorn.parties.models import Organisation, Person, Place
from tricorn.tickets.models import Tag, TicketQuerySet
from tricorn.tickets.reads.asked import asked
from tricorn.tickets.reads.fields import ALIASES, FIELDS, Reader
from tricorn.tickets.reads.queue import Agent, services

# So many filters are looked at, so many names read to find near ones, so many of these offered.
MOST = 5
MOST_READ = 3_000
NEAR = 3
ALIKE = 0.6


@dataclass(frozen=True)
class Near:
    """A name that is nearly the one typed, and what the box holds with it instead."""

    name: str
    text: str


@dataclass(frozen=True)
class Missed:
    """A filter that fits nothing, said in a sentence, with what may have been meant."""

    sentence: str
    near: tuple[Near, ...] = ()


def _persons(agent: Agent) -> list[str]:
    rows = Person.objects.filter(is_active=True).order_by("-pk")
    return list(rows.values_list("name", flat=True)[:MOST_READ])


def _organisations(agent: Agent) -> list[str]:
    return list(Organisation.objects.order_by("-pk").values_list("name", flat=True)[:MOST_READ])


# What a name is looked for among, for each field that takes one.
NAMES: dict[str, tuple[str | Promise, Callable[[Agent], list[str]]]] = {
    "service": (_("No service is called so."), lambda agent: [s.name for s in services(agent)]),
    "from": (_("Nobody is called so."), _persons),
    "for": (_("Nobody is called so."), _persons),
    "by": (_("Nobody is called so."), _persons),
    "team": (_("No team is called so."), _organisations),
    "org": (_("No organisation is called so."), _organisations),
    "place": (
        _("No place is called so."),
        lambda agent: list(Place.objects.values_list("name", flat=True)[:MOST_READ]),
    ),
    "tag": (
        _("No tag is called so."),
        lambda agent: list(
            Tag.objects.filter(merged_into=None).values_list("name", flat=True)[:MOST_READ]
        ),
    ),
}
# Values that are no names.
MEANT = frozenset({"me", "nobody", "none"})


def missed(text: str, tickets: TicketQuerySet, agent: Agent, reader: Reader) -> tuple[Missed, ...]:
    """Return the filters in the box of which each alone fits none of these tickets.

    Two queries for each filter, at most: whether any ticket fits, and the names to choose from.
    """
    parts = parts_of(text, FIELDS)
    found = []
    for part in [each for each in parts if each.field][:MOST]:
        alone = asked(spelt(part), reader)
        if not alone.conditions or alone.narrow(tickets, among_unfinished=False).exists():
            continue
        found.append(_missed(part, parts, agent))
    return tuple(found)


def _missed(part: Part, parts: Sequence[Part], agent: Agent) -> Missed:
    typed = {"typed": spelt(part)}
    sentence = gettext("%(typed)s fits nothing here.") % typed
    field = ALIASES.get(part.field, part.field)
    value = part.values[0] if len(part.values) == 1 else ""
    if field not in NAMES or part.is_not or not value or value.casefold() in MEANT or "@" in value:
        return Missed(sentence)
    unknown, names = NAMES[field]
    every = names(agent)
    if any(_begins(name, value) for name in every):
        return Missed(sentence)
    near = [
        Near(name, " ".join(spelt(_called(each, name) if each is part else each) for each in parts))
        for name in nearly(value, every)
    ]
    return Missed(f"{sentence} {unknown}", tuple(near))


def nearly(value: str, names: Sequence[str]) -> list[str]:
    """Return the names that are nearly the one typed, or have a word that is; the likest first."""
    words: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        for word in {name.casefold(), *name.casefold().split()}:
            words.setdefault(word, []).append(name)
    close = get_close_matches(value.casefold(), words, n=NEAR, cutoff=ALIKE)
    return list(dict.fromkeys(name for word in close for name in words[word]))[:NEAR]


def spelt(part: Part) -> str:
    """Return a part as it is typed."""
    value = f'"{part.value}"' if part.is_quoted or " " in part.value else part.value
    return f"{'-' if part.is_not else ''}{f'{part.field}:' if part.field else ''}{value}"


def _called(part: Part, name: str) -> Part:
    return replace(part, value=name.replace('"', " "), is_quoted=" " in name)


def _begins(name: str, value: str) -> bool:
    name, value = name.casefold(), value.casefold()
    return name.startswith(value) or f" {value}" in name
