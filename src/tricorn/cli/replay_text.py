"""A study as tables on a terminal: what was found, on which rung of evidence, and what was not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from tricorn.pictures import said
from tricorn.studies.answer import Change, ClauseFigure, Option, Promise, Study
from tricorn.studies.page import period_said
from tricorn.studies.staff import staffing_of

SIDE_BY_SIDE = 4
NARROWEST = 100
STOPS = {"first_response": "answered", "resolved": "resolved", "closed": "closed"}
Cells = Callable[[Option], str]
Changes = Callable[[Change], str]


def in_words(found: Study) -> None:
    """Print a study."""
    width = max(Console(file=sys.stdout).width, NARROWEST)
    # What an export says may have square brackets: nothing here is read as markup.
    out = Console(file=sys.stdout, highlight=False, width=width, markup=False, emoji=False)
    out.print(_opening(found))
    for sentence in found.notes:
        out.print(sentence)
    for group in _groups(found.options):
        _on_time(out, found, group)
        _while_closed(out, found, group)
        _clocks(out, group)
        _left_out(out, found, group)
    _costs(out, found)
    _staff(out, found)
    _flags(out, found)
    _rules(out, found)
    _sentences(out, "What the search found", found.searched or ())
    out.print("\nWhat these figures cannot tell", style="bold")
    for caveat in found.caveats:
        out.print(f"- {caveat.sentence}")
    out.print(
        "- Re-clocking says what the report would have said, not how people would have been served."
    )


def _opening(found: Study) -> str:
    first, last = period_said(found)
    out = sum(found.excluded.values())
    said = f"{found.tickets:,} tickets of {found.source or 'the program'}, {first} to {last}"
    return f"{said}; {out:,} rows left out." if out else f"{said}."


def _groups(options: Sequence[Option]) -> Iterator[list[Option]]:
    """Yield the options that stand side by side; today's agreement stands in every group."""
    now, rest = options[0], options[1:]
    if not rest:
        yield [now]
    for k in range(0, len(rest), SIDE_BY_SIDE - 1):
        yield [now, *rest[k : k + SIDE_BY_SIDE - 1]]


def _on_time(out: Console, found: Study, group: Sequence[Option]) -> None:
    table = _table(out, "On time – exact: what the report would have said", group)
    promises = {each.clause: each for option in group for each in option.promises}
    for clause in promises:
        table.add_row(
            clause,
            *(_promise(_of(option.promises, clause)) for option in group),
            style="bold",
        )
        table.add_row("  promised", *(_promised(_of(option.promises, clause)) for option in group))
        names = dict.fromkeys(
            each.priority for option in group for each in option.clauses if each.clause == clause
        )
        for name in names if len(found.priorities) > 1 else ():
            cells = (_figure(_of_priority(option.clauses, clause, name)) for option in group)
            table.add_row(f"  {name or '(none)'}", *cells)
    if len(group) > 1:
        _changes(table, "late, would be on time", group, lambda c: f"{c.better:,}")
        _changes(table, "on time, would be late", group, lambda c: f"{c.worse:,}")
    out.print(table)


def _while_closed(out: Console, found: Study, group: Sequence[Option]) -> None:
    table = _table(out, "While closed – bounded from both sides", group)
    _row(
        table,
        "tickets that came",
        group,
        lambda o: f"{o.uncovered_tickets:,} ({said.share(o.uncovered_tickets / found.tickets)})",
    )
    _row(table, "waited", group, lambda o: said.between(*o.uncovered_hours))
    if len(group) > 1:
        _changes(table, "tickets gained", group, lambda c: said.either(*c.tickets_gained))
        _changes(table, "tickets lost", group, lambda c: said.either(*c.tickets_lost))
        _changes(table, "waiting spared", group, lambda c: said.between(*c.hours_saved))
        _changes(table, "people helped", group, lambda c: _known(c.people_helped))
    for each in group[0].windows:
        words = f"{said.either(*each.tickets)} tickets, {said.between(*each.hours)}"
        table.add_row(f"more with {each.window}", words, *[""] * (len(group) - 1))
    if any(option.price is not None for option in group):
        _row(
            table,
            "price a month",
            group,
            lambda o: "not said" if o.price is None else f"{o.price:,.2f} {o.currency}",
        )
    out.print(table)


def _clocks(out: Console, group: Sequence[Option]) -> None:
    table = _table(out, "The contract's clock beside the clock on the wall", group)
    for gap in group[0].clock_gaps:
        cells = []
        for option in group:
            own = next((each for each in option.clock_gaps if each.clause == gap.clause), None)
            if own is None or own.contract_median is None or own.wall_median is None:
                cells.append("–")
                continue
            points = "" if own.points is None else f"; {own.points:+.1f} points"
            cells.append(f"{own.contract_median:,.1f} h, wall {own.wall_median:,.1f} h{points}")
        table.add_row(f"{gap.clause}, half took less", *cells)
    out.print(table)


