"""Access tokens of mailboxes that take no password (OAuth 2.0, RFC 6749): asked for, remembered.

Google and Microsoft 365 want them. A token lasts an hour or so; meanwhile it is kept in memory.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Mailbox
from tricorn.tickets.sealed import unseal
from tricorn.tickets.verbs import is_token_place, keep_refresh_token

TIMEOUT = 15.0
LONGEST_ANSWER = 100_000
# One that is about to end is none: signing in takes a moment. Who says nothing means not long.
SPARE, UNSAID = 60.0, 300.0
TOKEN = re.compile(r"[!-~]{1,20000}\Z")
AGAIN = "Ask for consent on the page of the mailbox, or paste a refresh token."
NEXT = {
    "invalid_grant": "The consent has ended or was withdrawn: ask for it again on the page "
    "of the mailbox.",
    "invalid_client": "The client id or its secret is wrong or has ended: paste them anew.",
    "unauthorized_client": "The application may not ask this way: look at its permissions there.",
    "invalid_scope": "The scope is not known there: look at it once more.",
}


@dataclass(frozen=True)
class _Held:
    """A token, what it was asked for with, and the moment on the steady clock when it ends."""

    asked_with: tuple[str, ...]
    token: str
    until: float


_held: dict[int, _Held] = {}
_locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)


def token_for(mailbox: Mailbox, *, stale: str = "") -> str:
    """Return an access token for a mailbox; never the `stale` one, which its server refused.

    Errors  NotReached with what is wrong and what to do about it.
    """
    with _locks[mailbox.pk]:
        held = _held.get(mailbox.pk)
        is_known = held and held.asked_with == _with(mailbox) and held.token != stale
        if held and is_known and held.until > time.monotonic():
            return held.token
        token, seconds = _fetch(mailbox)
        until = time.monotonic() + seconds - SPARE
        _held[mailbox.pk] = _Held(_with(mailbox), token, until)
        return token


def _with(mailbox: Mailbox) -> tuple[str, ...]:
    """What makes another token necessary. A refresh token that was only exchanged does not."""
    return (
        *(mailbox.sign_in, mailbox.token_url, mailbox.client_id, mailbox.client_secret),
        *(mailbox.scope, mailbox.login),
    )


def _fetch(mailbox: Mailbox) -> tuple[str, float]:
    """Ask for a token; of a refresh token another program may have brought a newer one."""
    try:
        return _exchange(mailbox)
    except NotReached:
        known = Mailbox.objects.filter(pk=mailbox.pk).values_list("refresh_token", flat=True)
        newest = known.first() or ""
        if newest == mailbox.refresh_token:
            raise
        mailbox.refresh_token = newest
        return _exchange(mailbox)


def _exchange(mailbox: Mailbox) -> tuple[str, float]:
    refresh = unseal(mailbox.refresh_token)
    if refresh is None:
        raise NotReached("The refresh token cannot be read with the present secret. " + AGAIN)
    form = {"grant_type": "client_credentials"}
    if mailbox.sign_in == "refresh":
        if not refresh:
            raise NotReached("Nobody has consented for this mailbox yet. " + AGAIN)
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
    answer = ask(mailbox, {**form, "scope": mailbox.scope})
    token, kept = str(answer["access_token"]), answer.get("refresh_token")
    is_kept = mailbox.sign_in == "refresh" and isinstance(kept, str) and TOKEN.match(kept)
    if is_kept and kept != refresh:
        keep_refresh_token(mailbox, str(kept))
    try:
        return token, min(max(float(answer.get("expires_in", UNSAID)), 0.0), 86_400.0)
    except (TypeError, ValueError):
        return token, UNSAID


def ask(mailbox: Mailbox, form: dict[str, str]) -> dict[str, Any]:
    """Ask for an access token as the application of a mailbox; return the answer that has one.

    Errors  NotReached with who gives none, why, and what to do.
    """
    secret = unseal(mailbox.client_secret)
    if secret is None:
        raise NotReached(
            "The client secret cannot be read with the present secret of the installation. "
            "Type it again."
        )
    form = {**form, "client_id": mailbox.client_id, "client_secret": secret}
    answer = _post(mailbox.token_url, {name: each for name, each in form.items() if each})
    token = answer.get("access_token")
    if not isinstance(token, str) or not TOKEN.match(token):
        raise NotReached(_refused(mailbox.token_url, answer))
    return answer


class _Nowhere(HTTPRedirectHandler):
    """Follows nobody: a secret is shown where it was meant to be shown."""

    def redirect_request(self, *given: Any, **named: Any) -> None:
        return None


_OPENER = build_opener(_Nowhere)
_OPENER.addheaders = [("Accept", "application/json"), ("User-Agent", "Tricorn")]


def _post(url: str, form: dict[str, str]) -> dict[str, Any]:
    """Return what the server answered, good or bad; empty where it is no JSON object."""
    if not is_token_place(url):
        raise NotReached("Access tokens are asked for over a safe line only: https://...")
    try:
        try:
            with _OPENER.open(url, urlencode(form).encode(), TIMEOUT) as answer:
                raw = answer.read(LONGEST_ANSWER)
        except HTTPError as problem:
            with problem:
                raw = problem.read(LONGEST_ANSWER)
    except (OSError, HTTPException, ValueError) as problem:
        why = getattr(problem, "reason", None) or problem
        raise NotReached(
            f"{urlsplit(url).hostname} cannot be asked for an access token: {_plain(str(why), 120)}. "
            "It is tried again; letters wait in the mailbox."
        ) from problem
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _refused(url: str, answer: dict[str, Any]) -> str:
    """Say who gives no token, why, and what to do."""
    error = answer.get("error")
    code = _plain(error, 40) if isinstance(error, str) else ""
    detail = answer.get("error_description")
    said = _plain(detail, 90) if isinstance(detail, str) else ""
    words = ": ".join(each for each in (code, said) if each) or "its answer has none in it"
    what = NEXT.get(code, "Look at the address that tokens are asked for at, and try again.")
    return f"{urlsplit(url).hostname} gives no access token ({words}). {what}"


def _plain(words: str, most: int) -> str:
    """A few words of somebody else's, on one line, without an address of anybody."""
    kept = "".join(each if each.isprintable() else " " for each in words[: most * 4])
    return " ".join(each for each in kept.split() if "@" not in each)[:most].rstrip(" .:")


def response(login: str, token: str, mechanism: str = "XOAUTH2") -> str:
    """Return what a client says first: Google's and Microsoft's own way, or RFC 7628."""
    if mechanism == "OAUTHBEARER":
        name = login.replace("=", "=3D").replace(",", "=2C")
        return f"n,a={name},\x01auth=Bearer {token}\x01\x01"
    return f"user={login}\x01auth=Bearer {token}\x01\x01"


def mechanism_of(offered: str) -> str:
    """Return the way to sign in by token among those a server names; XOAUTH2 where both are."""
    ways = offered.upper().replace("AUTH=", " ").split()
    return "OAUTHBEARER" if "OAUTHBEARER" in ways and "XOAUTH2" not in ways else "XOAUTH2"


def forget() -> None:
    """Let go of every token that is remembered."""
    _held.clear()
