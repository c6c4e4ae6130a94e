"""The countries whose public holidays are known, and their parts, by the names people say."""

from __future__ import annotations

from functools import cache


@cache
def countries() -> list[tuple[str, str]]:
    """Return every country whose public holidays are known: (code, name), by name."""
    from holidays.registry import COUNTRIES

    return sorted(
        ((names[1], key.replace("_", " ").title()) for key, names in COUNTRIES.items()),
        key=lambda pair: pair[1],
    )


@cache
def _subdivisions(country: str) -> list[tuple[str, str]]:
    from holidays import country_holidays

    known = country_holidays(country)
    aliases = known.get_subdivision_aliases()
    return sorted(
        ((code, next(iter(aliases.get(code, [])), code)) for code in known.subdivisions),
        key=lambda pair: pair[1],
    )


def subdivisions(country: str) -> list[tuple[str, str]]:
    """Return the parts of a country that have holidays of their own; none for an unknown one."""
    return _subdivisions(country) if country in dict(countries()) else []


def said_country(country: str, subdivision: str | None = None) -> str:
    """Return a country, or one of its parts, as one says it: "Germany", "Germany (Berlin)".

    Codes without a name stay as they are.
    """
    name = dict(countries()).get(country, country)
    if not subdivision:
        return name
    return f"{name} ({dict(subdivisions(country)).get(subdivision, subdivision)})"
