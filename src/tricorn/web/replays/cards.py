"""Today and the options side by side: what each says in words, and the figures that matter."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from tricorn.agreements import plain
from tricorn.engine import agreement as text
from tricorn.insight.replays.reads import RunShown
from tricorn.web.opening import said_hours
from tricorn.web.replays.results import Results

MOST_PROMISES = 4
Figures = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """One agreement. `key` is "today" or the letter; `figures` are empty where none are known."""

    key: str
    name: str
    hours: tuple[str, ...]
    promises: tuple[str, ...]
    more: int
    prices: tuple[str, ...]
    figures: Figures
    pk: int = 0
    is_wanted: bool = False

    @property
    def is_today(self) -> bool:
        return self.key == "today"


def cards(run: RunShown, results: Results, today: str, zone: str) -> list[Card]:
    """Return what holds today, if that is known, then the options by their letters."""
    found: list[Card] = []
    figures = _figures(results)
    if run.present is not None:
        found.append(_card("today", today, run.present, figures.get(0, ()), zone))
    for n, each in enumerate(run.options, 1):
        name, wanted = each.name, each.is_wanted
        found.append(
            _card(each.letter, name, each.content, figures.get(n, ()), zone, each.option.pk, wanted)
        )
    return found


def _figures(results: Results) -> dict[int, Figures]:
    """Return the figures of each agreement as the page has them in short: today's first."""
    table = results.found.page.options if results.found else None
    if table is None:
        return {}
    return {n: tuple(zip(table.head[1:], row[1:], strict=True)) for n, row in enumerate(table.rows)}


def _card(
    key: str,
    name: str,
    content: text.Agreement,
    figures: Figures,
    zone: str,
    pk: int = 0,
    is_wanted: bool = False,
) -> Card:
    promises = [_promised(each) for each in content.clauses]
    hours = [said_hours(content.hours[each.hours], zone) for each in content.clauses]
    return Card(
        key=key,
        name=name,
        hours=tuple(dict.fromkeys(hours)),
        promises=tuple(promises[:MOST_PROMISES]),
        more=max(len(promises) - MOST_PROMISES, 0),
        prices=tuple(plain.price(each) for each in content.prices),
        figures=figures,
        pk=pk,
        is_wanted=is_wanted,
    )


def _promised(clause: text.Clause) -> str:
    """Return "Resolved: 4 h of service hours (high priority)"."""
    said = plain.promise(clause).title
    if not clause.priorities:
        return said
    names = plain.joined([str(plain.PRIORITIES[each]) for each in clause.priorities])
    return gettext("%(promise)s (%(priorities)s priority)") % {"promise": said, "priorities": names}
