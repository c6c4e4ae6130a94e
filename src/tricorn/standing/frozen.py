"""What a row says, as one digest that its journal line keeps, so that a changed row shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from tricorn.journal.verbs import digest, word
from tricorn.standing.models import Approval


def proofs(*rows: models.Model) -> dict[str, dict[str, str]]:
    """Return the digest of each row by kind and number, as a line's `proofs` carries them."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(word(row), {})[str(row.pk)] = proof_of(row)
    return found


def proof_of(row: models.Model) -> str:
    """Return the digest of everything that a row says; keyed where it holds somebody's words."""
    told = {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in ("id", "key")
    }
    if isinstance(row, Approval):
        told["services"] = sorted(service.pk for service in row.services.all())
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return digest(bytes(getattr(row, "key", b"")), canonical)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value
