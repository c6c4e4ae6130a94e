"""The signed word in an address to answer to: which ticket it is about, and whom it was given to.

`desk+T-7-k3v9q…@example.org`: the ticket, five letters that stand for the address the letter went
to, and ten that only this installation can make. Mail servers change the case of addresses and
people read them aloud, so the letters are those of base 32 in any case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from django.conf import settings

from tricorn.tickets.models import Ticket

TOKEN = re.compile(r"(?:\A|\+)(t-([1-9][0-9]{0,17})-([a-z2-7]{5})([a-z2-7]{10}))\Z")
LONGEST = 64


def token_for(ticket: Ticket | int, address: str) -> str:
    """Return the token of a ticket for one address; the same whenever it is asked for."""
    number = ticket if isinstance(ticket, int) else ticket.pk
    whom = _letters("whom", address.strip().lower(), 5)
    return f"T-{number}-{whom}{_sealed(number, whom)}"


def ticket_of(token: str) -> int | None:
    """Return the id of the ticket that a token, or the local part that ends in it, is about.

    None for what is no token, was made elsewhere, or was made for another ticket.
    """
    if len(token) > LONGEST or not token.isascii():
        return None
    found = TOKEN.search(token.lower())
    if found is None:
        return None
    number, whom, seal = int(found[2]), found[3], found[4]
    return number if hmac.compare_digest(seal, _sealed(number, whom)) else None


def is_given_to(token: str, address: str) -> bool:
    """Whether a token, or the local part that ends in it, was made for this address."""
    number = ticket_of(token)
    if number is None:
        return False
    wanted = token_for(number, address).lower()
    return hmac.compare_digest(token.lower()[-len(wanted) :], wanted)


def _sealed(number: int, whom: str) -> str:
    return _letters("seal", f"{number} {whom}", 10)


def _letters(what: str, words: str, most: int) -> str:
    key = f"tricorn.mail.tokens.{what}:{settings.SECRET_KEY}".encode()
    found = hmac.new(key, words.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.b32encode(found).decode().lower()[:most]
