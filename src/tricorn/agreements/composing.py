"""What somebody fills in, and the agreement text that says it: there and back without loss.

Answers are plain texts and lists, part by part; the text's own reader judges them. Nothing here
knows a page or a row of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from tricorn.catalogue.verbs import Promise
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadAgreement, BadCalendar

Row = Mapping[str, Any]
# The parts that are lists, in the order of a page; what makes a row of them say something.
PARTS: Mapping[str, tuple[str, ...]] = {
    "hours": ("name",),
    "clause": ("target", "id"),
    "availability": ("share", "id"),
    "workload": ("at_most", "id"),
    "exception": ("words",),
    "escalation": ("at", "id"),
    "entitled": ("name", "scope"),
    "price": ("amount",),
    "credit": ("percent", "amount", "below"),
}
# How parts are numbered when nobody does: R1, R2; V1; W1; X1; E1.
LETTERS = {
    "clause": "R",
    "availability": "V",
    "workload": "W",
    "exception": "X",
    "escalation": "E",
}
PERCENT = {
    "agreement": ("credits_at_most",),
    "clause": ("share",),
    "availability": ("share",),
    "credit": ("below",),
}
URGENT, OTHER = ("critical", "high"), ("moderate", "low")
STOPS = {"first_response": "first_response", "resolution": "resolved", "closing": "closed"}


@dataclass(frozen=True)
class Answers:
    """Everything that is filled in. `head` holds the single answers, `rows` the lists by part.

    A row of hours is {"name", "was", "hours"}: `was` is what it was called when the form was drawn,
    so that whatever names it follows.
    """

    head: Row
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fast:
    """How fast, in four boxes: first answer and end of what is urgent, and of everything else.

    Each is a target like "4h" or "3d", or empty: not promised. `share` in percent; no kinds: all.
    """

    urgent_first: str = ""
    urgent_resolved: str = ""
    other_first: str = ""
    other_resolved: str = ""
    share: str = ""
    per: str = "month"
    first_kinds: tuple[str, ...] = ()
    resolved_kinds: tuple[str, ...] = ()
    stopped_by: tuple[str, ...] = ("customer", "user")


class BadAnswer(BadAgreement):
    """An answer that no text can say. Facts: `part`, `row` (from 0) and `field`, where known."""


def answers_of(content: text.Agreement) -> Answers:
    """Return a text as one fills it in."""
    data = content.to_data()
    head = {**data["agreement"], **{f"review_{k}": v for k, v in data.get("review", {}).items()}}
    rows: dict[str, list[Row]] = {
        part: [_percents(part, row) for row in data.get(part, [])]
        for part in PARTS
        if part not in ("hours", "entitled")
    }
    rows["escalation"] = [
        {**row, "tell": row.get("tell") or ("person" if "person" in row else "assignee")}
        for row in rows["escalation"]
    ]
    rows["hours"] = [{"name": k, "was": k, "hours": v} for k, v in content.hours.items()]
    rows["entitled"] = [
        {
            "scope": each.scope,
            "name": each.name,
            "below": each.below,
            "services": list(each.services),
            "funder": each.funder,
        }
        for each in content.entitled
    ]
    return Answers(_percents("agreement", head), rows)


def content_of(answers: Answers, *, ref: str, client: str, provider: str) -> text.Agreement:
    """Return the text that the answers make. Empty rows say nothing; ids are given where missing.

    Errors  BadAnswer with the part, row and field that says what cannot be.
    """
    kept = {part: _kept(part, answers.rows.get(part, ())) for part in PARTS}
    if not kept["hours"]:
        raise BadAnswer("When is help there? Choose hours.", part="hours", row=0, field="name")
    calendars = [row for _, row in kept["hours"]]
    names = {str(row.get("was") or row["name"]): str(row["name"]) for row in calendars}
    _name_once(kept["hours"])
    data: dict[str, Any] = {
        "agreement": _head(answers.head, ref),
        "parties": {"client": client, "provider": provider},
        "hours": {str(row["name"]): row["hours"].to_data() for row in calendars},
    }
    first = str(calendars[0]["name"])
    taken = {str(row.get("id") or "") for part in LETTERS for _, row in kept[part]}
    for part, rows in kept.items():
        if part != "hours" and rows:
            data[part] = [_row(part, n, row, taken, names, first) for n, row in rows]
    if answers.head.get("review_per"):
        within = answers.head.get("review_within")
        data["review"] = {
            "per": answers.head["review_per"],
            **({"within": within} if within else {}),
        }
    elif answers.head.get("review_within"):
        raise BadAnswer("Say how often it is reviewed, or leave the days out.", field="review_per")
    try:
        return text.Agreement.from_data(data, ref)
    except (BadAgreement, BadCalendar) as problem:
        raise _placed(problem, ref, data, kept) from problem


def fast_of(promises: Iterable[Promise]) -> Fast | None:
    """Return a level's promises as the four boxes; None where they do not fit into them."""
    found: dict[str, Any] = {}
    kinds: dict[str, tuple[str, ...]] = {}
    stopped_by: set[str] = set()
    for each in promises:
        stop = {"first_response": "first", "resolution": "resolved"}.get(each.measure)
        which = {frozenset(): ("urgent", "other"), frozenset(URGENT): ("urgent",)}.get(
            frozenset(each.priorities), ("other",) if set(each.priorities) == set(OTHER) else ()
        )
        names = [f"{one}_{stop}" for one in which]
        if stop is None or not names or found.keys() & set(names):
            return None
        if kinds.setdefault(f"{stop}_kinds", tuple(each.kinds)) != tuple(each.kinds):
            return None
        found |= dict.fromkeys(names, each.within)
        stopped_by |= set(each.stopped_by)
    return replace(
        Fast(**found, share="95", stopped_by=tuple(sorted(stopped_by))),
        first_kinds=kinds.get("first_kinds", ()),
        resolved_kinds=kinds.get("resolved_kinds", ()),
    )


