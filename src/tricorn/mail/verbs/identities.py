"""Who the letters of a service come from, and how they are signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import Entry, write, write_all
from tricorn.mail.models import Identity
from tricorn.parties.verbs import known_email
from tricorn.parties.verbs.typed import clean

LONGEST_SIGNATURE = 1000
LONGEST_NAME = 80


@dataclass(frozen=True)
class Given:
    """An identity as somebody gives it: the name and address of From, and the last words."""

    name: str
    address: str
    signature: str = ""


def set_identity(service: Service | None, given: Given, *, by: Actor, at: datetime) -> Identity:
    """Let the letters of a service, or of the house, come from this name and address.

    Errors  BadInput for no name, no address or an endless signature.
    """
    name = clean(given.name, "name", LONGEST_NAME)
    try:
        address = known_email(given.address)
    except BadInput as problem:
        raise BadInput(str(problem), field="address") from problem
    kept = (c for c in given.signature.replace("\r\n", "\n") if c.isprintable() or c == "\n")
    signature = "".join(kept).strip()
    if len(signature) > LONGEST_SIGNATURE:
        raise BadInput(
            gettext("The signature has %(many)d characters; at most %(longest)d fit.")
            % {"many": len(signature), "longest": LONGEST_SIGNATURE},
            field="signature",
        )
    values = {
        "name": name,
        "address": address,
        "signature": signature,
    }
    with transaction.atomic():
        found = Identity.objects.select_for_update().filter(service=service).first()
        was = {key: getattr(found, key) for key in values} if found else {}
        if found is not None and was == values:
            return found
        identity, _ = Identity.objects.update_or_create(service=service, defaults=values)
        changed = sorted(key for key in values if was.get(key) != values[key])
        of = service.pk if service else None
        write(identity, "identity.set", by=by, at=at, service=of, changed=changed)
    return identity


def drop_identity(service: Service | None, *, by: Actor, at: datetime) -> None:
    """Let these letters come from the house again, or from what the machine's setting says."""
    with transaction.atomic():
        found = Identity.objects.select_for_update().filter(service=service).first()
        if found is None:
            return
        data = {"service": service.pk if service else None}
        write_all([Entry("identity", found.pk, "identity.removed", data)], by=by, at=at)
        found.delete()
