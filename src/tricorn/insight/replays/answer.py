"""What the worker works out for a run: what takes too long for a page, a simulation above all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tricorn.engine.agreement import Agreement
from tricorn.engine.rates import Rates
from tricorn.engine.replay import Extra, History
from tricorn.histories import Groups
from tricorn.studies import Case, Choice, Plan, study
from tricorn.studies.rules import learned_from, texts_of, told_of
from tricorn.studies.staff import with_staff

TODAY = "Today"
# Hears how much of the work is done, from 0 to 1, and what is being done, in words.
Heard = Callable[[float, str], None]


@dataclass(frozen=True)
class Task:
    """Everything that an answer needs.

    options      (letter, name, agreement) of each
    rates, team  texts in TOML, empty where not given
    fewest       the smallest number of people that a figure may be about; None: all are shown
    """

    history: History
    groups: Groups | None
    present: Agreement | None
    options: tuple[tuple[str, str, Agreement], ...]
    zone: str
    rates: str = ""
    team: str = ""
    priorities: Mapping[str, str] | None = None
    priority_at: str = "final"
    fewest: int | None = None

    def case(self, windows: tuple[Extra, ...] = ()) -> Case | None:
        """Return the question as the engine is asked it; None without an agreement of today.

        Errors  BadInput and BadRates for what cannot be compared or read.
        """
        if self.present is None:
            return None
        taken, choices = {TODAY}, []
        for letter, name, agreement in self.options:
            told = f"{name} ({letter})" if name in taken else name
            taken.add(told)
            choices.append(Choice(told, agreement))
        plan = Plan(
            Choice(TODAY, self.present),
            tuple(choices),
            windows=windows,
            priorities=dict(self.priorities or {}),
            priority_at="opened" if self.priority_at == "opened" else "final",
            rates=Rates.from_toml(self.rates, "The rates") if self.rates else None,
        )
        return Case(self.history, plan)


Answering = Callable[[Task, Heard], Mapping[str, Any]]
# Learns the present rule: its text in TOML, and what is to be told of it as JSON.
Learning = Callable[[History, Groups | None, str, Heard], tuple[str, Mapping[str, Any]]]


def answer(task: Task, heard: Heard) -> dict[str, Any]:
    """Simulate the team under every agreement; what a page works out by itself is not in it.

    Errors  BadTeam for a team that cannot be read; BadInput without tickets.
    """
    case = task.case()
    if case is None or not task.team:
        return {"tickets": len(task.history), "staffing": None}
    found = with_staff(
        case,
        study(case),
        task.team,
        source="The team",
        heard=lambda done: heard(done, "simulating"),
    )
    return {
        "tickets": len(task.history),
        "staffing": [asdict(each) for each in found.staffing or ()],
    }


def learn(
    history: History, groups: Groups | None, zone: str, heard: Heard
) -> tuple[str, Mapping[str, Any]]:
    """Learn today's rule from an upload: its text, and what is to be told of it.

    What cannot be learned is told, too; the text is empty then.
    """
    found = learned_from(
        history,
        groups or Groups((), history.kind[:0]),
        zone=zone,
        priorities={},
        heard=lambda done: heard(done, "learning"),
    )
    return texts_of(found)[0].to_toml(), told_of(found)
