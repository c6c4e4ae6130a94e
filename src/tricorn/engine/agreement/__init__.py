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
from .difference import Change, differences, named
from .proof import Proof, SignedFile, prove

__all__ = [
    "KINDS",
    "PER",
    "PRIORITIES",
    "STARTS",
    "STOPS",
    "Agreement",
    "Change",
    "Clause",
    "Entitled",
    "Price",
    "Proof",
    "Signed",
    "SignedFile",
    "differences",
    "named",
    "prove",
]
