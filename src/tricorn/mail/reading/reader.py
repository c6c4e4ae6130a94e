"""Read one mail."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from datetime import UTC
from email.utils import getaddresses, parsedate_to_datetime

from tricorn.mail.reading.letter import Address, Attachment, Limits, Read, Unreadable

_ID = re.compile(r"<[^\s<>@]+@[^\s<>]+>")


def read(raw: bytes, *, limits: Limits = Limits()) -> Read:
    """Read a mail.

    Errors  Unreadable, and nothing else, with a sentence that says why.
    """
    if len(raw) > limits.mail_bytes:
        raise Unreadable(f"The mail has {len(raw) / 1048576:.0f} MB; at most 25 MB are read.")
    try:
        return _read(raw)
    except Exception as problem:
        raise Unreadable(f"The mail cannot be read: {type(problem).__name__}.") from problem


def _read(raw: bytes) -> Read:
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    made = f"<{hashlib.sha256(raw).hexdigest()[:32]}@made.tricorn.invalid>"
    ids = _ID.findall(str(mail.get("Message-ID", "")))
    earlier = _ID.findall(f"{mail.get('References', '')} {mail.get('In-Reply-To', '')}")
    senders = _addresses(mail, "From")
    texts, files = [], []
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_content_type() == "text/plain" and not part.get_filename():
            texts.append(content.decode("utf-8", "replace"))
        elif part.get_filename():
            cid = str(part.get("Content-ID", "")).strip("<> ")
            kind = part.get_content_type()
            files.append(Attachment(str(part.get_filename()), kind, content, cid, bool(cid)))
    return Read(
        message_id=ids[0] if ids else made,
        references=tuple(dict.fromkeys(earlier))[-100:],
        sender=senders[0] if senders else None,
        reply_to=_addresses(mail, "Reply-To"),
        to=_addresses(mail, "To"),
        cc=_addresses(mail, "Cc"),
        delivered_to=tuple(a.address for a in _addresses(mail, "Delivered-To")),
        subject=str(email.header.make_header(email.header.decode_header(mail.get("Subject", "")))),
        sent_at=parsedate_to_datetime(mail["Date"]).astimezone(UTC) if mail["Date"] else None,
        text="\n\n".join(texts),
        attachments=tuple(files),
        automatic="auto-replied" if mail.get("Auto-Submitted", "no") != "no" else "",
    )


def _addresses(mail: email.message.Message, name: str) -> tuple[Address, ...]:
    found = getaddresses([str(value) for value in mail.get_all(name, [])])
    return tuple(Address(words, address) for words, address in found if "@" in address)
