"""The house; looking up people by name or mail address; whether two organisations are of one."""

from __future__ import annotations

from typing import cast

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from tricorn.parties.models import Alias, House, Organisation, Person
from tricorn.prepared import Prepared

LAST = chr(0x10FFFF)
HOUSE = Prepared(lambda: House.objects.select_related("provider").order_by("pk")[:1])
ZONE = Prepared(lambda: House.objects.order_by("pk").values_list("zone")[:1])


def the_house() -> House | None:
    """Return the house with its provider; None before anybody set it up. One query."""
    return HOUSE.first()


def house_zone() -> str:
    """Return the zone that the house keeps its days in, UTC before it has one. One query."""
    return str(next(iter(ZONE.column()), "UTC"))


def find_people(words: str) -> QuerySet[Person]:
    """Return the people that these words may mean, by name; no words means everybody.

    The beginning of name or address is looked up in an index; only when nobody is found there
    are the later words of names read.
    """
    everybody = Person.objects.filter(merged_into=None).order_by(Lower("name"), "id")
    words = " ".join(words.split())[:200]
    if not words:
        return everybody
    by_mail = "@" in words
    begins = (
        _begins("email", words) if by_mail else _begins("name", words) | _begins("email", words)
    )
    found = everybody.alias(_name=Lower("name"), _email=Lower("email")).filter(begins)
    if by_mail or found.exists():
        return found
    return everybody.filter(name__icontains=f" {words}")


def person_meant(words: str) -> tuple[Person, ...]:
    """Return whom a mail address or a whole name means: nobody, one, or (at most two of) several."""
    words = " ".join(words.split())
    if not words:
        return ()
    if "@" in words:
        found = person_by_address(words)
        return (found,) if found else ()
    rows = Person.objects.filter(name__iexact=words, merged_into=None)
    return tuple(rows.order_by("id")[:2])


# By the indexes that keep addresses unique, whatever their case.
PERSONS = Prepared(
    lambda addresses, at: (
        Person.objects.alias(_email=Lower("email")).filter(_email__in=addresses).order_by("id")
    ),
    texts=["addresses"],
)
ALIASES = Prepared(
    lambda addresses, at: (
        Alias.objects.alias(_address=Lower("address"))
        .filter(_address__in=addresses)
        .select_related("person")
        .order_by("id")
    ),
    texts=["addresses"],
)


def person_by_address(address: str) -> Person | None:
    """Return whose mail address this is, also one that came with a merged record. Two queries.

    This is what mail asks: the address of a record that was merged leads to the one that stayed.
    """
    address = address.strip()
    if not address:
        return None
    # SQLite knows small letters in ASCII alone.
    small = {address.lower(), "".join(c.lower() if c.isascii() else c for c in address)}
    for found in PERSONS.objects(addresses=small):
        return cast(Person, found)
    return next((each.person for each in ALIASES.objects(addresses=small)), None)


def is_one_house(one: Organisation, other: Organisation) -> bool:
    """Whether both belong to one house: then provision is internal and people approve, not sign."""
    return one.above[:1] == other.above[:1]


def _begins(field: str, words: str) -> Q:
    """Match the beginning of a column that is indexed in lower case.

    SQLite, and PostgreSQL in the C locale, know small letters in ASCII alone, so capitals beyond
    it are tried too. SQLite uses its index for a range; PostgreSQL's order depends on the locale.
    """
    found = Q()
    for begin in dict.fromkeys(_small(form) for form in (words, words.lower(), words.title())):
        if connection.vendor == "sqlite":
            found |= Q(**{f"_{field}__gte": begin, f"_{field}__lt": begin + LAST})
        else:
            found |= Q(**{f"_{field}__startswith": begin})
    return found


def _small(text: str) -> str:
    """Return the text with its ASCII letters small."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
