"""What the form of a rule holds, as the rule that it means; and a rule as its form shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tricorn.automation.models import Rule
from tricorn.engine.rules import TIMED, Action, Condition, Written, read
from tricorn.parties.models import Person

EITHER_FIELDS = ("covered", "assigned", "open", "outage", "problem")
# Where a sentence of the engine belongs that speaks of an action or a length.
FIELD_OF = {
    "minutes": "amount",
    "hand_over": "hand_to",
    "add_note": "note",
    "prioritise": "set_priority",
    "tag": "add_tag",
    "link": "link_to",
    "wait": "wait_for",
}


def written_of(data: Mapping[str, Any]) -> Written:
    """Return what was filled in as a rule, not checked yet; `data` is what a valid form holds."""
    minutes = None
    if data["when"] in TIMED and data.get("amount"):
        minutes = data["amount"] * int(data.get("unit") or 1)
    return Written(data["when"], tuple(_conditions(data)), tuple(_actions(data)), minutes)


def _conditions(data: Mapping[str, Any]) -> list[Condition]:
    found = []
    for what in ("service", "place", "organisation", "team"):
        if rows := [row.pk for row in data[what]]:
            found.append(Condition(what, tuple(rows)))
    for what in ("kind", "priority", "channel"):
        if data[what]:
            found.append(Condition(what, tuple(data[what])))
    for field, what, negated in (("words", "words", False), ("words_not", "words", True)):
        if words := _parted(data[field]):
            found.append(Condition(what, words, negated))
    if words := _parted(data.get("tag", "")):
        found.append(Condition("tag", words))
    for what in EITHER_FIELDS:
        if data[what]:
            found.append(Condition(what, (data[what],)))
    return found


def _parted(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _actions(data: Mapping[str, Any]) -> list[Action]:
    found = []
    if data["set_priority"]:
        found.append(Action("prioritise", data["set_priority"]))
    if data.get("add_tag"):
        found.append(Action("tag", text=data["add_tag"]))
    if data["link_to"]:
        found.append(Action("link", data["link_to"]))
    if data["hand_to"]:
        found.append(Action("hand_over", data["hand_to"], data["hand_note"]))
    if data["assign"]:
        row = data["assign_person"] if data["assign"] == "person" else data["assign_team"]
        found.append(Action("assign", f"{data['assign']}:{row.pk}" if row else data["assign"]))
    for field, do in (("note", "add_note"), ("answer", "answer")):
        if data[field].strip():
            found.append(Action(do, text=data[field]))
    if data["wait_for"]:
        found.append(Action("wait", data["wait_for"]))
    if data["close"]:
        found.append(Action("close"))
    if data["notify"]:
        person = data["notify_person"] if data["notify"] == "person" else None
        found.append(Action("notify", f"person:{person.pk}" if person else data["notify"]))
    return found


def initial_of(rule: Rule) -> dict[str, Any]:
    """Return a rule as the form shows it."""
    written = read(rule.written)
    shown: dict[str, Any] = {
        "name": rule.name,
        "when": rule.when,
        "most_an_hour": rule.most_an_hour,
    }
    if written.minutes:
        unit = next(size for size in (1440, 60, 1) if written.minutes % size == 0)
        shown |= {"amount": written.minutes // unit, "unit": str(unit)}
    for each in written.conditions:
        if each.what in ("words", "tag"):
            name = "words_not" if each.negated else each.what
            shown[name] = ", ".join(map(str, each.values))
        elif each.what in EITHER_FIELDS:
            shown[each.what] = each.values[0]
        else:
            shown[each.what] = list(each.values)
    for action in written.actions:
        shown |= _initial_of(action)
    return shown


def _initial_of(action: Action) -> dict[str, Any]:
    person = action.number if action.sort == "person" else 0
    if action.do == "hand_over":
        return {"hand_to": action.what, "hand_note": action.text}
    if action.do == "assign":
        team = action.number if action.sort in ("load", "turn") else 0
        return {"assign": action.sort, "assign_team": team or None, "assign_person": _typed(person)}
    if action.do == "notify":
        return {"notify": action.sort, "notify_person": _typed(person)}
    if action.do == "close":
        return {"close": True}
    field = FIELD_OF.get(action.do, action.do)
    return {field: action.what or action.text}


def _typed(person: int) -> str:
    """Return what the box holds for a person: the mail address, else the name."""
    found = Person.objects.filter(pk=person).first() if person else None
    return (found.email or found.name) if found else ""
