"""Mailboxes: the addresses that letters come to, each bound to a service."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean, known_email
from tricorn.standing.verbs.sharing import must_read
from tricorn.tickets.models import KINDS, SECURITIES, SIGN_INS, TRANSPORTS, Mailbox
from tricorn.tickets.sealed import seal

HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}\Z")
PLACE = re.compile(r"[!-~]{1,500}\Z")
HERE = {"127.0.0.1", "::1", "localhost"}
# What is sealed, and where: None leaves each as it is.
SEALED = {"password": "secret", "client_secret": "client_secret", "refresh_token": "refresh_token"}


@dataclass(frozen=True)
class Fetched:
    """How a mailbox is reached. `sign_in` says by what: its password; an access token with the
    consent of the mailbox ("refresh") or the program's own ("client").

    Password, client secret and refresh token are None where they stay as they are.
    """

    transport: str = "imap"
    host: str = ""
    port: int = 993
    security: str = "ssl"
    login: str = ""
    password: str | None = None
    folder: str = "INBOX"
    done_folder: str = ""
    sign_in: str = "password"
    token_url: str = ""
    client_id: str = ""
    client_secret: str | None = None
    scope: str = ""
    refresh_token: str | None = None


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
    """Change what letters to it are about, or how they are fetched; the password only if given.

    Another server is never shown a password that was typed for the one before.
    Errors  BadInput; StandingRefused for a private service's mailbox, unless one manages that.
    """
    with transaction.atomic():
        mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
        before = {each: getattr(mailbox, each) for each in KEPT}
        was = mailbox.service
        _fill(mailbox, address, name, kind, service, fetched)
        changed = [each for each in KEPT if getattr(mailbox, each) != before[each]]
        if changed and was.is_private:
            must_read(was, by=by, at=at, deed=LED)
        if {*changed} & REACHED and (field := _untyped(mailbox, fetched)):
            raise BadInput(
                "Type the password or secret again: it was given for the server and name before, "
                "and goes to no other one.",
                field=field,
            )
        if changed:
            mailbox.last_problem = ""
            mailbox.save()
            write(mailbox, "mailbox.changed", by=by, at=at, what=changed)
    return mailbox


def _untyped(mailbox: Mailbox, fetched: Fetched) -> str:
    """Return which secret another server would be shown that was not typed for it; "" for none."""
    if mailbox.sign_in == "password":
        return "password" if mailbox.secret and fetched.password is None else ""
    kept = fetched.client_secret is None and fetched.refresh_token is None
    return "client_secret" if kept and (mailbox.client_secret or mailbox.refresh_token) else ""


# What nobody does to a private service's mailbox who does not manage that service.
LED = "change where its letters go"
# With one of these other, the password would go elsewhere, or in the open.
REACHED = frozenset({"host", "port", "security", "login"})
KEPT = (
    *("address", "name", "service_id", "kind"),
    *(SEALED.get(each.name, each.name) for each in fields(Fetched)),
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


def consent(mailbox: Mailbox, token: str, *, by: Actor, at: datetime) -> Mailbox:
    """Keep the refresh token that the mailbox's owner just consented to.

    Errors  StandingRefused for a private service's mailbox, unless one manages that.
    """
    with transaction.atomic():
        rows = Mailbox.objects.select_for_update(of=("self",)).select_related("service")
        mailbox = rows.get(pk=mailbox.pk)
        if mailbox.service.is_private:
            must_read(mailbox.service, by=by, at=at, deed=LED)
        mailbox.refresh_token, mailbox.last_problem = seal(token), ""
        mailbox.save(update_fields=["refresh_token", "last_problem"])
        write(mailbox, "mailbox.changed", by=by, at=at, what=["refresh_token"])
    return mailbox


def keep_refresh_token(mailbox: Mailbox, token: str) -> None:
    """Remember the refresh token that the server gave in place of the one that was just shown.

    Not when somebody typed another one meanwhile. A sign of life, no line.
    """
    sealed = seal(token)
    before = Mailbox.objects.filter(pk=mailbox.pk, refresh_token=mailbox.refresh_token)
    if before.update(refresh_token=sealed):
        mailbox.refresh_token = sealed


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
    _fill_sign_in(mailbox, fetched)
    for name, column in SEALED.items():
        given = getattr(fetched, name)
        if given is None:
            continue
        if any(not each.isprintable() for each in given):
            raise BadInput(
                f"The {name.replace('_', ' ')} holds a character that cannot be sent.", field=name
            )
        setattr(mailbox, column, seal(given))
    if mailbox.sign_in == "client" and not mailbox.client_secret:
        raise BadInput("Paste the secret of the application.", field="client_secret")


def _fill_sign_in(mailbox: Mailbox, fetched: Fetched) -> None:
    """Where an access token is asked for, and as whom.

    What was sealed is shown to no other server than the one that it was typed for.
    """
    if fetched.sign_in not in SIGN_INS:
        raise BadInput("A mailbox signs in by its password or by a token.", field="sign_in")
    mailbox.sign_in = fetched.sign_in if fetched.transport == "imap" else "password"
    by_token = mailbox.sign_in != "password"
    place = fetched.token_url.strip()
    if not is_token_place(place):
        place = ""
    if by_token and not place:
        raise BadInput(
            "Name where access tokens are given, like https://oauth2.googleapis.com/token.",
            field="token_url",
        )
    if place and mailbox.token_url and _server(place) != _server(mailbox.token_url):
        mailbox.client_secret = mailbox.refresh_token = ""
    mailbox.token_url = place or mailbox.token_url
    mailbox.client_id = clean(fetched.client_id, "client_id", 254, required=by_token)
    mailbox.scope = clean(fetched.scope, "scope", 500, required=mailbox.sign_in == "client")


def is_token_place(address: str) -> bool:
    """Whether secrets may be shown there: a safe line, or this very machine."""
    try:
        scheme, host = _server(address)
    except ValueError:
        return False
    is_safe = scheme == "https" or (scheme == "http" and host.rpartition(":")[0] in HERE)
    return bool(host and is_safe and PLACE.match(address))


def _server(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, f"{parts.hostname}:{parts.port or ''}" if parts.hostname else ""
