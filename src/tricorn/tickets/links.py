"""The private link of a ticket: made from a key of the ticket and the secret of the house.

The database keeps only a hash, so a stolen copy of it opens no link; the link is never guessed:
it carries 256 bits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from tricorn.tickets.models import Ticket


def token_of(ticket: Ticket) -> str:
    """Return the secret part of the ticket's private link."""
    secret = hashlib.sha256(b"private link:" + settings.SECRET_KEY.encode()).digest()
    made = hmac.new(secret, bytes(ticket.link_key), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """Return what the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