def _left_out(out: Console, found: Study, group: Sequence[Option]) -> None:
    rows = dict.fromkeys(
        (stop, reason)
        for option in group
        for stop, reasons in option.excluded_by_stop.items()
        for reason in reasons
    )
    if not rows:
        return
    table = _table(out, "Not judged, and why", group)
    for stop, reason in rows:
        cells = (f"{option.excluded_by_stop.get(stop, {}).get(reason, 0):,}" for option in group)
        table.add_row(f"{STOPS[stop]}: {found.excluded_words.get(reason, reason)}", *cells)
    out.print(table)


def _costs(out: Console, found: Study) -> None:
    for option in found.options[1:]:
        if option.cost is None:
            continue
        words = option.cost.words if option.cost.by == "rates" else ()
        stakes = [sentence for stake in option.cost.stakes for sentence in stake.sentences]
        even = [option.cost.even] if option.cost.even else []
        _sentences(out, f"{option.name}: price, gains and pains", [*words, *even, *stakes])
        if option.beaten_by:
            out.print(f"- {option.beaten_by} costs no more and leaves no more waiting.")


def _staff(out: Console, found: Study) -> None:
    shown = staffing_of(found)
    if shown is None or shown.table is None:
        return
    table = _titled(out, "People – simulated")
    for name in shown.table.head:
        table.add_column(name, overflow="fold")
    for row in shown.table.rows:
        table.add_row(*row)
    out.print(table)
    out.print(shown.sentence)
    out.print(shown.shift_rule)


def _rules(out: Console, found: Study) -> None:
    if found.rules is None:
        return
    table = _titled(out, "Today’s rule, as the log tells it")
    for name in ("For", "From, to", "Hours", "Target", "First months", "Later months"):
        table.add_column(name, overflow="fold")
    for rule in found.rules:
        table.add_row(
            rule.priority or "(none)",
            f"{rule.start}, {rule.stop}",
            rule.hours,
            rule.target,
            f"{said.share(rule.agreement_train, 2)} of {rule.n_train:,}",
            f"{said.share(rule.agreement_test, 2)} of {rule.n_test:,}",
        )
    out.print(table)
    _sentences(out, "What the log cannot tell apart", found.unidentified or ())
    if found.disagreements:
        some = ", ".join(found.disagreements[:20])
        out.print(f"Rule and log disagree on {some}{' …' if len(found.disagreements) > 20 else ''}")


def _sentences(out: Console, title: str, sentences: Sequence[str]) -> None:
    if sentences:
        out.print(f"\n{title}", style="bold")
    for sentence in sentences:
        out.print(f"- {sentence}")


def _flags(out: Console, found: Study) -> None:
    if found.flag_check is None:
        return
    table = _titled(out, "Beside what the log itself says")
    for name in ("Priority", "Compared", "The same"):
        table.add_column(name, justify="left" if name == "Priority" else "right")
    for each in found.flag_check:
        same = "–" if each.flag_agreement is None else f"{100 * each.flag_agreement:.2f} %"
        table.add_row(each.priority or "(none)", f"{each.n:,}", same)
    out.print(table)


def _titled(out: Console, title: str) -> Table:
    """Print a title and begin the table below it; titles are never broken to the table's width."""
    out.print(f"\n{title}", style="bold")
    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)


def _table(out: Console, title: str, group: Sequence[Option]) -> Table:
    table = _titled(out, title)
    table.add_column("", overflow="fold")
    for option in group:
        table.add_column(option.name, justify="right", overflow="fold")
    return table


def _row(table: Table, name: str, group: Sequence[Option], cell: Cells) -> None:
    table.add_row(name, *(cell(option) for option in group))


def _changes(table: Table, name: str, group: Sequence[Option], cell: Changes) -> None:
    table.add_row(name, *(cell(option.change) if option.change else "" for option in group))


def _of(promises: Sequence[Promise], clause: str) -> Promise | None:
    return next((each for each in promises if each.clause == clause), None)


def _of_priority(
    figures: Sequence[ClauseFigure], clause: str, priority: str
) -> ClauseFigure | None:
    found = (each for each in figures if (each.clause, each.priority) == (clause, priority))
    return next(found, None)


def _promise(promise: Promise | None) -> str:
    if promise is None:
        return "–"
    kept = {True: " kept", False: " missed", None: ""}[promise.is_kept]
    return _figure(promise) + kept


def _promised(promise: Promise | None) -> str:
    if promise is None:
        return "–"
    share = f"{said.share(promise.promised)} " if promise.promised is not None else ""
    return f"{share}{STOPS[promise.stop]} within {promise.target}"


def _figure(figure: Promise | ClauseFigure | None) -> str:
    if figure is None or figure.attainment is None:
        return "–"
    if not figure.can_tell:
        return f"{figure.met} of {figure.n}: too few"
    low, high = figure.interval
    return f"{said.share(figure.attainment)} of {figure.n:,} ({said.interval(low, high)})"


def _known(n: int | None) -> str:
    return "not known" if n is None else said.number(n)
