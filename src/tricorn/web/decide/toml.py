"""The text of an agreement as TOML: what `Agreement.to_data` holds, for people to read and keep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def toml_of(data: Mapping[str, Any]) -> str:
    """Return plain data (tables, lists of tables, texts, numbers, yes or no) as a TOML text."""
    return "\n".join(_table(data, ())).strip() + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of one table: its values first, then the tables below it."""
    for key, value in table.items():
        if not _is_table(value) and not _is_tables(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        name = ".".join(_key(part) for part in (*path, key))
        if _is_table(value):
            yield from ("", f"[{name}]")
            yield from _table(value, (*path, key))
        elif _is_tables(value):
            for each in value:
                yield from ("", f"[[{name}]]")
                yield from _table(each, (*path, key))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_table(each) for each in value)


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _text(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, int | float):
        return str(value)
    raise TypeError(f"{value!r} has no place in the text of an agreement.")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
