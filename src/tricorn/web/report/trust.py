"""What looks wrong with a report that came in. Nothing is refused: it is taken and held for review.

Nothing about a sender is stored. The rate is counted in memory under a keyed hash of the address;
the key is drawn anew every day and then forgotten, so that nobody can tell who it was.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

QUICKEST = timedelta(seconds=2)
OLDEST = timedelta(days=3)
MOST_LINKS = 3
MOST_PER_HOUR = 30
HOUR, DAY = 3600, 86_400
LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
_signer = Signer(salt="tricorn report form")


@dataclass(frozen=True)
class Word:
    """What a form carries: when it was drawn, and a random part that no other form has."""

    made_at: datetime
    nonce: str


def new_word(at: datetime) -> str:
    """Return the word for a form that is drawn now: signed, so that nobody makes their own."""
    return _signer.sign(f"{int(at.timestamp() * 1000)}.{secrets.token_urlsafe(12)}")


def read_word(given: str) -> Word | None:
    """Return what a form's word says; None when we did not make it."""
    try:
        millis, nonce = _signer.unsign(given).split(".", 1)
    except (BadSignature, ValueError):
        return None
    return Word(datetime.fromtimestamp(int(millis) / 1000, tz=UTC), nonce)


def once(word: Word | None, text: str) -> str | None:
    """Return what makes a second submit of the same form and words the same ticket.

    Other words in the same form are another report: nothing that somebody typed gets lost.
    """
    if word is None:
        return None
    return hashlib.sha256(f"{word.nonce}\n{text.strip()}".encode(errors="replace")).hexdigest()


def doubt(
    request: HttpRequest,
    *,
    trap: str,
    word: Word | None,
    text: str,
    at: datetime,
    what: str = "report",
) -> str:
    """Return why a report is held for review, in at most 20 characters; empty when it is not.

    `what` else is sent is counted apart, so that it holds up no report.
    """
    is_many = _count(request, at, what) > MOST_PER_HOUR
    if trap:
        return "hidden field filled"
    if len(LINK.findall(text)) > MOST_LINKS:
        return "many links"
    if is_many:
        return "many from one sender"
    if _is_from_elsewhere(request):
        return "sent from elsewhere"
    if word is None:
        return "unknown form"
    if at - word.made_at > OLDEST:
        return "old form"
    if at - word.made_at < QUICKEST:
        return "too quick"
    return ""


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin.partition("://")[2] != request.get_host()


def _count(request: HttpRequest, at: datetime, what: str) -> int:
    """Count this report for its sender and return how many there were within the hour."""
    salt = cache.get_or_set(f"report-salt-{at.date()}", lambda: secrets.token_bytes(32), DAY)
    name = hmac.new(salt or b"", _network(request).encode(), hashlib.sha256).hexdigest()
    key = f"{what}-count-{name}-{int(at.timestamp()) // HOUR}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:
        return 1


def _network(request: HttpRequest) -> str:
    """Return the sender's address; of IPv6 the part that one connection has for itself."""
    try:
        address = get_adapter().get_client_ip(request)
        parsed = ipaddress.ip_address(address)
    except (PermissionDenied, ValueError):
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
