"""A dry look at an agreement text: everything that activating it checks, and nothing of it kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tricorn.agreements.models import Version
from tricorn.agreements.verbs import activate
from tricorn.engine import agreement as text
from tricorn.journal.actor import Actor


@dataclass(frozen=True)
class Rehearsal:
    """What activating a text would bring about.

    number      The version that it would become, or is already when `is_new` is false.
    signers     Those who signed, by the names on record here.
    supersedes  The version of the same agreement that holds now, if there is one.
    """

    content: text.Agreement
    number: int
    is_new: bool
    from_at: datetime
    signers: tuple[str, ...]
    supersedes: str


def rehearse(content: text.Agreement, *, by: Actor, at: datetime) -> Rehearsal:
    """Activate in a transaction that is rolled back, so the dry look is as strict as the deed.

    Errors  BadAgreement, as `activate`.
    """
    with transaction.atomic():
        version, is_new = _attempt(content, by, at)
        before = (
            Version.objects.in_force(at)
            .filter(agreement=version.agreement)
            .exclude(pk=version.pk)
            .first()
        )
        older = version.agreement.versions.exclude(pk=version.pk).order_by("-number").first()
        found = Rehearsal(
            content=content,
            number=version.number,
            is_new=is_new,
            from_at=version.from_at,
            signers=tuple(each.person.name for each in version.signatures.select_related("person")),
            supersedes=str(before or older or "") if is_new else "",
        )
        transaction.set_rollback(True)
    return found


def _attempt(content: text.Agreement, by: Actor, at: datetime) -> tuple[Version, bool]:
    done = activate(content, by=by, at=at)
    return done.version, done.is_new
