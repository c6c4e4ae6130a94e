"""What letters brought to a ticket: files, the letters as they came, who is copied or out of reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tricorn.files.models import File
from tricorn.prepared import Prepared
from tricorn.tickets.models import Arrival, Copied, Message, Ticket, Unreachable

COPIED = Prepared(lambda ticket: Copied.objects.filter(ticket__in=ticket), "ticket")
FILED = Prepared(
    lambda messages: Arrival.objects.filter(message__in=messages).values_list("message", "pk"),
    "messages",
)
FILES = Prepared(
    lambda messages: File.objects.filter(subject="message", subject_id__in=messages).order_by("id"),
    "messages",
)
UNREACHABLE = Prepared(
    lambda addresses: Unreachable.objects.filter(address__in=addresses), texts=["addresses"]
)
# On these ways a message may come with files.
WITH_FILES = ("api", "mail")


@dataclass(frozen=True)
class Brought:
    """Files and the raw letter by the id of their message; `copied` get every public answer."""

    files: dict[int, tuple[File, ...]] = field(default_factory=dict)
    letters: dict[int, int] = field(default_factory=dict)
    copied: tuple[Copied, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()


def files_of(messages: Iterable[Message]) -> dict[int, tuple[File, ...]]:
    """Return the files of these messages: one query, none where nothing may have brought one."""
    ids = [each.pk for each in messages if each.channel in WITH_FILES]
    found: dict[int, tuple[File, ...]] = {}
    if ids:
        for file in FILES.objects(messages=ids):
            found[file.subject_id] = (*found.get(file.subject_id, ()), file)
    return found


def brought(ticket: Ticket, messages: Iterable[Message]) -> Brought:
    """Return what the desk sees of a ticket's letters: four queries, one where none came."""
    messages = list(messages)
    people = [each for each in (ticket.requester, ticket.affected) if each is not None]
    addresses = {str(each.email).lower() for each in people if each.email}
    copied: tuple[Copied, ...] = ()
    letters: dict[int, int] = {}
    if any(each.channel == "mail" for each in messages):
        copied = tuple(COPIED.objects(ticket=ticket.pk))
        ids = [each.pk for each in messages if each.channel == "mail"]
        letters = dict(FILED.rows(messages=ids))
    addresses |= {each.address for each in copied}
    if ticket.contact_email:
        addresses.add(ticket.contact_email.lower())
    unreachable: tuple[Unreachable, ...] = ()
    if addresses:
        unreachable = tuple(UNREACHABLE.objects(addresses=addresses))
    return Brought(files_of(messages), letters, copied, unreachable)
