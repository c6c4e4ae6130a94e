"""What people type, made clean: one line of text, an address, a zone."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tricorn.engine.errors import BadInput
from tricorn.engine.hours.zones import known_zones

# They join or part the letters of Persian and of many an emoji, and are no control characters.
JOINERS = "\u200c\u200d"


def clean(text: str, what: str, longest: int, *, required: bool = True) -> str:
    """Return one line of text without control characters, or say what is wrong with it."""
    kept = (c for c in text if c.isprintable() or c.isspace() or c in JOINERS)
    text = " ".join("".join(kept).split())
    if not text.strip(JOINERS):
        text = ""
    if required and not text:
        raise BadInput(f"The {what} is empty. Write it down.", field=what)
    if len(text) > longest:
        raise BadInput(f"The {what} has {len(text)} characters; at most {longest} fit.", field=what)
    return text


def known_email(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
        if len(email) > 254:
            raise ValidationError("No mail system takes a longer one.")
    except ValidationError as problem:
        raise BadInput(
            f"{email[:80]!r} is not a mail address. It reads like name@example.org.", field="email"
        ) from problem
    return email


def known_zone(zone: str) -> str:
    if zone not in known_zones():
        raise BadInput(
            f"There is no time zone {zone[:60]!r}. It reads like Europe/Berlin.", field="zone"
        )
    return zone
