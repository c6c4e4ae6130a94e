"""Tokens: access for programs, in the name of one person, within scopes, until a day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person, Token
from tricorn.parties.verbs.typed import clean

# What a token opens, of what its person may do anyway.
SCOPES = (
    "tickets:read",
    "tickets:write",
    "articles:read",
    "articles:write",
    "people:read",
    "people:write",
    "services:read",
    "agreements:read",
)
# By this beginning a token is known for what it is when somebody finds one in a text.
BEGIN = "tricorn_"
LONGEST_DAYS = 366
MOST = 30
COARSE = timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    """A token just made, with the secret that is shown this once and never again."""

    token: Token
    secret: str


def make_token(
    person: Person, *, by: Actor, at: datetime, name: str, scopes: Iterable[str], days: int
) -> Made:
    """Make a token for a person's programs: by themselves, or by who has the machine.

    Errors  BadInput for an empty name, no scope or an unknown one, more days than a year, too many.
    """
    if not by.is_program and by != person.actor:
        raise StandingRefused("Everybody makes their own tokens. Ask them to make one.")
    if by.via is not None:
        raise StandingRefused("A token makes no other token. Make one in the browser.")
    name = clean(name, "name", 80)
    chosen = [each for each in SCOPES if each in set(scopes)]
    if not chosen or set(scopes) - set(SCOPES):
        raise BadInput(f"Choose what it may do: {', '.join(SCOPES)}.", field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"A token holds from 1 to {LONGEST_DAYS} days.", field="days")
    secret = BEGIN + secrets.token_urlsafe(32)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            raise BadInput(f"{person} may not sign in, and so no program may for them.")
        if Token.objects.valid(at).filter(person=person).count() >= MOST:
            raise BadInput(
                f"{MOST} tokens are as many as one person has. Take one back first.", field="name"
            )
        token = Token.objects.create(
            person=person,
            name=name,
            scopes=chosen,
            hint=secret[: len(BEGIN) + 4],
            hash=_hash(secret),
            made_at=at,
            ends_at=at + timedelta(days=days),
        )
        write(token, "token.made", by=by, at=at, person=person.pk, scopes=chosen, days=days)
    return Made(token, secret)


def revoke_token(token: Token, *, by: Actor, at: datetime) -> Token:
    """Take a token back: it opens nothing any more. Twice is once."""
    with transaction.atomic():
        token = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if token.revoked_at is None:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            write(token, "token.revoked", by=by, at=at, person=token.person_id)
    return token


def token_of(secret: str, *, at: datetime) -> Token | None:
    """Return the token that this secret is, with its person; None for a guess. One query."""
    if not secret.startswith(BEGIN) or not secret.isascii():
        return None
    return Token.objects.valid(at).filter(hash=_hash(secret)).select_related("person").first()


def seen_token(token: Token, *, at: datetime) -> None:
    """Remember that a token was used, to the hour: no line, and seldom a write."""
    if token.used_at is None or at - token.used_at >= COARSE:
        Token.objects.filter(pk=token.pk).update(used_at=at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
