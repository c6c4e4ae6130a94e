"""When, if, then, as data: what a rule may ask, what it may do, whether its conditions hold and why.

Nothing here acts. Source  docs/engine/rules.md, rules N1 to N6.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .clock import Holder
from .errors import BadInput
from .lifecycle import State

KINDS = ("incident", "request", "question", "complaint", "wish", "praise")
PRIORITIES = ("critical", "high", "moderate", "low")
HOLDERS = tuple(holder.value for holder in Holder)
# What can set a rule off: what happens to a ticket, and what comes with time.
HAPPENS = (
    "reported",
    "answered_by_them",
    "answered_by_us",
    "assigned",
    "handed_over",
    "prioritised",
    "waited",
    "went_on",
    "resolved",
    "reopened",
    "closed",
    "cancelled",
    "persons_changed",
    "linked_to_outage",
    "linked_to_problem",
)
PASSES = ("waiting_since", "resolved_since", "due_in", "late")
WHEN = (*HAPPENS, *PASSES)
# Of these one says how long: hours for what has lasted, minutes of service time before it is due.
TIMED = ("waiting_since", "resolved_since", "due_in")
LONGEST_MINUTES = 366 * 24 * 60
MOST_CHAIN = 3
MOST_VALUES = 60
LONGEST_TEXT = 10_000
ROW, CODE, WORDS, YES = "row", "code", "words", "yes"


@dataclass(frozen=True)
class Asked:
    """One thing that a condition can ask about: which values it takes, how it is said."""

    says: str
    sort: str
    codes: tuple[str, ...] = ()


CONDITIONS: Mapping[str, Asked] = MappingProxyType(
    {
        "service": Asked("the service", ROW),
        "kind": Asked("the kind", CODE, KINDS),
        "priority": Asked("the priority", CODE, PRIORITIES),
        "state": Asked("the state", CODE, tuple(state.value for state in State)),
        "place": Asked("the place", ROW),
        "organisation": Asked("the organisation", ROW),
        "team": Asked("the team", ROW),
        "channel": Asked("the way it came", WORDS),
        "words": Asked("the text", WORDS),
        "tag": Asked("the tag", WORDS),
        "covered": Asked("who needs it is covered by an agreement", YES),
        "assigned": Asked("somebody has it", YES),
        "open": Asked("it is within service hours", YES),
        "outage": Asked("it is linked to an outage", YES),
        "problem": Asked("it is linked to a problem", YES),
    }
)


@dataclass(frozen=True)
class Condition:
    """One question to a ticket: holds when any of the values is there; negated, when none is."""

    what: str
    values: tuple[str | int, ...]
    negated: bool = False

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"what": self.what, "values": list(self.values)}
        return {**data, "negated": True} if self.negated else data


@dataclass(frozen=True)
class Reason:
    """How one condition came out: which of its values were found (none: none of them)."""

    condition: Condition
    holds: bool
    found: tuple[str | int, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return {**self.condition.to_data(), "holds": self.holds, "found": list(self.found)}


@dataclass(frozen=True)
class Outcome:
    """Whether a rule's conditions hold, and how each came out."""

    holds: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known of a ticket at an instant: for each name of CONDITIONS the values it has.

    `text` is whatever was written; a word of a condition is found where a word begins with it.
    """

    values: Mapping[str, frozenset[str | int]] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Action:
    """One deed: `what` names a row ("person:5"), a code, or a way; `text` what is written."""

    do: str
    what: str = ""
    text: str = ""

    @property
    def sort(self) -> str:
        return self.what.partition(":")[0]

    @property
    def number(self) -> int:
        """The number behind the colon; 0 where there is none."""
        number = self.what.rpartition(":")[2]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0

    def to_data(self) -> dict[str, str]:
        data = {"do": self.do, "what": self.what, "text": self.text}
        return {name: value for name, value in data.items() if value}


@dataclass(frozen=True)
class Deed:
    """One kind of action: `sorts` of what it takes ("person:" needs a number), whether words."""

    says: str
    sorts: tuple[str, ...] = ()
    words: bool = False


# In the order in which a rule does them, whatever order they were written in.
ACTIONS: Mapping[str, Deed] = MappingProxyType(
    {
        "prioritise": Deed("set the priority", PRIORITIES),
        "tag": Deed("add a tag", words=True),
        "link": Deed("link it", ("outage", "problem:")),
        "hand_over": Deed("hand it over", ("team:", "service:"), words=True),
        "assign": Deed("assign it", ("person:", "load", "load:", "turn", "turn:", "nobody")),
        "add_note": Deed("keep a note", words=True),
        "answer": Deed("answer", words=True),
        "wait": Deed("put it on hold", HOLDERS),
        "close": Deed("close it for good"),
        "notify": Deed("tell somebody", ("assignee", "team", "manager", "person:")),
    }
)


@dataclass(frozen=True)
class Written:
    """A whole rule: what sets it off, what must hold, what is done.

    minutes  How long, for what comes with time; None for the rest.
    """

    when: str
    conditions: tuple[Condition, ...]
    actions: tuple[Action, ...]
    minutes: int | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the rule as plain data that `read` reads back without loss."""
        data: dict[str, Any] = {
            "when": self.when,
            "conditions": [each.to_data() for each in self.conditions],
            "actions": [each.to_data() for each in self.actions],
        }
        return data if self.minutes is None else {**data, "minutes": self.minutes}

    def canonical(self) -> str:
        """Return the one text of this content; its digest names an edition of the rule."""
        return json.dumps(self.to_data(), sort_keys=True, ensure_ascii=False)


