"""A study for somebody who must not learn of single people: counts about enough of them, or none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tricorn.engine.measures import share
from tricorn.engine.replay import Attained, Uncovered
from tricorn.pictures import Outcome, Series, Table, before_after, frontier, heat_map, months, said
from tricorn.pictures.page import Clauses, Closed, Costs, Figure, Page, promised

from .answer import Option, Study
from .case import Case
from .page import MOST_DRAWN, came_said, facts_of, outcome_of, price_said, title_of, week_of_case
from .staff import staffing_of
from .veil import HIDDEN, Veil

MOST_PICTURES = 4


def veiled_page(case: Case, found: Study, veil: Veil) -> Page:
    """Return what a page shows of a study to a client: nothing names a ticket.

    Source  docs/decisions/0007-small-counts.md.
    """
    others = found.options[1:]
    return Page(
        title=title_of(found),
        lead=" ".join(_lead(found, veil)),
        facts=_facts(found, veil),
        options=_in_short(found, veil) if others else None,
        clauses=_clauses(case, veil),
        closed=_closed(case, veil),
        staffing=staffing_of(found) if veil.tells("all") else None,
        costs=_costs(found, veil) if others else None,
        caveats=(
            "What hurts while a desk is closed is often reported in the morning, or never.",
            *(caveat.sentence for caveat in found.caveats if caveat.code in _safe(veil)),
            "Figures about too few people are left out, and so are those from which they could "
            "be told.",
        ),
    )


# Caveats that count no tickets, and those that count all of them.
SAFE_CAVEATS = ("short-log", "holidays-unknown")
OF_ALL = ("few-tickets", "one-hour")


def _safe(veil: Veil) -> tuple[str, ...]:
    return SAFE_CAVEATS + (OF_ALL if veil.tells("all") else ())


def _facts(found: Study, veil: Veil) -> tuple[tuple[str, str], ...]:
    (term, counted), *others = facts_of(found)
    return ((term, counted if veil.tells("all") else HIDDEN), *others)


def _lead(found: Study, veil: Veil) -> list[str]:
    few = "Too few people came while the desk was closed to say how many."
    out = [came_said(found) if veil.tells("closed", 0) else few]
    others = found.options[1:]
    for k, option in enumerate(others[:2], start=1):
        change = option.change
        if change is None:
            continue
        if change.tickets_gained[1] and veil.tells("gained", k):
            out.append(
                f"{option.name} would have been there for at least "
                f"{said.number(change.tickets_gained[0])} of them."
            )
        elif change.tickets_lost[1] and veil.tells("lost", k):
            out.append(
                f"With {option.name}, at least {said.number(change.tickets_lost[0])} tickets more "
                "would have waited for the desk to open."
            )
        elif not (veil.tells("gained", k) and veil.tells("lost", k)):
            out.append(f"What {option.name} would have changed is about too few people to say.")
    return out


def _in_short(found: Study, veil: Veil) -> Table:
    rows = []
    for k, option in enumerate(found.options):
        first = option.promises[0]
        price = outcome_of(option).price
        on_time = HIDDEN
        if veil.clause(k, first.clause):
            on_time = said.counted(share(first.met, first.n), first.promised)
        waited = said.between(*option.waited_to_open) if veil.waited(k) else HIDDEN
        rows.append((option.name, said.money(price) if price else "not said", on_time, waited))
    return Table.of(("Option", "Price a month", "On time", "Waited for it to open"), rows)


def _clauses(case: Case, veil: Veil) -> Clauses:
    judged = {name: case.judged(k) for k, name in enumerate(case.names)}
    ids = list(dict.fromkeys(c.id for found in judged.values() for c in found.agreement.clauses))
    rows, pictures = [], []
    for n, clause in enumerate(ids):
        cells, series, agreed = [], [], None
        for k, (name, found) in enumerate(judged.items()):
            whole = next((a for a in found.attainment() if a.clause == clause), None)
            if whole is None:
                cells.append(said.NONE)
                continue
            cells.append(said.counted(whole.share) if veil.clause(k, clause) else HIDDEN)
            series.append(
                Series.of(name, _months(k, clause, found.attainment("month"), veil), clause)
            )
            text = next(c for c in found.agreement.clauses if c.id == clause)
            agreed = agreed or (float(text.share) if text.share is not None else None)
        words = promised(judged, clause)
        rows.append((words, *cells))
        if n < MOST_PICTURES:
            pictures.append(
                months(f"clauses-{n + 1}", series, agreed, title=f"{words}, month by month")
            )
    return Clauses(
        "What was promised, and how often it would have been kept.",
        Table.of(("Promise", *judged), rows),
        pictures=tuple(pictures),
    )


def _months(k: int, clause: str, attained: tuple[Attained, ...], veil: Veil) -> list[Attained]:
    return [
        each
        for each in attained
        if each.clause == clause and each.month in veil.months.get((k, clause), ())
    ]


def _closed(case: Case, veil: Veil) -> Closed:
    hours, drawn = week_of_case(case)
    missed = case.missed(0)
    figures: tuple[Figure, ...] = ()
    if veil.tells("closed", 0):
        figures = (
            Figure(
                said.share(missed.share.value),
                "came while the desk was closed",
                f"{said.number(missed.share.met)} of {said.count(missed.share.n, 'ticket')}",
            ),
            Figure(
                said.between(*missed.seconds.hours),
                "waited while the desk was closed",
                "least: until it first opened; most: all closed time until the end",
            ),
        )
    words = (
        "When tickets came, by hour of the week. An hour with too few people stands as 0."
        if not veil.cells.all()
        else "When tickets came, by hour of the week."
    )
    picture = heat_map("closed-week", _veiled(missed, veil), hours, drawn, sentence=words)
    return Closed(words, figures, None, (picture,))


def _veiled(missed: Uncovered, veil: Veil) -> Uncovered:
    tickets = veil.over(missed)
    closed = np.where(missed.week.tickets_closed == missed.week.tickets, tickets, 0)
    return replace(
        missed, week=replace(missed.week, tickets=tickets, tickets_closed=closed), gains=()
    )


def _costs(found: Study, veil: Veil) -> Costs:
    outcomes = [_outcome(k, option, veil) for k, option in enumerate(found.options)]
    pictures = [frontier("plane", outcomes)] if sum(bool(o.price) for o in outcomes) > 1 else []
    pictures += [
        before_after(f"change-{k}", outcomes[0], other)
        for k, other in enumerate(outcomes[1 : MOST_DRAWN + 1], start=1)
    ]
    even = tuple(
        f"{option.name}: {option.cost.even}"
        for k, option in enumerate(found.options)
        if k and option.cost and veil.waited(k)
    )
    return Costs(price_said(found), break_even=even, pictures=tuple(pictures))


def _outcome(k: int, option: Option, veil: Veil) -> Outcome:
    whole = outcome_of(option)
    return replace(
        whole,
        waited=whole.waited if veil.waited(k) else None,
        on_time=tuple((clause, met) for clause, met in whole.on_time if veil.clause(k, clause)),
    )
