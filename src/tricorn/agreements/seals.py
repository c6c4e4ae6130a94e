"""What the journal remembers of rows that never change: one hash over everything they hold."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tricorn.agreements.models import Assent, Signature


def assent_seal(row: Assent) -> str:
    """Return the hash of a signature given on a wording."""
    return _hash(
        wording=row.wording_id,
        side=row.side,
        person=row.person_id,
        acting_for=row.acting_for_id,
        authority=row.authority_id,
        capacity=row.capacity,
        method=row.method,
        on=row.on.isoformat(),
        text=row.hash,
        head=row.head,
    )


def signature_seal(row: Signature) -> str:
    """Return the hash of a signature of a version."""
    return _hash(
        person=row.person_id,
        acting_for=row.acting_for_id,
        authority=row.authority_id,
        capacity=row.capacity,
        method=row.method,
        on=row.on.isoformat(),
    )


def _hash(**fields: Any) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
