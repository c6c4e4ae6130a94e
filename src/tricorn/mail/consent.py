"""Asking a mailbox's owner for consent at Google or Microsoft, and what the answer is worth.

The way of RFC 6749 with a proof of one's own (PKCE, RFC 7636): whoever catches the answer on its
way has no use for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tricorn.mail import bearer
from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Mailbox

GOOGLE = "oauth2.googleapis.com"
ASKS = "https://accounts.google.com/o/oauth2/v2/auth"
MICROSOFT = "/oauth2/v2.0/token"


def consent_url(mailbox: Mailbox, back: str, state: str) -> str:
    """Return where consent is asked for; empty where nobody can tell.

    `back` is our own page that the answer comes to, `state` what it brings along unchanged.
    """
    parts = urlsplit(mailbox.token_url)
    if parts.hostname == GOOGLE:
        asks, more = ASKS, {"access_type": "offline", "prompt": "consent"}
    elif parts.path.endswith(MICROSOFT):
        asks, more = mailbox.token_url.removesuffix("token") + "authorize", {"prompt": "consent"}
    else:
        return ""
    shown = base64.urlsafe_b64encode(hashlib.sha256(_proof(state).encode()).digest())
    query = {
        "client_id": mailbox.client_id,
        "response_type": "code",
        "redirect_uri": back,
        "scope": mailbox.scope,
        "login_hint": mailbox.login,
        "state": state,
        "code_challenge": shown.decode().rstrip("="),
        "code_challenge_method": "S256",
        **more,
    }
    return f"{asks}?{urlencode(query)}"


def exchange(mailbox: Mailbox, code: str, back: str, state: str) -> str:
    """Return the refresh token that an answer is worth.

    Errors  NotReached where it is worth none.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": _proof(state),
    }
    answer = bearer.ask(mailbox, form)
    token = answer.get("refresh_token")
    if not isinstance(token, str) or not bearer.TOKEN.match(token):
        raise NotReached(
            "The consent was given, but no refresh token with it: see that the scope has "
            "offline_access in it (Microsoft), and ask once more."
        )
    return token


def _proof(state: str) -> str:
    """The secret of this one asking, which only we can make again."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"consent: {state}".encode(), "sha256")
    return made.hex()
