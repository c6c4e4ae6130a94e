"""Agreements as rows: what was signed, and what is being negotiated. One file per topic."""

from tricorn.agreements.models.offers import (
    Assent,
    ChangeAsked,
    Offer,
    Option,
    SigningCode,
    Wording,
)
from tricorn.agreements.models.versions import (
    Agreement,
    Clause,
    Entitlement,
    Signature,
    Version,
    VersionQuerySet,
)

__all__ = [
    "Agreement",
    "Assent",
    "ChangeAsked",
    "Clause",
    "Entitlement",
    "Offer",
    "Option",
    "Signature",
    "SigningCode",
    "Version",
    "VersionQuerySet",
    "Wording",
]
