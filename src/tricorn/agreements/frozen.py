"""Hashes of what a row says for good, as journal lines carry them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tricorn.journal.verbs import digest


def text_of(content: Mapping[str, Any]) -> str:
    """Return the one text of this content; days, moments and amounts as they are written."""
    return json.dumps(content, sort_keys=True, default=str)


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of content that names nobody."""
    return hashlib.sha256(text_of(content).encode()).hexdigest()


def keyed(row: Any, content: Mapping[str, Any]) -> str:
    """Return the hash of what people wrote, under the row's own key."""
    return digest(bytes(row.key), text_of(content))
