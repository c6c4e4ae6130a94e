"""Sending one letter through the mail server, and telling "never" from "not now"."""

from __future__ import annotations

import hashlib
import smtplib
from email.message import Message
from email.utils import format_datetime

from django.core.mail import EmailMultiAlternatives

from tricorn.mail import outgoing
from tricorn.mail.arrivals import incoming_ids
from tricorn.mail.compose import wrapped
from tricorn.mail.html import html_of
from tricorn.mail.identities import identity_of, reply_to_of, sender_of
from tricorn.mail.models import Letter
from tricorn.prepared import Prepared

MOST_REFERENCES = 10
# Every answer that a machine gives by itself, but not the word that a letter did not arrive.
SUPPRESSED = "DR, RN, NRN, OOF, AutoReply"
Attachment = tuple[str, bytes, str]


class Refused(Exception):
    """The mail server will never take this letter: the address or its content."""


class Mail(EmailMultiAlternatives):
    """A mail of several parts that is written the same, to the byte, whenever it is repeated."""

    def message(self) -> Message:  # type: ignore[override]  # Django's stubs name their own class
        made: Message = super().message()
        seed = str(made["Message-ID"]).encode()
        for number, part in enumerate(made.walk()):
            if part.is_multipart():
                mark = hashlib.sha256(seed + bytes([number])).hexdigest()[:24]
                part.set_boundary(f"=_{mark}")
        return made


def send(letter: Letter) -> None:
    """Hand the letter to the mail server.

    Errors  Refused when the server says never (5xx for the address or the content) or the letter
            cannot be written as a mail; any other OSError or SMTPException of the way there: to be
            tried again.
    """
    message = mail_of(letter)
    try:
        message.connection = outgoing.line()
        message.send()
    # Whatever it was, nobody knows in what state the shared line is: the next letter opens another.
    except Exception as problem:
        outgoing.hang_up()
        if refused := _never(problem):
            raise refused from problem
        raise


def _never(problem: Exception) -> Refused | None:
    """Return what the server will never do, in words; None for what may be tried again."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in problem.recipients.values()]
        if codes and all(500 <= code < 600 for code in codes):
            return Refused(f"The mail server refused the address ({codes[0]}).")
    elif isinstance(problem, smtplib.SMTPDataError):
        if 500 <= problem.smtp_code < 600:
            return Refused(f"The mail server refused the letter ({problem.smtp_code}).")
    elif isinstance(problem, smtplib.SMTPNotSupportedError):
        return Refused("The mail server cannot write to an address like this.")
    elif isinstance(problem, ValueError):  # an address or a header that no mail can carry
        return Refused("The letter cannot be written as a mail.")
    return None


def mail_of(letter: Letter) -> Mail:
    """Return the mail: the plain text, and the same words as HTML beside it."""
    identity = identity_of(letter.ticket.service_id if letter.ticket else None)
    reply_to = reply_to_of(letter, identity)
    message = Mail(
        subject=letter.subject,
        body=wrapped(letter.body) + "\n",
        from_email=sender_of(identity),
        to=[letter.recipient],
        reply_to=[reply_to] if reply_to else None,
        headers=headers_of(letter),
        attachments=attachments_of(letter),
    )
    page = html_of(letter.body, subject=letter.subject, language=letter.language)
    message.attach_alternative(page, "text/html")
    return message


def attachments_of(letter: Letter) -> list[Attachment]:
    """Return the files that go with a letter: none, until an answer of the desk can carry some."""
    return []


def headers_of(letter: Letter) -> dict[str, str]:
    """Return the headers that keep machines from answering and readers' threads together."""
    headers = {
        "Message-ID": letter.message_id,
        "Date": date_of(letter),
        "Auto-Submitted": "auto-replied" if letter.kind == "receipt" else "auto-generated",
        "X-Auto-Response-Suppress": SUPPRESSED,
        **unsubscribe_headers(letter.unsubscribe),
    }
    earlier = earlier_in_thread(letter)
    if earlier:
        headers["In-Reply-To"] = earlier[-1]
        headers["References"] = " ".join(earlier)
    return headers


def unsubscribe_headers(address: str) -> dict[str, str]:
    """Return the headers by which one click ends letters of a sort (RFC 8058).

    Only for what nobody needs: a letter about one's own open matter has no such address.
    """
    if not address.startswith("https://"):
        return {}
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


THREAD = Prepared(
    lambda tickets, recipients, at: (
        Letter.objects.filter(ticket__in=tickets, recipient__in=recipients)
        .order_by("id")
        .values_list("pk", "message_id")
    ),
    "tickets",
    texts=["recipients"],
)


def date_of(letter: Letter) -> str:
    """The moment the letter was written, so that a repeated one is the same to the second."""
    return format_datetime(letter.made_at)


def earlier_in_thread(letter: Letter) -> list[str]:
    """Return the Message-IDs before this letter, oldest first; the last one is what it answers.

    Ours to the same address, then those of the letters that came in on the ticket: what somebody
    wrote themselves is what their mail program surely knows.
    """
    if letter.ticket_id is None:
        return []
    ours = THREAD.rows(tickets=[letter.ticket_id], recipients=[letter.recipient])
    ids = [message_id for number, message_id in ours if number < letter.pk]
    ids += [each for each in incoming_ids(letter.ticket_id) if each not in ids]
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[-MOST_REFERENCES + 1 :]]
