"""A run as a page shows it: worked out from its tickets and its texts whenever it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from tricorn.engine.errors import BadInput
from tricorn.engine.frontier import Goal
from tricorn.engine.replay import Extra
from tricorn.insight.models import Replay
from tricorn.insight.replays.answer import Task
from tricorn.insight.replays.jobs import task_of
from tricorn.insight.replays.small import cells, shown
from tricorn.insight.replays.tickets import period_of
from tricorn.pictures.page import Page
from tricorn.studies import Case, Choice, Study, study
from tricorn.studies.answer import Rule, Staffed, read
from tricorn.studies.page import page_of
from tricorn.studies.searching import search
from tricorn.studies.veil import Veil, veil_of
from tricorn.studies.veiled import veiled_page

# What a client is offered to try, whatever the demand: that it is offered tells nothing.
USUAL = ("sat 09:00-13:00", "mon-fri 17:00-20:00", "mon-fri 07:00-08:00", "mon-sun 00:00-24:00")


@dataclass(frozen=True)
class Tried:
    """What a run says.

    page   as people read it, in the words of the report
    study  the figures as data; for the house alone, never for a client
    """

    case: Case
    study: Study
    page: Page


def tried(replay: Replay, at: datetime, windows: tuple[Extra, ...] = ()) -> Tried | None:
    """Work out what a run says; None as long as nothing is known of what holds today.

    windows  what each of these would have covered more than today's agreement
    Errors   Refusal: a sentence about texts that cannot be compared, or no tickets.
    Cost     about 0.1 s for each agreement and 100,000 tickets.
    """
    task = task_of(replay, at)
    case = task.case(windows)
    if case is None:
        return None
    found = _with_told(study(case, source=replay.file_name or _services(replay)), replay)
    if task.fewest is None:
        return Tried(case, found, page_of(case, found))
    first, last = period_of(replay)
    whole = replace(found, first=first.isoformat(), last=(last - timedelta(seconds=1)).isoformat())
    return Tried(case, found, veiled_page(case, whole, _veil(case, task.fewest)))


def searched(
    replay: Replay, at: datetime, *, goal: str = "", budget: Decimal | None = None
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Search for options beside those of a run; return them, and what was found in sentences.

    Whoever must not learn of single people has the usual windows tried, and the present targets
    halved to doubled: nothing that only the tickets suggest.
    Errors  BadInput without rates, for a goal or budget that is none, without today's agreement,
            for too few people.
    """
    task = task_of(replay, at)
    is_veiled = task.fewest is not None
    case = _asked(task, USUAL if is_veiled else ())
    if task.fewest is not None:
        _check_enough(case, task.fewest)
    plan, words = search(
        case.history,
        case.plan,
        goal=Goal(goal) if goal else None,
        budget=budget,
        is_fitted=not is_veiled,
    )
    return plan.options[len(case.plan.options) :], words


def _check_enough(case: Case, fewest: int) -> None:
    """Refuse a search whose answer would tell figures about too few people."""
    now = replace(case.plan, options=(), windows=())
    veil = _veil(Case(case.history, now), fewest)
    clauses = case.plan.now.agreement.clauses
    if not veil.waited(0) or not all(veil.clause(0, clause.id) for clause in clauses):
        raise BadInput(
            "Too few people are in these months to search by what happened to them. Choose more "
            "months, or write an option yourself."
        )


def _veil(case: Case, fewest: int) -> Veil:
    return veil_of(case, partial(shown, fewest=fewest), partial(cells, fewest=fewest))


def _asked(task: Task, windows: Sequence[str]) -> Case:
    case = task.case(tuple(Extra.parse(each) for each in windows))
    if case is None:
        raise BadInput("Say first what holds today; options are held against it.")
    return case


def _with_told(found: Study, replay: Replay) -> Study:
    """Add what the worker found: a simulation, and what was learned when the file was read."""
    answer, learned = replay.answer or {}, replay.told.get("learned") or {}
    if answer.get("staffing"):
        found = replace(found, staffing=tuple(read(Staffed, each) for each in answer["staffing"]))
    if learned:
        found = replace(
            found,
            rules=tuple(read(Rule, each) for each in learned["rules"]),
            unidentified=tuple(learned["unidentified"]),
            disagreements=tuple(learned["disagreements"]),
        )
    return replace(found, notes=tuple(replay.told.get("notes") or ()))


def _services(replay: Replay) -> str:
    return ", ".join(service.name for service in replay.services.order_by("name"))
