"""Reading single fields of a text; every complaint names the place, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tricorn.engine.errors import BadAgreement, BadInput

# Days of an agreement lie in these years: far enough for anybody, near enough for every calendar.
YEARS = range(1900, 3000)
HIGHEST = Decimal(10) ** 12
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Fields:
    """Reads one text; every complaint names the place in it."""

    source: str

    def fail(self, where: str, problem: str) -> BadInput:
        return BadAgreement(f"{self.source}, {where}: {problem}", where=where)

    def only(self, table: Mapping[str, Any], known: set[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                choices = ", ".join(sorted(known))
                raise self.fail(f"{prefix}{key}", f"is not known here. Known: {choices}.")

    def table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = data.get(key)
        if not isinstance(found, Mapping):
            raise self.fail(f"[{key}]", "is missing or no table.")
        return found

    def rows(self, data: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
        found = data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise self.fail(f"[[{key}]]", "is written with double brackets, once per entry.")
        return list(enumerate(found, start=1))

    def words(
        self,
        table: Mapping[str, Any],
        key: str,
        where: str,
        *,
        required: bool = True,
        longest: int = 200,
    ) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            raise self.fail(where, f"is a text in quotes, not {found!r:.60}.")
        if not found.strip() and not required:
            return ""
        return self.word(found, where, longest)

    def word(self, found: str, where: str, longest: int = 200) -> str:
        """One text of a name's length, with nothing in it that no page can show."""
        found = found.strip()
        if not found:
            raise self.fail(where, "is missing. Write it down.")
        if len(found) > longest:
            raise self.fail(where, f"has {len(found):,} characters; at most {longest} fit.")
        if any(unicodedata.category(each) in ("Cc", "Cs") for each in found):
            raise self.fail(where, "holds control characters. Write plain text.")
        return found

    def many(
        self, table: Mapping[str, Any], key: str, where: str, *, required: bool = False
    ) -> tuple[str, ...]:
        found = table.get(key, [])
        if isinstance(found, str):
            found = [found]
        if not isinstance(found, list | tuple) or not all(isinstance(x, str) for x in found):
            raise self.fail(where, 'is a list of texts, like ["mail"].')
        if required and not found:
            raise self.fail(where, "is empty. Name at least one.")
        return tuple(self.word(each, where) for each in found)

    def chosen(
        self, table: Mapping[str, Any], key: str, where: str, known: tuple[str, ...]
    ) -> tuple[str, ...]:
        found = self.many(table, key, where)
        for each in found:
            if each not in known:
                raise self.fail(where, f"{each!r:.60} is not one of {', '.join(known)}.")
        return found

    def one_of(
        self,
        table: Mapping[str, Any],
        key: str,
        where: str,
        known: tuple[str, ...],
        default: str = "",
    ) -> str:
        found = table.get(key, default)
        if found not in known:
            raise self.fail(where, f"is one of {', '.join(known)}, not {found!r:.60}.")
        return str(found)

    def yes_or_no(self, table: Mapping[str, Any], key: str, where: str) -> bool:
        found = table.get(key, True)
        if not isinstance(found, bool):
            raise self.fail(where, f"is true or false, not {found!r:.60}.")
        return found

    def day(self, found: Any, where: str) -> date:
        day = found if type(found) is date else None
        if isinstance(found, str) and _DATE.fullmatch(found):
            try:
                day = date.fromisoformat(found)
            except ValueError as problem:
                raise self.fail(where, f"{found} is not in the calendar.") from problem
        if day is None:
            raise self.fail(where, f"is a date like 2026-05-04, not {found!r:.60}.")
        if day.year not in YEARS:
            raise self.fail(where, f"lies between {YEARS[0]} and {YEARS[-1]}, not in {day.year}.")
        return day

    def number(self, found: Any, where: str) -> Decimal:
        try:
            number = Decimal(str(found).replace("%", "").strip())
        except InvalidOperation as problem:
            raise self.fail(where, f"is a number, not {found!r:.60}.") from problem
        if not number.is_finite() or isinstance(found, bool):
            raise self.fail(where, f"is a number, not {found!r:.60}.")
        return number / 100 if isinstance(found, str) and "%" in found else number

    def exact(self, number: Decimal, where: str, places: int) -> Decimal:
        """The number in its one spelling, so that 0.950 and 0.95 are the same content."""
        if number.normalize() != round(number, places):
            raise self.fail(where, f"has at most {places} digits behind the point.")
        return round(number, places).normalize() + 0

    def share(self, found: Any, where: str) -> Decimal:
        share = self.number(found, where)
        if not 0 < share <= 1:
            raise self.fail(where, f"is above 0 and at most 1, not {found!s:.60}.")
        return self.exact(share, where, 5)

    def money(self, found: Any, where: str) -> Decimal:
        amount = self.number(found, where)
        if not 0 <= amount < HIGHEST:
            raise self.fail(where, "is not below zero, and below a million million.")
        return self.exact(amount, where, 4)

    def whole(self, found: Any, where: str) -> int:
        if type(found) is not int or not 0 < found < HIGHEST:
            raise self.fail(where, f"is a whole number above zero, not {found!s:.60}.")
        return found
