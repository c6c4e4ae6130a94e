"""The agreement as a text that executes: read from TOML, checked, written back without loss."""

from .content import (
    KINDS,
    PER,
    PRIORITIES,
    STARTS,
    STOPS,
    Agreement,
    Clause,
    Entitled,
    Price,
    Signed,
)

__all__ = [
    "KINDS",
    "PER",
    "PRIORITIES",
    "STARTS",
    "STOPS",
    "Agreement",
    "Clause",
    "Entitled",
    "Price",
    "Signed",
]
