"""A study as people read it: the answer in two sentences, then what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from tricorn.engine.days import day_in_words
from tricorn.engine.hours import Hours
from tricorn.engine.measures import share
from tricorn.pictures import Money, Outcome, Shape, Table, before_after, frontier, said
from tricorn.pictures.page import Costs, Page, clauses_of, closed_of

from .answer import Option, Study
from .case import Case
from .coverage import hours_by_ticket
from .rules import rule_of
from .staff import staffing_of

MOST_DRAWN = 4


@dataclass(frozen=True)
class Instead:
    """The hours of an option, drawn beside those of today as if they were windows more."""

    name: str
    hours: Hours

    def added_to(self, _: Hours) -> Hours:
        return self.hours


def page_of(
    case: Case,
    found: Study,
    *,
    names_tickets: bool = True,
) -> Page:
    """Return everything that a page or the report shows of a study.

    names_tickets  whether the reader may see which tickets they were, or counts alone
    """
    others = found.options[1:]
    return Page(
        title=title_of(found),
        lead=" ".join(_lead(found)),
        facts=facts_of(found),
        options=_in_short(found) if others else None,
        clauses=clauses_of({name: case.judged(k) for k, name in enumerate(case.names)}),
        closed=closed_of(case.missed(0), *week_of_case(case)),
        staffing=staffing_of(found),
        costs=costs_of(found) if others else None,
        rule=rule_of(found),
        changed=_changed(others) if names_tickets and others else None,
        caveats=tuple(caveat.sentence for caveat in found.caveats),
        excluded=tuple(_excluded(found)),
    )


def _excluded(found: Study) -> Iterator[tuple[str, int]]:
    """Yield why tickets are in no share of today's agreement, the file's first, then by stop."""
    now = found.options[0]
    words = found.excluded_words
    for reason, n in found.excluded.items():
        yield words.get(reason, reason), n
    for stop, reasons in now.excluded_by_stop.items():
        over = f"{STOPS[stop]}: " if len({each.stop for each in now.promises}) > 1 else ""
        for reason, n in reasons.items():
            yield f"{over}{words.get(reason, reason)}", n


STOPS = {"first_response": "First answer", "resolved": "Resolved", "closed": "Closed"}


def outcome_of(option: Option) -> Outcome:
    """Return what the pictures of change and of the plane show of an option."""
    price = None
    if option.price is not None and option.currency:
        price = Money(Decimal(str(option.price)), option.currency)
    return Outcome(
        name=option.name,
        price=price,
        waited=option.waited_to_open,
        on_time=tuple((each.clause, share(each.met, each.n)) for each in option.promises),
        beaten_by=option.beaten_by,
    )


def title_of(found: Study) -> str:
    others = [option.name for option in found.options[1:]]
    if not others:
        return "How today’s promises were kept"
    return f"What {said.together(others)} would have meant"


def _lead(found: Study) -> list[str]:
    others = found.options[1:]
    out = [came_said(found)]
    for option in others[:2]:
        change = option.change
        if change is None:
            continue
        gained, spared = change.tickets_gained, change.hours_saved
        if gained[1]:
            out.append(
                f"{option.name} would have been there for {said.either(*gained)} of them and "
                f"spared {said.between(*spared)} of waiting."
            )
        elif change.tickets_lost[1]:
            out.append(
                f"With {option.name}, {said.either(*change.tickets_lost)} tickets more would have "
                "waited for the desk to open."
            )
        else:
            out.append(
                f"Under {option.name}, {said.number(change.better)} late tickets would have been "
                f"on time, and {said.number(change.worse)} the other way round."
            )
    return out


def came_said(found: Study) -> str:
    """Say how many came while the desk was closed, and how long people waited for it."""
    now = found.options[0]
    if not now.uncovered_tickets:
        return "Every ticket came while the desk was open."
    return (
        f"{said.number(now.uncovered_tickets)} of {said.count(found.tickets, 'ticket')} came "
        f"while the desk was closed; people waited {said.hours(now.waited_to_open[0])} for it to "
        "open."
    )


def facts_of(found: Study) -> tuple[tuple[str, str], ...]:
    first, last = period_said(found)
    return (
        ("Tickets", f"{said.number(found.tickets)}, from {found.source or 'the program'}"),
        ("Period", f"{first} to {last}, times in {found.options[0].demand.zone}"),
        ("Today", found.options[0].name),
    )


def period_said(found: Study) -> tuple[str, str]:
    """Return the first and the last day, as the calendar of today's hours has them."""
    zone = ZoneInfo(found.options[0].demand.zone)
    first, last = (datetime.fromisoformat(each) for each in (found.first, found.last))
    return day_in_words(first.astimezone(zone)), day_in_words(last.astimezone(zone))


