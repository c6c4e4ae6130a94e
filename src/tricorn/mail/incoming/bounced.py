"""Letters of ours that came back: the address is marked, the desk is told, nobody is answered."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from tricorn.journal.actor import Actor
from tricorn.mail.models import Letter
from tricorn.mail.reading import Read
from tricorn.mail.verbs import came_back
from tricorn.tickets.models import Arrival
from tricorn.tickets.verbs import Mailed, end_filing, note_returned, note_unreachable
from tricorn.tickets.verbs.arrivals import Known

MOST_LETTERS = 10


def file_bounce(arrival: Arrival, got: Read, known: Known, *, by: Actor, at: datetime) -> Arrival:
    """Mark who cannot be reached, and note it on the tickets of the letters that came back.

    Only what names a letter of ours and its own address is believed: a forged one marks nobody.
    """
    assert got.bounce is not None
    bounce = got.bounce
    named = {each.lower() for each in bounce.addresses}
    letters = Letter.objects.filter(message_id__in=bounce.original_ids).select_related("ticket")
    ours = [
        each
        for each in letters.order_by("id")[:MOST_LETTERS]
        if not named or each.recipient.lower() in named
    ]
    if not ours:
        return end_filing(arrival, "ignored", by=by, at=at, known=known, reason="bounce_unknown")
    if not bounce.is_permanent:
        ticket = ours[0].ticket
        return end_filing(
            arrival, "bounce", by=by, at=at, known=known, reason="delayed", ticket=ticket
        )
    message = None
    for each in ours:
        note_unreachable(each.recipient, by=by, at=at, reason=bounce.reason)
        came_back(each, by=by, at=at)
        if each.ticket is not None:
            said = gettext("A letter to %(address)s came back for good: %(reason)s")
            reason = bounce.reason or gettext("the mail server gave no reason.")
            text = said % {"address": each.recipient, "reason": reason}
            mailed = Mailed(sender=known.sender)
            message = note_returned(each.ticket, by=by, at=at, text=text, mailed=mailed)
    ticket = next((each.ticket for each in ours if each.ticket), None)
    return end_filing(arrival, "bounce", by=by, at=at, known=known, ticket=ticket, message=message)
