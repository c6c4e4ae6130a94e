"""Whether an offer can go to the client: what its texts still get wrong, and who would answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.models import Offer
from tricorn.agreements.offered import OfferShown, OptionShown
from tricorn.agreements.verbs.answers import asked_to_sign
from tricorn.agreements.verbs.offers import check
from tricorn.engine.errors import BadInput
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked, Signers


@dataclass(frozen=True)
class Readiness:
    """What is missing before an offer can be made or a round proposed; who is asked then.

    problems   (option's letter, sentence) pairs; none: it can be made.
    answerers  Who may accept or decline for the client. signers, ours: who may sign on each side.
    """

    problems: tuple[tuple[str, str], ...]
    answerers: Signers
    signers: Signers
    ours: Signers

    @property
    def is_ready(self) -> bool:
        return not self.problems


def readiness(shown: OfferShown, *, at: datetime) -> Readiness | None:
    """Return how far a draft or an open offer is; None where nothing is left to offer.

    The signers are those of its first option: options of one offer differ little in that.
    """
    offer = shown.offer
    live = [each for each in shown.options if each.option.state in ("draft", "open")]
    if offer.state not in ("draft", "open") or not live:
        return None
    problems = tuple(
        (each.option.letter, sentence) for each in live if (sentence := missing(offer, each, at))
    )
    first = live[0]
    content = first.draft or first.content
    ours = asked_to_sign(offer.provider, first.option, content)
    theirs = asked_to_sign(offer.client, first.option, content)
    decide = Asked(offer.client, "decide", theirs.services, None, "")
    answerers = approvals.signers(decide, at=at)
    signers = approvals.signers(theirs, at=at)
    return Readiness(
        problems,
        answerers if answerers.people else signers,
        signers,
        approvals.signers(ours, at=at),
    )


def missing(offer: Offer, shown: OptionShown, at: datetime) -> str:
    """Return what keeps an option's draft from being offered, as a sentence; empty if nothing."""
    content = shown.draft
    if content is None:
        return "This option has no text yet. Write it down."
    try:
        check(offer, content, at)
    except BadInput as problem:
        return str(problem)
    return ""