def _in_short(found: Study) -> Table:
    rows = []
    for option in found.options:
        first = option.promises[0]
        price = outcome_of(option).price
        change = option.change
        rows.append(
            (
                option.name,
                said.money(price) if price else "not said",
                said.counted(share(first.met, first.n), first.promised),
                f"{said.number(option.uncovered_tickets)} tickets",
                said.between(*option.waited_to_open),
                "–" if change is None else said.between(*change.hours_saved),
            )
        )
    head = (
        "Option",
        "Price a month",
        f"{STOPS[found.options[0].promises[0].stop]} on time",
        "Came while closed",
        "Waited for it to open",
        "Waiting spared",
    )
    return Table.of(head, rows)


def week_of_case(case: Case) -> tuple[Hours, list[Shape]]:
    """Return the hours that serve most tickets today, and what options have instead."""
    hours = _usual_hours(case, 0)
    drawn: list[Shape] = [*case.plan.windows]
    seen = {hours.weekly}
    for k, choice in enumerate(case.plan.options[:MOST_DRAWN], start=1):
        other = _usual_hours(case, k)
        if other.weekly not in seen:
            seen.add(other.weekly)
            drawn.append(Instead(choice.name, other))
    return hours, drawn


def _usual_hours(case: Case, k: int) -> Hours:
    agreement = case.judged(k).agreement
    clauses = np.bincount(hours_by_ticket(case.judged(k)), minlength=len(agreement.clauses))
    return agreement.hours[agreement.clauses[int(clauses.argmax())].hours]


def costs_of(found: Study) -> Costs:
    """Say what the options cost, when that pays and for whom; draw them beside today."""
    outcomes = [outcome_of(option) for option in found.options]
    pictures = [frontier("plane", outcomes)] if sum(bool(o.price) for o in outcomes) > 1 else []
    pictures += [
        before_after(f"change-{k}", outcomes[0], other)
        for k, other in enumerate(outcomes[1 : MOST_DRAWN + 1], start=1)
    ]
    others = found.options[1:]
    return Costs(
        price_said(found),
        table=_reckoned(found),
        gains=_stakes(others),
        break_even=tuple(f"{option.name}: {option.cost.even}" for option in others if option.cost),
        pictures=tuple(pictures),
    )


def price_said(found: Study) -> str:
    by = {option.cost.by for option in found.options if option.cost}
    unknown = [option.name for option in found.options if option.price is None]
    if not by:
        return "No agreement names a price, and no rates were given."
    words = "The prices are those that the agreements name."
    if "rates" in by:
        words = "Prices that the agreements do not name are reckoned with your own rates."
    if unknown:
        words += f" What {said.together(unknown)} costs cannot be told."
    return words


def _reckoned(found: Study) -> Table | None:
    """Return the arithmetic of every price that was reckoned."""
    rows = [
        (option.name, sentence)
        for option in found.options
        if option.cost and option.cost.by == "rates"
        for sentence in option.cost.words
    ]
    return Table.of(("Option", "How it is reckoned"), rows, is_prose=True) if rows else None


ROLES = {"client": "The client", "people": "Who reported", "agents": "The provider’s people"}
VERDICTS = {True: "gain", False: "lose", None: "both, or neither"}


def _stakes(options: Sequence[Option]) -> Table | None:
    rows = [
        (option.name, ROLES[stake.role], VERDICTS[stake.gains], " ".join(stake.sentences))
        for option in options
        if option.cost
        for stake in option.cost.stakes
    ]
    return Table.of(("Option", "Who", "On the whole", "Why"), rows, is_prose=True) if rows else None


def _changed(options: Sequence[Option]) -> Table | None:
    rows = [
        (option.name, what, said.number(n), ", ".join(refs) + (" …" if n > len(refs) else ""))
        for option in options
        if (change := option.change) is not None
        for what, n, refs in (
            ("late, would be on time", change.better, change.better_refs),
            ("on time, would be late", change.worse, change.worse_refs),
        )
        if n
    ]
    return (
        Table.of(("Option", "What changes", "Tickets", "Which"), rows, is_prose=True)
        if rows
        else None
    )
