"""Agreements: what was signed, as rows. One file per topic; everything is imported from here."""

from tricorn.agreements.models.versions import (
    Agreement,
    Clause,
    Entitlement,
    Signature,
    Version,
    VersionQuerySet,
)

__all__ = ["Agreement", "Clause", "Entitlement", "Signature", "Version", "VersionQuerySet"]
