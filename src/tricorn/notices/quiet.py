"""The signed word behind "do not tell me this again": whom, in which capacity, about what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.signing import BadSignature, Signer

from tricorn.notices.abouts import BY_NAME
from tricorn.notices.asking import keyed
from tricorn.notices.models import Silence
from tricorn.notices.verbs import choose
from tricorn.parties.models import Person

SALT = "tricorn quiet"


@dataclass(frozen=True)
class Wish:
    """To be left alone: a person with one thing, or an address (its keyed hash) with being asked."""

    capacity: str
    about: str
    person_id: int | None
    address: str


def word_for(capacity: str, about: str, *, person: Person | None, address: str = "") -> str:
    """Return the signed word with which one person, or one address, can be left alone."""
    whom = f"p{person.pk}" if person else keyed(address)
    return Signer(salt=SALT, sep=".").sign(f"{capacity}.{about}.{whom}")


def read_word(word: str) -> Wish | None:
    """Return what a signed word says; None for one that we did not make."""
    try:
        capacity, about, whom = Signer(salt=SALT, sep=".").unsign(word).split(".")
    except (BadSignature, ValueError):
        return None
    if whom.startswith("p"):
        return Wish(capacity, about, int(whom[1:]), "")
    return Wish(capacity, about, None, whom)


def heed(wish: Wish, *, at: datetime) -> None:
    """Leave them alone: what is mailed about is on the page from now on; who was asked is not."""
    if wish.person_id is None:
        Silence.objects.get_or_create(address=wish.address, defaults={"since": at})
        return
    person = Person.objects.get(pk=wish.person_id)
    choices = BY_NAME[wish.capacity, wish.about].choices
    way = "page" if "page" in choices else "off"
    choose(person, {(wish.capacity, wish.about): way}, by=person.actor, at=at)
