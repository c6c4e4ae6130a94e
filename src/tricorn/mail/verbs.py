"""Outgoing mail: what is to be sent is written first, then sent by the worker."""

from __future__ import annotations

from datetime import datetime


def send_code(email: str, code: str, *, at: datetime) -> None:
    """Mail a sign-in code."""
    raise NotImplementedError