def clauses_of(promises: Iterable[Promise]) -> list[Row]:
    """Return a level's promises as rows, one by one: where they do not fit into four boxes."""
    return [
        {
            "stop": STOPS[each.measure],
            "target": each.within,
            "kinds": list(each.kinds),
            "priorities": list(each.priorities),
            "stopped_by": list(each.stopped_by),
            "start": "reported",
            "per": "month",
        }
        for each in promises
    ]


def promises(fast: Fast) -> list[Row]:
    """Return what the four boxes promise, clause by clause: answers first, the urgent before."""
    rows: list[Row] = []
    for stop, kinds, urgent, other in (
        ("first_response", fast.first_kinds, fast.urgent_first, fast.other_first),
        ("resolved", fast.resolved_kinds, fast.urgent_resolved, fast.other_resolved),
    ):
        both = [(list(URGENT), urgent), (list(OTHER), other)]
        if urgent == other:
            both = [([], urgent)]
        rows += [
            {
                "kinds": list(kinds),
                "priorities": priorities,
                "stop": stop,
                "target": target,
                "share": fast.share,
                "per": fast.per,
                "stopped_by": list(fast.stopped_by),
            }
            for priorities, target in both
            if target
        ]
    return rows


def percent(share: str) -> str:
    """Return a share (0.95) in percent, every digit kept: "95"; below one percent with its sign."""
    number = (Decimal(share) * 100).normalize() + 0
    return f"{number:f}" if number >= 1 else f"{number:f} %"


def _share(typed: Any, **place: Any) -> str:
    """Return percent as typed ("95", "99.5 %") as the share that the text says."""
    said = str(typed).replace("%", "").strip()
    try:
        number = Decimal(said)
    except InvalidOperation as problem:
        raise BadAnswer(f"“{said:.40}” is no number of percent. Write 95.", **place) from problem
    if not number.is_finite() or not 0 < number <= 100:
        raise BadAnswer(f"{said:.40} is not between 0 and 100 percent.", **place)
    if number < 1 and "%" not in str(typed):
        raise BadAnswer(
            f"{said:.40} would be less than one percent. Write {number * 100:f} for {number * 100:f} %, "
            f"or “{said:.40} %” if it is meant.",
            **place,
        )
    return f"{number / 100:f}"


def _percents(part: str, row: Row) -> Row:
    return {
        key: percent(found) if key in PERCENT.get(part, ()) else found for key, found in row.items()
    }


