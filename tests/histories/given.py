"""Exports made up for the tests, and one way to read them."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tricorn.engine.replay import HOLDERS, MISSING, History
from tricorn.histories import Read, open_history

DATA = Path(__file__).parents[1] / "data" / "histories"
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BERLIN = ZoneInfo("Europe/Berlin")


def read(name: str, *, zone: ZoneInfo | None = BERLIN, **how) -> Read:
    found = open_history(DATA / name, zone=zone, **how)
    assert_all_accounted(found)
    return found


def write(folder: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def assert_all_accounted(found: Read) -> None:
    """Every row of the file is a ticket (or an update of one), or counted with its reason."""
    assert found.rows == found.used + sum(found.problems.values())
    if found.format != "servicenow-log":
        assert found.rows == len(found.history) + sum(found.history.excluded.values())
        assert found.history.excluded == found.problems
    assert {problem.reason for problem in found.examples} == set(found.problems)
    assert len(found.groups.codes) == len(found.history)
    assert_usable(found.history)


def assert_usable(history: History) -> None:
    """The engine, given the same columns, has nothing more to leave out."""
    columns = ("began", "first_response", "resolved", "closed", "due", "person", "flag")
    again = History.from_columns(
        history.refs,
        history.reported,
        waits=(
            history.wait_ticket,
            history.wait_start,
            history.wait_end,
            [HOLDERS[code] for code in history.wait_holder],
        ),
        **{name: getattr(history, name) for name in columns},
    )
    assert (again.excluded, again.excluded_waits) == ({}, {})


def ticket(found: Read, ref: str, zone: ZoneInfo = BERLIN) -> dict:
    """One ticket of a history in words: moments as local time, empty where unknown."""
    history = found.history
    row = history.refs.index(ref)

    def local(second: int) -> str:
        if second == MISSING:
            return ""
        return datetime.fromtimestamp(int(second), zone).strftime("%Y-%m-%d %H:%M")

    names = ("began", "reported", "first_response", "resolved", "closed", "due")
    waits = [
        (HOLDERS[history.wait_holder[k]], local(history.wait_start[k]), local(history.wait_end[k]))
        for k in range(len(history.wait_ticket))
        if history.wait_ticket[k] == row
    ]
    return {
        **{name: local(getattr(history, name)[row]) for name in names},
        "priority": history.priorities[history.priority[row]],
        "priority_opened": history.priorities[history.priority_opened[row]],
        "kind": history.kinds[history.kind[row]],
        "met": {1: True, 0: False, -1: None}[int(history.flag[row])],
        "group": found.groups.names[found.groups.codes[row]],
        "waits": waits,
    }
