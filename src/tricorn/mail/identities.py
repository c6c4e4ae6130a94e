"""Who letters come from: the service's own identity, else the house's, else the machine's setting."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.db.models import F, Q

from tricorn.mail.arrivals import box_for
from tricorn.mail.models import Identity, Letter
from tricorn.mail.tokens import token_for
from tricorn.prepared import Prepared
from tricorn.tickets.models import Mailbox

# What mail takes before the @.
LONGEST_LOCAL = 64


IDENTITY = Prepared(
    lambda services, at: Identity.objects.filter(
        Q(service__in=services) | Q(service__isnull=True)
    ).order_by(F("service").desc(nulls_last=True))[:1],
    "services",
)
ADDRESSES = Prepared(
    lambda at: (
        Identity.objects.order_by()
        .values_list("address")
        .union(Mailbox.objects.order_by().values_list("address"))
    )
)


def identity_of(service_id: int | None) -> Identity | None:
    """Return the identity of a service, else that of the house, else nothing: one query."""
    found = IDENTITY.objects(services=[] if service_id is None else [service_id])
    return found[0] if found else None


def signature_of(service_id: int | None) -> str:
    """Return the words at the end of every letter of a service; empty if nobody wrote any."""
    found = identity_of(service_id)
    return found.signature if found else ""


def sender_of(identity: Identity | None) -> str:
    """Return the From of a letter."""
    if identity is None:
        return str(settings.DEFAULT_FROM_EMAIL)
    return formataddr((identity.name, identity.address))


def reply_to_of(letter: Letter, identity: Identity | None) -> str:
    """Return where an answer goes: to the mailbox of the ticket's service, else as set.

    The word after the plus tells the ticket and whom it was given to, so that an answer finds its
    way back even when a mail program drops every other trace.
    """
    # What only says that something happened is no turn in a conversation.
    if letter.ticket is None or letter.kind == "told":
        return str(settings.REPLY_TO)
    box = box_for(letter.ticket.service_id, identity.address if identity else "")
    local, _, domain = box.rpartition("@")
    if not local:
        return str(settings.REPLY_TO)
    marked = f"{local}+{token_for(letter.ticket, letter.recipient)}"
    return f"{marked}@{domain}" if len(marked) <= LONGEST_LOCAL else box


def own_addresses() -> set[str]:
    """Return every address that letters go out from or are read at, in small letters: one query.

    Those of closed mailboxes too.
    """
    known = {parseaddr(each)[1] for each in (settings.DEFAULT_FROM_EMAIL, settings.REPLY_TO)}
    known |= {address for (address,) in ADDRESSES.rows()}
    return {each.lower() for each in known if each}


def is_own(address: str) -> bool:
    """Whether a letter to this address would come back to us, with or without a word after a plus."""
    local, _, domain = address.lower().rpartition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    return not {address.lower(), bare}.isdisjoint(own_addresses())
