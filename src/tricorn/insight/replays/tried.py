"""A run as a page shows it: worked out from its tickets and its texts whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from tricorn.engine.errors import BadInput
from tricorn.engine.frontier import Goal
from tricorn.engine.replay import Extra
from tricorn.insight.models import Replay
from tricorn.insight.replays.answer import Task
from tricorn.insight.replays.jobs import task_of
from tricorn.insight.replays.small import cells, shown
from tricorn.pictures.page import Page
from tricorn.studies import Case, Choice, Study, study
from tricorn.studies.answer import Rule, Staffed, read
from tricorn.studies.page import page_of
from tricorn.studies.searching import search
from tricorn.studies.veil import veil_of
from tricorn.studies.veiled import veiled_page


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
    veil = veil_of(case, partial(shown, fewest=task.fewest), partial(cells, fewest=task.fewest))
    return Tried(case, found, veiled_page(case, found, veil))


def searched(
    replay: Replay, at: datetime, *, goal: str = "", budget: Decimal | None = None
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """Search for options beside those of a run; return them, and what was found in sentences.

    Errors  BadInput without rates, for a goal or budget that is none, without today's agreement.
    """
    task = task_of(replay, at)
    case = _asked(task)
    plan, words = search(case.history, case.plan, goal=Goal(goal) if goal else None, budget=budget)
    return plan.options[len(case.plan.options) :], words


def _asked(task: Task) -> Case:
    case = task.case()
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
