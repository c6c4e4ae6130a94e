"""The agreements that could have applied to a ticket and did not, each with why.

Read as of the instant it was reported, never stored: the ticket keeps what was chosen then.
"""

from __future__ import annotations

from dataclasses import dataclass

from tricorn.agreements.choose import Candidate, Chooser, One, covers
from tricorn.tickets.models import Ticket


@dataclass(frozen=True)
class Other:
    """A version that covers whom a ticket is for, and did not apply.

    reason  less_specific, later (its promise is), same (its promise is), recorded_later (it came on
            record after the ticket), or chosen (it comes first now; what was chosen stands).
    """

    agreement: str
    version: int
    covers: str
    reason: str
    than: str = ""

    @property
    def why(self) -> str:
        """Why it did not apply, in a sentence."""
        return {
            "less_specific": f"It covers {self.covers}, which is less specific than {self.than}.",
            "later": "It is as specific, and its promise is due later.",
            "same": "It is as specific and promises the same; the other one was there before.",
            "recorded_later": "It came on record after this was reported.",
            "chosen": "It would come first now; what was chosen when this was reported stands.",
        }[self.reason]


def others_of(ticket: Ticket) -> tuple[Other, ...]:
    """Return what else could have applied, in the order in which it would have. Five queries.

    Versions of the ticket's own agreement are left out: of one agreement one version is in force.
    """
    one = One.at(ticket.reported_at, person_id=ticket.affected_id, place_id=ticket.place_id)
    found = Chooser(ticket.service_id, one.whom).candidates(
        one, at=ticket.reported_at, kind=ticket.kind, priority=_priority(ticket)
    )
    own = ticket.version.agreement_id if ticket.version else None
    chosen = next((c for c in found if c.entitlement.version.agreement_id == own), None)
    return tuple(
        _other(each, chosen, ticket)
        for each in found
        if each.entitlement.version.agreement_id != own
    )


def _priority(ticket: Ticket) -> str:
    """The priority by which the choice was made: the desk changes the other one afterwards."""
    return ticket.priority if ticket.source else ticket.computed_priority


def _other(each: Candidate, chosen: Candidate | None, ticket: Ticket) -> Other:
    version = each.entitlement.version
    return Other(
        agreement=version.agreement.ref,
        version=version.number,
        covers=covers(each.entitlement),
        reason=_reason(each, chosen, ticket),
        than=covers(chosen.entitlement) if chosen else "",
    )


def _reason(each: Candidate, chosen: Candidate | None, ticket: Ticket) -> str:
    if chosen is not None and each.order > chosen.order:
        if each.specific < chosen.specific:
            return "less_specific"
        return "later" if each.due_in > chosen.due_in else "same"
    is_later = not ticket.source and each.entitlement.version.activated_at > ticket.reported_at
    return "recorded_later" if is_later else "chosen"