def _kept(part: str, rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Return the rows that say something, each with its place among all of them."""
    return [
        (n, row)
        for n, row in enumerate(rows)
        if any(str(row.get(key) or "").strip() for key in PARTS[part])
    ]


def _name_once(hours: list[tuple[int, Row]]) -> None:
    seen: set[str] = set()
    for n, row in hours:
        if row["name"] in seen:
            raise BadAnswer(
                f"There are two hours called {row['name']}. Call one of them otherwise.",
                part="hours",
                row=n,
                field="name",
            )
        seen.add(str(row["name"]))


def _head(head: Row, ref: str) -> dict[str, Any]:
    said = {
        key: head.get(key)
        for key in ("title", "services", "from", "to", "notice", "renews", "credits_at_most")
    }
    said |= {"kind": head.get("kind") or "full", "running": head.get("running") or "stay"}
    found = {key: each for key, each in said.items() if each not in (None, "", [])}
    if "from" not in found:
        raise BadAnswer("From which day on does it hold?", field="from")
    if "credits_at_most" in found:
        found["credits_at_most"] = _share(found["credits_at_most"], field="credits_at_most")
    return {"ref": ref, **found}


def _row(
    part: str, n: int, row: Row, taken: set[str], names: Mapping[str, str], first: str
) -> dict[str, Any]:
    """Return a row as the text's reader takes it: nothing empty, shares as shares, hours by name."""
    found = {key: each for key, each in row.items() if each not in (None, "", [])}
    for key in PERCENT.get(part, ()):
        if key in found:
            found[key] = _share(found[key], part=part, row=n, field=key)
    if part in ("clause", "availability"):
        named = str(found.get("hours") or first)
        found["hours"] = names.get(named, named)
    if part in LETTERS:
        found["id"] = found.get("id") or _free(LETTERS[part], taken)
    if part == "workload" and str(found.get("at_most", "")).strip().isdecimal():
        found["at_most"] = int(found["at_most"])
    if part == "escalation":
        return _told(found, n)
    return _who(found, n) if part == "entitled" else found


def _told(row: dict[str, Any], n: int) -> dict[str, Any]:
    """Whom a step tells: a way, or one person who is named; the client where that is ticked."""
    if row.pop("client", False):
        row["client"] = True
    is_one = row.get("tell") == "person"
    if is_one != ("person" in row):
        said = "Who is it?" if is_one else "To name somebody, say that it tells one person."
        raise BadAnswer(said, part="escalation", row=n, field="person" if is_one else "tell")
    if is_one:
        del row["tell"]
    return row


def _who(row: dict[str, Any], n: int) -> dict[str, Any]:
    scope, name, below = row.pop("scope", ""), row.pop("name", ""), row.pop("below", False)
    if not scope:
        raise BadAnswer("Say what this names.", part="entitled", row=n, field="scope")
    if scope != "everyone" and not name:
        raise BadAnswer("Who, or which?", part="entitled", row=n, field="name")
    row[scope] = True if scope == "everyone" else name
    if scope == "organisation":
        row["below"] = bool(below)
    return row


def _free(letter: str, taken: set[str]) -> str:
    n = 1
    while f"{letter}{n}" in taken:
        n += 1
    taken.add(f"{letter}{n}")
    return f"{letter}{n}"


def _placed(
    problem: BadAgreement | BadCalendar,
    ref: str,
    data: Mapping[str, Any],
    kept: Mapping[str, Sequence[tuple[int, Row]]],
) -> BadAnswer:
    """Return the reader's complaint with the part, row and field that it speaks of."""
    where = str(problem.facts.get("where", ""))
    said = str(problem)
    if not where:
        rest = said.removeprefix(f"{ref}, ")
        where = rest.partition(":")[0] if rest != said else ""
    sentence = said.removeprefix(f"{ref}, {where}: ") if where else said.removeprefix(f"{ref} ")
    sentence = f"{sentence[:1].upper()}{sentence[1:]}"
    item, _, name = where.rpartition(", ") if ", " in where else (where, "", "")
    for part, rows in kept.items():
        if part == "hours":
            continue
        for k, (n, _row_typed) in enumerate(rows):
            label = data[part][k].get("id", k + 1) if part in LETTERS else k + 1
            if item == f"{part} {label!s:.40}":
                return BadAnswer(
                    sentence, part=part, row=n, field=_typed(part, name, data[part][k])
                )
    table, _, key = where.partition(".")
    if table == "review":
        return BadAnswer(sentence, field=f"review_{key}")
    if table in ("agreement", "parties") and key:
        return BadAnswer(sentence, field=key)
    return BadAnswer(said, **_about(said))


def _typed(part: str, name: str, row: Row) -> str:
    """The field that holds a key: whom an entitlement names stands in `name`."""
    if part == "entitled":
        return "name" if name in row and name not in ("services", "funder", "below") else name
    return name or {"credit": "clause"}.get(part, "")


def _about(said: str) -> dict[str, str]:
    return {"field": "to"} if " ends on " in said and "before it begins" in said else {}
