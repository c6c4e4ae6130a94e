"""Letters for tests, and their way in: kept, then filed."""

from datetime import datetime
from email.message import EmailMessage
from itertools import count

from tests.cast import NOON
from tricorn.mail.incoming.filing import file_waiting
from tricorn.tickets.models import Arrival, Mailbox
from tricorn.tickets.verbs import Came, keep

NUMBERS = count(1)
HELP = "help@house.example"


def letter(
    sender: str | None = "Una <una@example.org>",
    *,
    to: str = HELP,
    subject: str = "Mail is slow",
    text: str = "Since Monday it takes minutes.",
    mail_id: str = "",
    files: tuple[tuple[str, str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """Return a letter; other headers by their names with underscores."""
    made = EmailMessage()
    if sender is not None:
        made["From"] = sender
    made["To"], made["Subject"] = to, subject
    made["Message-ID"] = mail_id or f"<{next(NUMBERS)}@example.org>"
    made["Date"] = "Mon, 12 Oct 2026 10:00:00 +0000"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, media_type, content in files:
        main, _, sub = media_type.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return bytes(made)


def arrive(
    raw: bytes, mailbox: Mailbox, *, at: datetime = NOON, brought_to: tuple[str, ...] = ()
) -> Arrival:
    """Bring a letter in and file it; return what became of it."""
    [arrival] = keep([Came(raw, mailbox, at, brought_to or (mailbox.address,))])
    while file_waiting(lambda: at):
        pass
    arrival.refresh_from_db()
    return arrival
