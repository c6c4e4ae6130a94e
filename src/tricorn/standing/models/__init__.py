"""Facts, uses, duties; authority and who stands in; approvals. Everything is imported from here."""

from tricorn.standing.models.approval import Answer, Approval, ApprovalQuerySet
from tricorn.standing.models.authority import MAY, Absence, Authority, Quorum
from tricorn.standing.models.facts import (
    DUTIES,
    FACT_KINDS,
    RECORDED_BY_HAND,
    Duty,
    Fact,
    Use,
)
from tricorn.standing.models.period import InForce

__all__ = [
    "DUTIES",
    "FACT_KINDS",
    "MAY",
    "RECORDED_BY_HAND",
    "Absence",
    "Answer",
    "Approval",
    "ApprovalQuerySet",
    "Authority",
    "Duty",
    "Fact",
    "InForce",
    "Quorum",
    "Use",
]
