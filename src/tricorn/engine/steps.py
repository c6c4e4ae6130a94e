"""What can be done to a ticket in one go, as data: the steps of a macro, and of many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .clock import Holder
from .errors import BadInput
from .wording import check_variables

PRIORITIES = ("critical", "high", "moderate", "low")
MOST = 12
LONGEST = 10_000


@dataclass(frozen=True)
class Deed:
    """One kind of step: its English name, whether it needs words, and what else it needs."""

    name: str
    words: bool = False
    needs: str = ""


DEEDS: Mapping[str, Deed] = {
    "take": Deed("take it"),
    "assign": Deed("assign it", needs="person"),
    "prioritise": Deed("set the priority", needs="priority"),
    "tag": Deed("add a tag", words=True),
    "untag": Deed("take a tag off", words=True),
    "add_checklist": Deed("add a checklist", needs="checklist"),
    "add_note": Deed("keep a note", words=True),
    "answer": Deed("answer", words=True),
    "wait": Deed("put it on hold", needs="holder"),
    "go_on": Deed("go on with it"),
    "resolve": Deed("resolve it", words=True),
    "close": Deed("close it for good"),
    "reopen": Deed("reopen it"),
    "hand_over": Deed("hand it over", words=True, needs="where"),
}
SAYS_WHAT = {
    "person": "say who: somebody, or nobody",
    "priority": f"say which: {', '.join(PRIORITIES)}",
    "checklist": "say which checklist",
    "holder": f"say who holds it up: {', '.join(each.value for each in Holder)}",
    "where": "say to which service or team",
}


@dataclass(frozen=True)
class Step:
    """One step: what is done, with which words, and to or on what.

    `what` is a priority, a holder, "nobody", or a kind and a number: "person:5", "service:3",
    "team:7", "checklist:2".
    """

    do: str
    text: str = ""
    what: str = ""

    @property
    def number(self) -> int:
        """The number behind the colon; 0 where there is none."""
        number = self.what.rpartition(":")[2]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0

    @property
    def sort(self) -> str:
        return self.what.partition(":")[0]

    def to_data(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def checked(step: Step) -> Step:
    """Return a step that makes sense, without what it does not need.

    Errors  BadInput with the field that is wrong: do, text or what.
    """
    deed = DEEDS.get(step.do)
    if deed is None:
        raise BadInput(f"A step is one of {', '.join(DEEDS)}.", field="do")
    text = step.text.replace("\0", "").strip()
    if deed.words and not text:
        raise BadInput(f"To {deed.name}, write the words for it.", field="text")
    if len(text) > LONGEST:
        raise BadInput(f"These words are long: at most {LONGEST:,} characters fit.", field="text")
    if deed.words:
        check_variables(text)
    if deed.needs and not _fits(deed.needs, step):
        raise BadInput(f"To {deed.name}, {SAYS_WHAT[deed.needs]}.", field="what")
    return Step(step.do, text if deed.words else "", step.what if deed.needs else "")


def all_checked(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps of a macro.

    Errors  BadInput that says which step is wrong.
    """
    found = tuple(steps)
    if not found:
        raise BadInput("A macro has at least one step. Choose what it does first.", field="steps")
    if len(found) > MOST:
        raise BadInput(f"A macro has at most {MOST} steps.", field="steps")
    kept = []
    for number, step in enumerate(found, 1):
        try:
            kept.append(checked(step))
        except BadInput as problem:
            field = problem.facts.get("field")
            raise BadInput(f"Step {number}: {problem}", field=field, step=number) from problem
    return tuple(kept)


def read(data: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps that are kept as data."""
    return tuple(Step(**each) for each in data)


def _fits(needs: str, step: Step) -> bool:
    if needs == "priority":
        return step.what in PRIORITIES
    if needs == "holder":
        return step.what in {each.value for each in Holder}
    if needs == "person":
        return step.what in ("nobody", "me") or (step.sort == "person" and step.number > 0)
    if needs == "where":
        return step.sort in ("service", "team") and step.number > 0
    return step.sort == needs and step.number > 0
