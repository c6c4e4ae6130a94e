"""Letters to whoever is asked for an approval: the question, a reminder, the word to those around."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, gettext_noop, pgettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.roles.asking import money
from tricorn.journal.models import Line
from tricorn.mail.compose import Recipient, language_of, new_letter, signed
from tricorn.mail.models import Letter
from tricorn.mail.words import in_words
from tricorn.parties.models import House, Person
from tricorn.parties.reads import is_one_house
from tricorn.standing.approvals import asked_of, signers
from tricorn.standing.models import Approval

DEEDS = {
    "accept": _("Your word is needed that the work for %(organisation)s is accepted:"),
    "admit": _("Your word is needed on who may use a service, for %(organisation)s:"),
    "approve": _("Your approval is needed for %(organisation)s:"),
    "decide": _("Your decision is needed for %(organisation)s:"),
    "sign": _("Your signature is needed for %(organisation)s:"),
}
NOBODY = gettext_noop(
    "Nobody may decide it any more. A manager can grant the authority under Manage, People."
)


def approval_letters(line: Line, kind: str, *, at: datetime) -> Iterator[Letter]:
    """Yield the letters of a line about an approval: to those it names, while it still waits."""
    rows = Approval.objects.select_related("organisation", "asked_by").prefetch_related("services")
    approval = rows.get(pk=line.subject_id)
    if approval.state != "open":
        return
    house = House.objects.select_related("provider").get()
    people = Person.objects.filter(pk__in=line.data["people"], is_active=True).order_by("pk")
    names = signers(asked_of(approval), at=at).names() if kind == "escalated" else ""
    for person in people.exclude(email=None):
        with translation.override(language_of(person)):
            yield _letter(line, kind, approval, house, person, names, at)


def _letter(
    line: Line,
    kind: str,
    approval: Approval,
    house: House,
    person: Person,
    names: str,
    at: datetime,
) -> Letter:
    zone = ZoneInfo(person.zone or house.zone)
    is_internal = is_one_house(approval.organisation, house.provider)
    deed = "approve" if is_internal and approval.deed == "sign" else approval.deed
    address = (settings.PUBLIC_URL or house.public_url).rstrip("/")
    words = {
        "deed": DEEDS[deed] % {"organisation": approval.organisation.name},
        "words": approval.words,
        "services": ", ".join(service.name for service in approval.services.all()),
        "amount": _amount(approval),
        "asker": approval.asked_by.name if approval.asked_by else house.provider.name,
        "since": date_format(approval.asked_at.astimezone(zone), pgettext("a day", "j F Y")),
        "needed": str(approval.needed) if approval.needed > 1 else "",
        "names": names,
        "nobody": gettext(NOBODY) if kind == "escalated" and not names else "",
        "link": address + reverse("decide:front") if address else "",
        **signed(house.provider.name),
    }
    assert person.email is not None
    found = in_words(kind, words, at=at)
    return new_letter(line, None, kind, Recipient(person.email, person), found, at)


def _amount(approval: Approval) -> str:
    if approval.amount is None:
        return ""
    amount = money(approval.amount, approval.currency)
    if not approval.per:
        return amount
    return gettext("%(amount)s a %(period)s") % {"amount": amount, "period": approval.per}
