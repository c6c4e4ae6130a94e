"""Words that the database must not give away: sealed with the secret of the installation.

HMAC-SHA256 in counter mode, then a mark over it (encrypt, then authenticate), each with a key of
its own. A copy of the database without the secret says nothing, and what was altered opens no more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from django.conf import settings

NONCE, MARK = 16, 32


def seal(words: str) -> str:
    """Return the words sealed; nothing stays nothing."""
    if not words:
        return ""
    nonce = secrets.token_bytes(NONCE)
    hidden = _mixed(words.encode(), nonce)
    return base64.urlsafe_b64encode(nonce + hidden + _mark(nonce + hidden)).decode()


def unseal(sealed: str) -> str | None:
    """Return the words again; None when they were sealed with another secret, or altered."""
    if not sealed:
        return ""
    try:
        given = base64.urlsafe_b64decode(sealed)
    except (binascii.Error, ValueError):
        return None
    body, mark = given[:-MARK], given[-MARK:]
    if len(body) < NONCE or not hmac.compare_digest(mark, _mark(body)):
        return None
    return _mixed(body[NONCE:], body[:NONCE]).decode()


def _mixed(data: bytes, nonce: bytes) -> bytes:
    key, stream, count = _key("hide"), b"", 0
    while len(stream) < len(data):
        stream += hmac.digest(key, nonce + count.to_bytes(8, "big"), "sha256")
        count += 1
    return bytes(left ^ right for left, right in zip(data, stream, strict=False))


def _mark(data: bytes) -> bytes:
    return hmac.digest(_key("mark"), data, "sha256")


def _key(what: str) -> bytes:
    return hashlib.sha256(f"tricorn sealed words, {what}: {settings.SECRET_KEY}".encode()).digest()
