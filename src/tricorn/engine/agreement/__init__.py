"""The agreement as a text that executes: read from TOML, checked, written back without loss."""

from .content import (
    AGREEMENT_KINDS,
    BASES,
    KINDS,
    METHODS,
    PER,
    PRIORITIES,
    RUNNING,
    STARTS,
    STOPS,
    Agreement,
    Availability,
    Clause,
    Credit,
    Entitled,
    Escalation,
    Exemption,
    Price,
    Review,
    Signed,
    Workload,
)
from .difference import Change, differences, named
from .length import Length
from .proof import Proof, SignedFile, prove
from .stepped import step_when

__all__ = [
    "AGREEMENT_KINDS",
    "BASES",
    "KINDS",
    "METHODS",
    "PER",
    "PRIORITIES",
    "RUNNING",
    "STARTS",
    "STOPS",
    "Agreement",
    "Availability",
    "Change",
    "Clause",
    "Credit",
    "Entitled",
    "Escalation",
    "Exemption",
    "Length",
    "Price",
    "Proof",
    "Review",
    "Signed",
    "SignedFile",
    "Workload",
    "differences",
    "named",
    "prove",
    "step_when",
]
