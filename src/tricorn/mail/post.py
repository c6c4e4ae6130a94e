"""Sending one letter through the mail server, and telling "never" from "not now"."""

from __future__ import annotations

import smtplib
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage

from tricorn.mail.models import Letter

MOST_REFERENCES = 10


class Refused(Exception):
    """The mail server will never take this letter: the address or its content."""


def send(letter: Letter) -> None:
    """Hand the letter to the mail server.

    Errors  Refused when the server says never (5xx for the address or the content); any other
            OSError or SMTPException of the way there: to be tried again.
    """
    message = EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.recipient],
        reply_to=[settings.REPLY_TO] if settings.REPLY_TO else None,
        headers=headers_of(letter),
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        if codes and all(500 <= code < 600 for code in codes):
            raise Refused(f"The mail server refused the address ({codes[0]}).") from problem
        raise
    except smtplib.SMTPDataError as problem:
        if 500 <= problem.smtp_code < 600:
            raise Refused(f"The mail server refused the letter ({problem.smtp_code}).") from problem
        raise


def headers_of(letter: Letter) -> dict[str, str]:
    """Return the headers that keep machines from answering and readers' threads together."""
    headers = {
        "Message-ID": letter.message_id,
        "Date": date_of(letter),
        "Auto-Submitted": "auto-replied" if letter.kind == "receipt" else "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    earlier = earlier_in_thread(letter)
    if earlier:
        headers["In-Reply-To"] = earlier[-1]
        headers["References"] = " ".join(earlier)
    return headers


def date_of(letter: Letter) -> str:
    """The moment the letter was written, so that a repeated one is the same to the second."""
    return format_datetime(letter.made_at)


def earlier_in_thread(letter: Letter) -> list[str]:
    """Return the Message-IDs of this ticket's earlier letters to the same address, oldest first."""
    if letter.ticket_id is None:
        return []
    earlier = Letter.objects.filter(
        ticket=letter.ticket_id, recipient=letter.recipient, id__lt=letter.pk
    )
    ids = list(earlier.order_by("id").values_list("message_id", flat=True))
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[-MOST_REFERENCES + 1 :]]
