"""Mailboxes: the addresses that letters come to, each bound to a service."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean, known_email
from tricorn.tickets.models import KINDS, SECURITIES, TRANSPORTS, Mailbox
from tricorn.tickets.sealed import seal

HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}\Z")


@dataclass(frozen=True)
class Fetched:
    """How a mailbox is reached. `password` is None where it stays as it is."""

    transport: str = "imap"
    host: str = ""
    port: int = 993
    security: str = "ssl"
    login: str = ""
    password: str | None = None
    folder: str = "INBOX"
    done_folder: str = ""


def add_mailbox(
    *,
    by: Actor,
    at: datetime,
    address: str,
    service: Service,
    name: str = "",
    kind: str = "incident",
    fetched: Fetched | None = None,
) -> Mailbox:
    """Let letters to this address become tickets of a service.

    Errors  BadInput for an address that is none or is there already, or a way that cannot be.
    """
    mailbox = Mailbox(address="", name="", service=service)
    _fill(mailbox, address, name, kind, service, fetched or Fetched(transport="lmtp"))
    with transaction.atomic():
        mailbox.save()
        write(mailbox, "mailbox.added", by=by, at=at, service=service.pk)
    return mailbox


def change_mailbox(
    mailbox: Mailbox,
    *,
    by: Actor,
    at: datetime,
    address: str,
    service: Service,
    name: str = "",
    kind: str = "incident",
    fetched: Fetched,
) -> Mailbox:
    """Change what letters to it are about, or how they are fetched; the password only if given."""
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        before = {each: getattr(mailbox, each) for each in KEPT}
        _fill(mailbox, address, name, kind, service, fetched)
        changed = [each for each in KEPT if getattr(mailbox, each) != before[each]]
        if changed:
            mailbox.last_problem = ""
            mailbox.save()
            write(mailbox, "mailbox.changed", by=by, at=at, what=changed)
    return mailbox


KEPT = (
    *("address", "name", "service_id", "kind", "secret"),
    *(each.name for each in fields(Fetched) if each.name != "password"),
)


def close_mailbox(mailbox: Mailbox, *, by: Actor, at: datetime) -> Mailbox:
    """Take no more letters here; what came stays. Closing a closed one changes nothing."""
    return _set_open(mailbox, False, "mailbox.closed", by, at)


def open_mailbox(mailbox: Mailbox, *, by: Actor, at: datetime) -> Mailbox:
    """Take letters here again."""
    return _set_open(mailbox, True, "mailbox.opened", by, at)


def _set_open(mailbox: Mailbox, is_open: bool, kind: str, by: Actor, at: datetime) -> Mailbox:
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if mailbox.is_open != is_open:
            mailbox.is_open, mailbox.last_problem = is_open, ""
            mailbox.save(update_fields=["is_open", "last_problem"])
            _write_open(mailbox, kind, by, at)
    return mailbox


def _write_open(mailbox: Mailbox, kind: str, by: Actor, at: datetime) -> None:
    if kind == "mailbox.opened":
        write(mailbox, "mailbox.opened", by=by, at=at)
    else:
        write(mailbox, "mailbox.closed", by=by, at=at)


def note_fetched(mailbox: Mailbox, *, at: datetime, problem: str = "") -> None:
    """Remember when a mailbox was last reached, or why it was not: a sign of life, no line."""
    rows = Mailbox.objects.filter(pk=mailbox.pk)
    if problem:
        rows.exclude(last_problem=problem[:300]).update(last_problem=problem[:300])
    else:
        rows.update(last_seen=at, last_problem="")


def _fill(
    mailbox: Mailbox, address: str, name: str, kind: str, service: Service, fetched: Fetched
) -> None:
    mailbox.address = known_email(address).lower()
    if "+" in mailbox.address.partition("@")[0]:
        raise BadInput(
            "Leave out the plus sign: what follows it is where Tricorn puts the sign of a ticket.",
            field="address",
        )
    others = Mailbox.objects.exclude(pk=mailbox.pk).filter(address__iexact=mailbox.address)
    if others.exists():
        raise BadInput(f"There is a mailbox {mailbox.address} already. Change it.", field="address")
    mailbox.name = clean(name, "name", 100, required=False) or service.name[:100]
    if kind not in KINDS:
        raise BadInput(f"A ticket is one of {', '.join(KINDS)}, not {kind!r}.", field="kind")
    mailbox.kind, mailbox.service = kind, service
    if fetched.transport not in TRANSPORTS or fetched.security not in SECURITIES:
        raise BadInput("Letters are fetched by IMAP or brought by LMTP.", field="transport")
    mailbox.transport, mailbox.security = fetched.transport, fetched.security
    mailbox.host = fetched.host.strip()
    if fetched.transport == "imap" and not HOST.match(mailbox.host):
        raise BadInput(
            "Name the server that keeps the mailbox, like imap.example.org.", field="host"
        )
    if not 1 <= fetched.port <= 65535:
        raise BadInput("A port is a number from 1 to 65535; for IMAP it is 993.", field="port")
    mailbox.port = fetched.port
    mailbox.login = clean(fetched.login, "login", 254, required=fetched.transport == "imap")
    mailbox.folder = clean(fetched.folder, "folder", 100, required=False) or "INBOX"
    mailbox.done_folder = clean(fetched.done_folder, "done_folder", 100, required=False)
    if fetched.password is not None:
        if any(not each.isprintable() for each in fetched.password):
            raise BadInput("The password holds a character that cannot be sent.", field="password")
        mailbox.secret = seal(fetched.password)
