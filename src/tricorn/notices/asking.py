"""Asking how it was: whom, by which address; once at the end, and not who wants to be left alone.

The address in a letter says nothing but which ticket is rated and for whom: who finds it may rate,
once, and reads nothing. A link scanner that opens it changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer

from tricorn.journal.actor import Actor
from tricorn.notices.models import Silence
from tricorn.notices.reads import how_of
from tricorn.parties.models import Person
from tricorn.tickets.models import Rating, Ticket

SALT = "tricorn how it was"


@dataclass(frozen=True)
class Asked:
    """Which ticket, and who was asked: a person, or the keyed hash of an address."""

    ticket_id: int
    person_id: int | None
    address: str

    @property
    def actor(self) -> Actor:
        """Who rates: the person, or whoever holds the address that the report gave."""
        return Actor("person", self.person_id) if self.person_id else Actor("link", self.ticket_id)


def token_for(ticket: Ticket, person: Person | None, address: str) -> str:
    """Return the signed word for one ticket and one address."""
    whom = f"p{person.pk}" if person else keyed(address)
    return Signer(salt=SALT, sep=".").sign(f"{ticket.pk}.{whom}")


def read_token(token: str) -> Asked | None:
    """Return what a signed word says; None for one that we did not make."""
    try:
        number, _, whom = Signer(salt=SALT, sep=".").unsign(token).partition(".")
    except BadSignature:
        return None
    if whom.startswith("p"):
        return Asked(int(number), int(whom[1:]), "")
    return Asked(int(number), None, whom)


def is_asked(ticket: Ticket, person: Person | None, address: str) -> bool:
    """Whether to ask this reader at the end of this ticket.

    Not about a complaint: it may name somebody, and asks for a reply and no figure. Not when it was
    rated already, nor who set it off.
    """
    if ticket.kind == "complaint" or ticket.merged_into_id:
        return False
    if Rating.objects.filter(ticket=ticket).exists():
        return False
    if person is not None:
        return how_of(person.pk, "requester", "rating") != "off"
    return not Silence.objects.filter(address=keyed(address)).exists()


def keyed(address: str) -> str:
    """Return the keyed hash of an address: it can be known again, and not be read."""
    key = hashlib.sha256(b"silence:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()
