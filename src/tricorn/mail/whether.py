"""Whether a letter may go out at all: not to ourselves, not to a machine, not into the void."""

from __future__ import annotations

from datetime import timedelta

from tricorn.mail.arrivals import came_by_machine, is_unreachable
from tricorn.mail.identities import is_own
from tricorn.mail.models import Letter
from tricorn.prepared import Prepared

# A person reports so often in an hour; a machine that answers ours would go on for ever.
MOST_RECEIPTS = 10
WITHIN = timedelta(hours=1)


RECEIPTS = Prepared(
    lambda this, recipients, since, at: (
        Letter.objects.filter(kind="receipt", state="sent", recipient__in=recipients)
        .filter(made_at__gt=since, made_at__lte=at)
        .exclude(pk__in=this)
        .order_by()
        .values_list("pk")[:MOST_RECEIPTS]
    ),
    "this",
    texts=["recipients"],
    moments=["at", "since"],
)


def why_not(letter: Letter) -> str:
    """Return why a letter is not to be sent, as one of the reasons; empty when it is.

    A code goes to whom an address belongs whatever is known of it: without one nobody can sign in,
    and no machine asks for one.
    """
    if letter.kind == "code":
        return ""
    if is_own(letter.recipient):
        return "own"
    if letter.kind == "receipt" and letter.ticket_id is not None:
        if came_by_machine(letter.ticket_id):
            return "automatic"
        if _receipts_before(letter) >= MOST_RECEIPTS:
            return "many"
    if is_unreachable(letter.recipient):
        return "unreachable"
    return ""


def _receipts_before(letter: Letter) -> int:
    """How many receipts this address got within the hour before this one, at most the most."""
    since = letter.made_at - WITHIN
    return len(
        RECEIPTS.rows(letter.made_at, since=since, recipients=[letter.recipient], this=[letter.pk])
    )
