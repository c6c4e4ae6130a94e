"""Service hours as text: H.toml and the `[hours.NAME]` tables of an agreement."""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from tricorn.engine.errors import BadCalendar
from tricorn.engine.toml import read_toml

from .spec import DAY_NAMES, Holidays, Hours, Windows, bad
from .window import Window

_KEYS = ("zone", "weekly", "holidays", "closed", "open")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
Table = Mapping[str, object]


def from_toml(text: str, source: str = "H.toml") -> Hours:
    """Read an H.toml.

    Errors  BadCalendar: broken TOML with its line, anything else with its place.
    Source  docs/engine/hours.md, rules H10 and H11.
    """
    return from_data(read_toml(text, source, error=BadCalendar), f"{source}, ")


def from_data(data: Table, prefix: str = "") -> Hours:
    """Read the body of an H.toml as a mapping. Errors: BadCalendar, beginning with `prefix`."""
    try:
        return _read(_table(data, "hours"))
    except BadCalendar as refusal:
        raise BadCalendar(f"{prefix}{refusal}", **refusal.facts) from None


def to_data(hours: Hours) -> dict[str, object]:
    names = dict(hours.names)

    def entry(day: date, **more: object) -> dict[str, object]:
        named = {"name": names[day]} if day in names else {}
        return {"on": day.isoformat(), **more, **named}

    data: dict[str, object] = {"zone": hours.zone}
    data["weekly"] = {
        name: [str(w) for w in day]
        for name, day in zip(DAY_NAMES, hours.weekly, strict=True)
        if day
    }
    if hours.holidays:
        data["holidays"] = {"country": hours.holidays.country}
        if hours.holidays.subdivision is not None:
            data["holidays"] = {
                "country": hours.holidays.country,
                "subdivision": hours.holidays.subdivision,
            }
    if hours.closed:
        data["closed"] = [entry(day) for day in hours.closed]
    if hours.opened:
        data["open"] = [entry(day, windows=[str(w) for w in ws]) for day, ws in hours.opened]
    return data


def to_toml(hours: Hours) -> str:
    names = dict(hours.names)
    lines = [f"zone = {_quoted(hours.zone)}", "", "[weekly]"]
    for name, windows in zip(DAY_NAMES, hours.weekly, strict=True):
        if windows:
            lines.append(f"{name} = {_listed(windows)}")
    if hours.holidays:
        lines += ["", "[holidays]", f"country = {_quoted(hours.holidays.country)}"]
        if hours.holidays.subdivision is not None:
            lines.append(f"subdivision = {_quoted(hours.holidays.subdivision)}")
    for day in hours.closed:
        lines += ["", "[[closed]]", f"on = {day.isoformat()}", *_name_line(names, day)]
    for day, windows in hours.opened:
        lines += ["", "[[open]]", f"on = {day.isoformat()}", f"windows = {_listed(windows)}"]
        lines += _name_line(names, day)
    return "\n".join(lines) + "\n"


def _read(data: Table) -> Hours:
    _known(data, _KEYS, "")
    if "zone" not in data:
        raise bad("zone", 'missing; name an IANA zone like zone = "Europe/Berlin".')
    if "weekly" not in data and "open" not in data:
        raise bad("weekly", 'missing; say when the desk is open, like mon = ["08:30-17:00"].')
    closed, closed_names = _closed(data.get("closed", []))
    opened, open_names = _open(data.get("open", []))
    return Hours(
        zone=_string(data["zone"], "zone"),
        weekly=_weekly(data.get("weekly", {})),
        holidays=_holidays(data["holidays"]) if "holidays" in data else None,
        closed=closed,
        opened=opened,
        names=closed_names + open_names,
    )


def _weekly(value: object) -> tuple[Windows, ...]:
    table = _table(value, "weekly")
    _known(table, DAY_NAMES, "weekly.")
    return tuple(_windows(table.get(name, []), f"weekly.{name}") for name in DAY_NAMES)


def _holidays(value: object) -> Holidays:
    table = _table(value, "holidays")
    _known(table, ("country", "subdivision"), "holidays.")
    if "country" not in table:
        raise bad("holidays.country", 'missing; use an ISO code like "US" or "DE".')
    subdivision = table.get("subdivision")
    return Holidays(
        country=_string(table["country"], "holidays.country"),
        subdivision=None if subdivision is None else _string(subdivision, "holidays.subdivision"),
    )


def _closed(value: object) -> tuple[tuple[date, ...], tuple[tuple[date, str], ...]]:
    days, names = [], []
    for k, item in enumerate(_list(value, "closed")):
        place = f"closed[{k}]"
        table = _table(item, place)
        _known(table, ("on", "name"), f"{place}.")
        days.append(_date(table, place))
        names += _name(table, place, days[-1])
    return tuple(days), tuple(names)


def _open(value: object) -> tuple[tuple[tuple[date, Windows], ...], tuple[tuple[date, str], ...]]:
    days, names = [], []
    for k, item in enumerate(_list(value, "open")):
        place = f"open[{k}]"
        table = _table(item, place)
        _known(table, ("on", "windows", "name"), f"{place}.")
        day = _date(table, place)
        if "windows" not in table:
            raise bad(f"{place}.windows", 'missing; write windows = ["10:00-14:00"].')
        windows = _windows(table["windows"], f"{place}.windows")
        if not windows:
            raise bad(f"{place}.windows", "empty; for a day without windows use [[closed]].")
        days.append((day, windows))
        names += _name(table, place, day)
    return tuple(days), tuple(names)


def _windows(value: object, place: str) -> Windows:
    windows = []
    for k, item in enumerate(_list(value, place)):
        try:
            windows.append(Window.parse(_string(item, f"{place}[{k}]")))
        except BadCalendar as refusal:
            if refusal.facts:
                raise
            raise bad(f"{place}[{k}]", str(refusal)) from None
    return tuple(windows)


def _date(table: Table, place: str) -> date:
    value = table.get("on")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise bad(f"{place}.on", f"{value} is not a date of the calendar.") from None
    said = f"{value!r} is not a date" if "on" in table else "missing"
    raise bad(f"{place}.on", f"{said}; write a local date like on = 2015-12-24.")


def _name(table: Table, place: str, day: date) -> list[tuple[date, str]]:
    return [(day, _string(table["name"], f"{place}.name"))] if "name" in table else []


def _known(table: Table, keys: tuple[str, ...], prefix: str) -> None:
    for key in table:
        if key not in keys:
            raise bad(f"{prefix}{key}", f"unknown key; known are: {', '.join(keys)}.")


def _table(value: object, place: str) -> Table:
    if not isinstance(value, Mapping):
        raise bad(place, f"must be a table, not {_kind(value)}.")
    return value


def _list(value: object, place: str) -> list[object]:
    if not isinstance(value, list | tuple):
        raise bad(place, f"must be a list, not {_kind(value)}.")
    return list(value)


def _string(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise bad(place, f"must be text in quotes, not {_kind(value)}.")
    # No database takes these two.
    if any(each == "\0" or unicodedata.category(each) == "Cs" for each in value):
        raise bad(place, "holds control characters; write plain text.")
    return value


def _kind(value: object) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        dict: "a table",
    }
    return names.get(type(value), "a list" if isinstance(value, list) else type(value).__name__)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(windows: Windows) -> str:
    return "[" + ", ".join(_quoted(str(w)) for w in windows) + "]"


def _name_line(names: dict[date, str], day: date) -> list[str]:
    return [f"name = {_quoted(names[day])}"] if day in names else []
