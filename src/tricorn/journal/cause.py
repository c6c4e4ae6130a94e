"""What made a program act: figures that every line carries which is written in the meantime."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

_NOTHING: MappingProxyType[str, Any] = MappingProxyType({})
_CAUSE: ContextVar[MappingProxyType[str, Any]] = ContextVar("cause", default=_NOTHING)


@contextmanager
def caused(**data: int | str) -> Iterator[None]:
    """Inside the block every line says besides its own data what caused it: ids and figures."""
    before = _CAUSE.set(MappingProxyType({**_CAUSE.get(), **data}))
    try:
        yield
    finally:
        _CAUSE.reset(before)


def cause() -> dict[str, Any]:
    """Return what causes the lines that are written now; nothing, when a person acts."""
    return dict(_CAUSE.get())
