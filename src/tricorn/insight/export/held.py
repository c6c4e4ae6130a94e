"""What is written out, and what is not, each with its reason.

A table is written out unless it is named here. A field that sounds like a secret stays behind
until somebody has decided about it here; a test names those that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

NOT_WRITTEN = {
    "tickets.Presence": "who has a ticket open at this moment",
    "api.Answered": "answers of the API, kept for a day so that nothing is done twice",
    "api.Pace": "how often a token asked within a minute",
}
# Packages of others: what they keep is either empty here or ours alone while somebody signs in.
OTHERS = {
    "auth": "groups and permissions are not used",
    "contenttypes": "Django's own list of tables",
    "sessions": "who is signed in now",
    "account": "addresses that are confirmed; the address itself stands with the person",
}
SOUNDS_SECRET = re.compile(r"password|secret|token|nonce|hash|key|link|code|hint|credential")
# Secrets: with one of these somebody could sign in, open a link, or undo an erasure.
SECRET = {
    "parties.Person": {"password"},
    "parties.Token": {"hash", "hint"},
    "agreements.SigningCode": {"nonce"},
    # Keys under another name belong to texts, too: TEXT_KEY says why they stay.
    "tickets.Hearing": {"reply_key"},
    "tickets.Mailbox": {"secret", "client_secret", "refresh_token"},
    "tickets.Ticket": {"fields_key", "link_key", "link_hash"},
}
# The random key of a personal text: with text and key anybody could prove that we wrote it.
TEXT_KEY = "key"
# These only sound so: what proves a text or a file to its reader, and names in addresses.
OPEN = {
    "tickets.Mailbox": {"token_url"},
    "journal.Seal": {"hash"},
    "agreements.Version": {"hash"},
    "agreements.Wording": {"hash"},
    "agreements.Assent": {"hash"},
    "insight.Replay": {"key", "file_hash"},
    "tickets.Tag": {"key"},
}


def tables() -> list[type[models.Model]]:
    """Return every table of ours that is written out, many-to-many among them, by label."""
    found = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("tricorn.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return sorted(
        (each for each in found if each._meta.label not in NOT_WRITTEN),
        key=lambda model: model._meta.label,
    )


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields of a table that are written out, the number of the row first."""
    left = {field.name for field in left_out(model)}
    return [field for field in model._meta.concrete_fields if field.name not in left]


def left_out(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the fields that stay behind: secrets, and what sounds like one and is not decided."""
    label = model._meta.label
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in SECRET.get(label, ())
        or _is_text_key(field)
        or (_sounds_secret(field) and field.name not in OPEN.get(label, ()))
    ]


def undecided() -> Iterator[str]:
    """Yield the fields that sound like a secret and stand in neither list."""
    for model in tables():
        label = model._meta.label
        for field in model._meta.concrete_fields:
            decided = {*SECRET.get(label, ()), *OPEN.get(label, ())}
            if _sounds_secret(field) and not _is_text_key(field) and field.name not in decided:
                yield f"{label}.{field.name}"


def _is_text_key(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.BinaryField) and field.name == TEXT_KEY


def _sounds_secret(field: models.Field[Any, Any]) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField | models.BinaryField)
    return is_text and bool(SOUNDS_SECRET.search(field.name))
