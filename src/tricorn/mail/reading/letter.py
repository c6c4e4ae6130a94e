"""What reading a mail gives: plain values that whoever files it builds on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tricorn.engine.errors import Refusal


class Unreadable(Refusal):
    """Nothing can be made of this mail; the sentence says why. It belongs in quarantine."""

    code = "unreadable-mail"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is read. What is too much is left out with a note, or refused whole."""

    mail_bytes: int = 25 * 1024 * 1024
    header_bytes: int = 1024 * 1024
    parts: int = 1_000
    depth: int = 20
    attachments: int = 20
    attachment_bytes: int = 10 * 1024 * 1024
    pixels: int = 60_000_000
    text_length: int = 100_000
    html_length: int = 500_000
    recipients: int = 100
    references: int = 100


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a header names: the name made harmless, the address with its domain in lower case."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of the mail, its name safe, its type by its content where pictures are meant."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    cid: str
    is_inline: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says about a letter that it could not deliver."""

    addresses: tuple[str, ...]
    is_permanent: bool
    reason: str
    original_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A mail as read. `text` is the sender's own, `quoted` what was folded away: nothing is lost.

    `unopened` says that something of it cannot be read here: "sealed" what is encrypted or wrapped
    by S/MIME or PGP, "packed" what Outlook put into winmail.dat.
    """

    message_id: str
    references: tuple[str, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    quoted: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    automatic: str = ""
    bounce: Bounce | None = None
    unopened: str = ""
    notes: tuple[str, ...] = ()