def evaluate(conditions: Iterable[Condition], facts: Facts) -> Outcome:
    """Say whether all of these conditions hold, and how each came out. None hold always.

    Source  docs/engine/rules.md, rules N1 and N2: all must hold; of several values any will do.
    """
    reasons = tuple(_ask(each, facts) for each in conditions)
    return Outcome(all(reason.holds for reason in reasons), reasons)


def _ask(condition: Condition, facts: Facts) -> Reason:
    if condition.what == "words":
        found = tuple(v for v in condition.values if _says(facts.text, str(v)))
    else:
        known = facts.values.get(condition.what, frozenset())
        if CONDITIONS[condition.what].sort == WORDS:
            known = frozenset(folded(str(each)) for each in known)
        found = tuple(
            value
            for value in condition.values
            if (folded(value) if isinstance(value, str) else value) in known
        )
    return Reason(condition, bool(found) != condition.negated, found)


def _says(text: str, word: str) -> bool:
    """Source  docs/engine/rules.md, rule N3: a word is found where a word begins with it."""
    return re.search(rf"(?<!\w){re.escape(folded(word))}", folded(text)) is not None


def folded(text: str) -> str:
    """Return a text as it is compared: one form of Unicode, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def because(reason: Reason, names: Mapping[tuple[str, int | str], str]) -> str:
    """Return how one condition came out as a sentence: "the priority is high".

    `names` gives rows and codes their names: ("service", 3) -> "Mail", ("kind", "wish") -> ...
    Source  docs/engine/rules.md, rule N4: every outcome says why.
    """
    asked = CONDITIONS[reason.condition.what]

    def said(values: Iterable[str | int]) -> str:
        shown = [_named(asked, each, names.get((reason.condition.what, each))) for each in values]
        return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown)

    if asked.sort == YES:
        is_so = (reason.condition.values == ("yes",)) == (reason.holds != reason.condition.negated)
        return asked.says if is_so else f"it is not so that {asked.says}"
    verb = "says" if reason.condition.what == "words" else "is"
    denied = "does not say" if reason.condition.what == "words" else "is not"
    if reason.found:
        return f"{asked.says} {verb} {said(reason.found)}"
    return f"{asked.says} {denied} {said(reason.condition.values)}"


def _named(asked: Asked, value: str | int, name: str | None) -> str:
    if isinstance(value, int):
        return name or "something that is gone"
    return f"“{value}”" if asked.sort == WORDS else (name or value)


def checked(written: Written) -> Written:
    """Return a rule that makes sense, its questions and deeds each in their own order.

    Errors  BadInput with the field that is wrong: when, minutes, a condition or an action.
    Source  docs/engine/rules.md, rules N5 and N6: what a rule may ask and do; in which order.
    """
    if written.when not in WHEN:
        raise BadInput(f"A rule begins when one of these happens: {', '.join(WHEN)}.", field="when")
    minutes = written.minutes if written.when in TIMED else None
    if written.when in TIMED and not (minutes and 1 <= minutes <= LONGEST_MINUTES):
        raise BadInput("Say for how long, from one minute to a year.", field="minutes")
    names = list(CONDITIONS)
    conditions = sorted(
        (_condition(each) for each in written.conditions),
        key=lambda each: (names.index(each.what), each.negated),
    )
    asked = [(each.what, each.negated) for each in conditions]
    if len(set(asked)) < len(asked):
        raise BadInput("Each question is asked once; put its values together.", field="conditions")
    if not written.actions:
        raise BadInput("Say what the rule does: at least one thing.", field="actions")
    actions = [_action(each) for each in written.actions]
    done = [each.do for each in actions]
    if len(set(done)) < len(done):
        raise BadInput("A rule does each thing once.", field="actions")
    order = list(ACTIONS)
    actions.sort(key=lambda each: order.index(each.do))
    return Written(written.when, tuple(conditions), tuple(actions), minutes)


def _condition(given: Condition) -> Condition:
    asked = CONDITIONS.get(given.what)
    if asked is None:
        names = ", ".join(CONDITIONS)
        raise BadInput(f"A condition asks about one of {names}.", field="conditions")
    values = tuple(dict.fromkeys(given.values))
    if not values or len(values) > MOST_VALUES:
        raise BadInput(f"Give {asked.says} from one to {MOST_VALUES} values.", field=given.what)
    for value in values:
        is_fit = {
            ROW: isinstance(value, int) and not isinstance(value, bool) and value > 0,
            CODE: value in asked.codes,
            WORDS: isinstance(value, str) and 0 < len(folded(value)) <= 80,
            YES: value in ("yes", "no"),
        }[asked.sort]
        if not is_fit:
            raise BadInput(f"{str(value)[:40]!r} is no value for {asked.says}.", field=given.what)
    if asked.sort == YES and len(values) != 1:
        raise BadInput(f"Say yes or no: {asked.says}.", field=given.what)
    return Condition(given.what, values, given.negated)


def _action(given: Action) -> Action:
    deed = ACTIONS.get(given.do)
    if deed is None:
        raise BadInput(f"A rule can do one of {', '.join(ACTIONS)}.", field="actions")
    text = given.text.replace("\0", "").strip() if deed.words else ""
    if deed.words and not text:
        raise BadInput(f"To {deed.says}, write the words for it.", field=given.do)
    if len(text) > LONGEST_TEXT:
        raise BadInput(f"At most {LONGEST_TEXT:,} characters fit.", field=given.do)
    sort = f"{given.sort}:" if ":" in given.what else given.what
    is_known = sort in deed.sorts and (not sort.endswith(":") or given.number > 0)
    if deed.sorts and not is_known:
        raise BadInput(f"To {deed.says}, say which or whom.", field=given.do)
    return Action(given.do, given.what if deed.sorts else "", text)


def read(data: Mapping[str, Any]) -> Written:
    """Return a rule that is kept as data, checked again.

    Errors  BadInput for data of another shape.
    """
    try:
        return checked(
            Written(
                when=str(data["when"]),
                conditions=tuple(
                    Condition(str(c["what"]), tuple(c["values"]), bool(c.get("negated", False)))
                    for c in data["conditions"]
                ),
                actions=tuple(
                    Action(str(a["do"]), str(a.get("what", "")), str(a.get("text", "")))
                    for a in data["actions"]
                ),
                minutes=data.get("minutes"),
            )
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadInput("This is no rule: it has when, conditions and actions.") from problem


def reason_from(data: Mapping[str, Any]) -> Reason:
    """Return a reason as it was kept in the log."""
    condition = Condition(data["what"], tuple(data["values"]), bool(data.get("negated", False)))
    return Reason(condition, bool(data["holds"]), tuple(data["found"]))
