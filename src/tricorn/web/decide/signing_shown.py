"""How an accepted option stands on its way to both signatures, as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from tricorn.agreements import plain
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Assent, SigningCode, Wording
from tricorn.agreements.offered import OfferShown, SideShown
from tricorn.agreements.verbs.answers import asked_to_sign
from tricorn.parties.models import Organisation, Person
from tricorn.standing import approvals
from tricorn.web.decide.answerable import acting_for


@dataclass(frozen=True)
class SideLine:
    """One side: who has signed, and whose signature is still needed, in words."""

    organisation: Organisation
    given: tuple[Assent, ...]
    needed: str

    @property
    def is_done(self) -> bool:
        return not self.needed


@dataclass(frozen=True)
class Signing:
    """How an accepted option stands on its way to both signatures, for one reader.

    refusal  Why the reader cannot sign; empty where they can, or have.
    code     The code that was sent and still holds; `shown` says it in a demonstration.
    """

    wording: Wording
    sides: tuple[SideLine, ...]
    refusal: str
    has_signed: bool
    acting: str
    code: SigningCode | None
    shown: str


def signing_of(
    shown: OfferShown, person: Person, *, at: datetime, is_demonstration: bool
) -> Signing | None:
    """Return how signing stands; None where nothing is to be signed."""
    chosen = shown.chosen
    if shown.offer.state != "agreed" or chosen is None or chosen.latest is None:
        return None
    wording = chosen.latest.wording
    client = next(each for each in shown.sides if each.side == "client")
    has_signed = any(each.person == person for side in shown.sides for each in side.given)
    signer = next((each for each in client.signers.people if each.person == person), None)
    refusal = ""
    if not has_signed and client.is_done:
        refusal = gettext("%(client)s has signed. It waits for %(provider)s.") % {
            "client": shown.offer.client,
            "provider": shown.offer.provider,
        }
        if shown.offer.is_internal:
            refusal = gettext("%(client)s has approved it. It waits for %(provider)s.") % {
                "client": shown.offer.client,
                "provider": shown.offer.provider,
            }
    elif not has_signed and signer is None:
        asked = asked_to_sign(shown.offer.client, chosen.option, chosen.content)
        refusal = approvals.refusal(person, asked, at=at) or ""
    code = None
    if not (has_signed or refusal):
        code = _code(wording, person, at)
    return Signing(
        wording=wording,
        sides=tuple(_side(each, shown) for each in shown.sides),
        refusal=refusal,
        has_signed=has_signed,
        acting=acting_for(signer, at) if signer and not has_signed else "",
        code=code,
        shown=code_of(code) if code and is_demonstration else "",
    )


def _code(wording: Wording, person: Person, at: datetime) -> SigningCode | None:
    sent = SigningCode.objects.filter(wording=wording, person=person).order_by("-sent_at", "-id")
    code = sent.first()
    return code if code is not None and code.holds(at) else None


def _side(side: SideShown, shown: OfferShown) -> SideLine:
    organisation = shown.offer.client if side.side == "client" else shown.offer.provider
    needed = ""
    if side.missing:
        gave = {each.person_id for each in side.given}
        left = [str(each) for each in side.signers.people if each.person.pk not in gave]
        names = plain.joined(left, gettext("or"))
        said = ngettext(
            "Still needed: %(names)s.", "Still needed: %(n)d of %(names)s.", side.missing
        )
        needed = said % {"n": side.missing, "names": names}
    return SideLine(organisation, side.given, needed)
