"""TOML that people hand in: whatever is in it, it is read quickly or refused in one sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

from tricorn.engine.errors import BadInput

LONGEST = 1_000_000
# Forty names joined by dots: no table lies so deep, and reading thousands takes minutes.
_DEEP = re.compile(
    r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""", re.ASCII
)


def read_toml(
    text: str,
    source: str,
    *,
    error: type[BadInput] = BadInput,
    parse_float: Callable[[str], Any] = float,
) -> dict[str, Any]:
    """Return the data of a TOML text; `source` is what the sentence calls it.

    Errors  `error` for what is no TOML (with its line), endless, or nested beyond reason.
    """
    if len(text) > LONGEST:
        raise error(
            f"{source} has {len(text):,} characters; at most {LONGEST:,} fit. Leave out what "
            "nobody needs."
        )
    try:
        if _DEEP.search(text):
            raise RecursionError
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=parse_float)
    # Broken TOML, and numbers that are too long for anybody.
    except (ValueError, InvalidOperation) as problem:
        raise error(f"{source} is not TOML: {problem}.") from problem
    except RecursionError as problem:
        raise error(f"{source} has too many tables or brackets inside each other.") from problem
