"""The part of an outcome that asks how it was: five links, once for a ticket, to one address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from tricorn.journal.models import Line
from tricorn.mail.models import Letter
from tricorn.notices.asking import is_asked, token_for
from tricorn.notices.quiet import word_for
from tricorn.tickets.models import Ticket

if TYPE_CHECKING:
    from tricorn.mail.compose import Recipient

SCORES = {"very_good": 5, "good": 4, "so_so": 3, "bad": 2, "very_bad": 1}


def whom_to_ask(line: Line, ticket: Ticket, recipients: Iterable[Recipient]) -> str:
    """Return the one address that is asked how this ticket was; empty for none.

    Whom it hurt before who asked. An earlier outcome has asked already, or was not to.
    """
    if line.kind != "ticket.resolved":
        return ""
    if Letter.objects.filter(ticket=ticket, kind="outcome", line_id__lt=line.pk).exists():
        return ""
    able = [each for each in recipients if not each.is_copied]
    able.sort(key=lambda each: each.person is None or each.person.pk != ticket.affected_id)
    for each in able:
        if is_asked(ticket, each.person, each.address):
            return each.address
    return ""


def links_to_say(base: str, ticket: Ticket | None, recipient: Recipient | None) -> dict[str, str]:
    """Return the five links and the one to be left alone; all empty where nobody is asked."""
    if ticket is None or recipient is None or not base:
        return dict.fromkeys([*SCORES, "never_again"], "")
    token = token_for(ticket, recipient.person, recipient.address)
    links = {name: base + reverse("how", args=[token, score]) for name, score in SCORES.items()}
    quiet = word_for("requester", "rating", person=recipient.person, address=recipient.address)
    return {**links, "never_again": base + reverse("quiet", args=[quiet])}
