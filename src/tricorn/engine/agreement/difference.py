"""What two agreement texts say differently: clause by clause, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .content import REVIEW_WITHIN, Agreement

Data = Mapping[str, Any]
ROWS = (
    *("clause", "availability", "workload", "exception", "escalation"),
    *("entitled", "price", "credit", "signed"),
)
# What a field means where a text does not write it down.
UNSAID = {
    ("agreement", "kind"): "full",
    ("agreement", "running"): "stay",
    ("price", "basis"): "flat",
    ("review", "within"): str(REVIEW_WITHIN),
    ("escalation", "client"): False,
}


@dataclass(frozen=True)
class Change:
    """One difference.

    part    agreement, parties, review, hours, clause, availability, workload, exception,
            escalation, entitled, price, credit or signed.
    item    Which of them: the clause's id, the name of the hours, who is entitled; else empty.
    field   The key in the text ("target", "weekly.mon"); empty where a whole item came or went,
            "order" where only their order is another.
    before, after  Plain data as in the text; None on the side where it is not there.
    """

    part: str
    item: str
    field: str
    before: Any
    after: Any

    @property
    def place(self) -> str:
        """Return where it is, as the reader of texts says it: "clause R2, target"."""
        return ", ".join(each for each in (f"{self.part} {self.item}".strip(), self.field) if each)


def differences(before: Agreement, after: Agreement) -> tuple[Change, ...]:
    """Return every difference in what two texts say; none exactly if their hashes are the same."""
    return tuple(_differences(before.to_data(), after.to_data()))


def _differences(before: Data, after: Data) -> Iterator[Change]:
    for part in ("agreement", "parties"):
        yield from _fields(part, "", before[part], after[part])
    yield from _items("review", _once(before, "review"), _once(after, "review"))
    yield from _items("hours", before["hours"], after["hours"])
    for part in ROWS:
        old, new = named(part, before.get(part, ())), named(part, after.get(part, ()))
        yield from _items(part, old, new)
        kept = [name for name in old if name in new]
        order = [name for name in new if name in old]
        if kept != order:
            yield Change(part, "", "order", kept, order)


def _once(data: Data, part: str) -> Data:
    """A table that a text has once or not at all, as items without a name."""
    return {"": data[part]} if part in data else {}


def _items(part: str, before: Data, after: Data) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change(part, name, "", old, new)
        else:
            yield from _fields(part, name, old, new)


def _fields(part: str, item: str, before: Data, after: Data) -> Iterator[Change]:
    old, new = dict(_flat(before)), dict(_flat(after))
    for key in dict.fromkeys([*old, *new]):
        unsaid = UNSAID.get((part, key))
        was, now = old.get(key, unsaid), new.get(key, unsaid)
        if was != now:
            yield Change(part, item, key, was, now)


def _flat(table: Data, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a table by their paths; a list of dates with words is a table by date."""
    for key, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = {row["on"]: {"is": True, **row} for row in value}
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{key}.")
        elif value != []:
            yield f"{path}{key}", value


def named(part: str, rows: Sequence[Any]) -> dict[str, Any]:
    """Rows by what one calls them; the second of a name is "name (2)"."""
    times: Counter[str] = Counter()
    found: dict[str, Data] = {}
    for row in rows:
        name = _name(part, row)
        times[name] += 1
        found[name if times[name] == 1 else f"{name} ({times[name]})"] = row
    return found


def _name(part: str, row: Data) -> str:
    if part in ("clause", "availability", "workload", "exception", "escalation"):
        return str(row["id"])
    if part == "credit":
        return str(row["clause"])
    if part == "price":
        basis = row.get("basis")
        return f"per {basis} and {row['per']}" if basis else f"per {row['per']}"
    if part == "signed":
        return str(row["by"])
    if row.get("everyone"):
        return "everyone"
    scope = next(key for key in ("person", "organisation", "group", "place") if key in row)
    return f"{scope} {row[scope]}"
