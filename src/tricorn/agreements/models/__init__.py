"""Agreements as rows: what was signed, and what is being negotiated. One file per topic."""

from tricorn.agreements.models.offers import (
    Assent,
    ChangeAsked,
    Offer,
    Option,
    SigningCode,
    Wording,
)
from tricorn.agreements.models.reviews import Review, ReviewAction, ReviewQuerySet
from tricorn.agreements.models.trials import Trial, TrialOffer, TrialQuerySet
from tricorn.agreements.models.versions import (
    AgreedStep,
    Agreement,
    Clause,
    Entitlement,
    Signature,
    Version,
    VersionQuerySet,
)
from tricorn.agreements.models.work import Work, WorkOutcome

__all__ = [
    "AgreedStep",
    "Agreement",
    "Assent",
    "ChangeAsked",
    "Clause",
    "Entitlement",
    "Offer",
    "Option",
    "Review",
    "ReviewAction",
    "ReviewQuerySet",
    "Signature",
    "SigningCode",
    "Trial",
    "TrialOffer",
    "TrialQuerySet",
    "Version",
    "VersionQuerySet",
    "Wording",
    "Work",
    "WorkOutcome",
]
