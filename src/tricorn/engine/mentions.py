"""Who is meant by @Name in a note."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST = 20
_AT = re.compile(r"(?<![\w@.])@(?=\w)")


def mentioned(text: str, names: Mapping[int, str]) -> list[int]:
    """Return whom a text means, each once, in the order of the text.

    A whole name counts, else a first name that only one of them has. An address is no mention.
    """
    whole = {" ".join(name.split()).casefold(): number for number, name in names.items()}
    firsts: dict[str, list[int]] = {}
    for number, name in names.items():
        firsts.setdefault(name.split()[0].casefold() if name.split() else "", []).append(number)
    known = {first: numbers[0] for first, numbers in firsts.items() if len(numbers) == 1 and first}
    known |= whole
    longest_first = sorted(known, key=len, reverse=True)
    found: dict[int, None] = {}
    for match in list(_AT.finditer(text))[:MOST]:
        rest = " ".join(text[match.end() : match.end() + 250].split()).casefold()
        for name in longest_first:
            after = rest[len(name) : len(name) + 1]
            if rest.startswith(name) and not (after.isalnum() or after == "_"):
                found[known[name]] = None
                break
    return list(found)
