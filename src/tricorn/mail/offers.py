"""Letters about offers: made, reworded, asked to change, a code to sign with, signed by both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext

from tricorn.agreements import plain
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import ChangeAsked, Offer, Option, SigningCode, Version, Wording
from tricorn.agreements.verbs.offers import content_of
from tricorn.journal.models import Line
from tricorn.mail.compose import said
from tricorn.mail.notices import Notice
from tricorn.parties.models import Person
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.standing.models import Duty

Said = Callable[[], str]


def _made(line: Line, at: datetime) -> Iterator[Notice]:
    offer = _offer(line)
    if offer.state != "open":
        return
    options = list(offer.options.filter(state="open").order_by("letter"))

    def text() -> str:
        first = gettext("%(provider)s offers this to %(client)s: %(title)s.") % _named(offer)
        last = gettext("You can accept an option, decline it, or ask for a change, line by line.")
        parts = [first, "\n".join(map(_priced, options)), _answer_by(offer), last]
        return "\n\n".join(part for part in parts if part)

    for person in _who_answers(offer, options, at):
        subject = _subject_of(offer, lambda: gettext("Offer: %(title)s"))
        yield Notice(person, subject, text, _page(offer))


def _worded(line: Line, at: datetime) -> Iterator[Notice]:
    """A next round, or an option more; the first rounds are told by the offer's own letter."""
    offer = _offer(line)
    wording = Wording.objects.select_related("option__offer").get(pk=line.data["wording"])
    if offer.state != "open" or wording.option.state != "open" or wording.at == offer.made_at:
        return

    def text() -> str:
        said = gettext("Option %(letter)s of this offer has a new round:")
        if wording.number == 1:
            said = gettext("This offer has one more option:")
        parts = [said % {"letter": wording.option.letter}, _priced(wording.option), wording.note]
        if wording.number > 1:
            parts.append(
                gettext("What changed, and the answers to what you asked for, stand beside it.")
            )
        return "\n\n".join(part for part in [*parts, _answer_by(offer)] if part)

    for person in _who_answers(offer, [wording.option], at):
        subject = _subject_of(offer, lambda: gettext("A new round: %(title)s"))
        yield Notice(person, subject, text, f"{_page(offer)}#option-{wording.option.letter}")


def _change_asked(line: Line, at: datetime) -> Iterator[Notice]:
    """To whoever manages these services for the provider."""
    offer = _offer(line)
    change = ChangeAsked.objects.select_related("wording__option", "asked_by").get(
        pk=line.data["change"]
    )
    if change.state != "open":
        return
    option = change.wording.option

    def text() -> str:
        first = gettext("%(who)s asks for a change in option %(letter)s, %(item)s:") % {
            "who": change.asked_by.name,
            "letter": option.letter,
            "item": str(change),
        }
        counter = ""
        if change.field:
            counter = gettext("Instead: %(value)s") % {
                "value": plain.value(change.field, change.value)
            }
        return "\n\n".join(part for part in (first, counter, change.reason) if part)

    for person in _managers(option, at):
        subject = _subject_of(offer, lambda: gettext("A change is asked for: %(title)s"))
        path = reverse("manage:offer", args=[offer.pk])
        yield Notice(person, subject, text, path)


def _code_sent(line: Line, at: datetime) -> Iterator[Notice]:
    """The code is reckoned from its row when the letter is written, and kept nowhere else."""
    offer = _offer(line)
    code = SigningCode.objects.select_related("person", "wording").get(pk=line.data["code"])
    if not code.holds(at):
        return
    zone = ZoneInfo(code.person.zone or content_of(code.wording).zone)
    name = {"title": offer.title, "ref": offer.ref, "code": code_of(code)}

    def subject() -> str:
        if offer.is_internal:
            return gettext("Your code to approve %(ref)s: %(code)s") % name
        return gettext("Your code to sign %(ref)s: %(code)s") % name

    def text() -> str:
        first = gettext("Your code to sign “%(title)s”, %(ref)s:")
        if offer.is_internal:
            first = gettext("Your code to approve “%(title)s”, %(ref)s:")
        last = gettext(
            "It works once, until %(until)s. If you did not ask for it, tell nobody the code; "
            "without it nothing is signed."
        ) % {"until": said(code.expires_at, zone)}
        return f"{first % name}\n\n    {name['code']}\n\n{last}"

    yield Notice(code.person, subject, text, f"{_page(offer)}#sign")


def _activated(line: Line, at: datetime) -> Iterator[Notice]:
    """To everybody who signed the offer that became this version."""
    version = Version.objects.select_related("agreement").get(pk=line.data["version"])
    offer = Offer.objects.filter(version=version).select_related("client", "provider").first()
    if offer is None:
        return
    name = {
        "title": version.title,
        "ref": version.agreement.ref,
        "n": version.number,
    }

    def text() -> str:
        first = gettext("Both sides have signed %(title)s, %(ref)s version %(n)d.")
        if offer.is_internal:
            first = gettext("Both sides have approved %(title)s, %(ref)s version %(n)d.")
        begins = gettext("It is in force from %(day)s, by itself; there is nothing left to do.")
        files = gettext(
            "The text is there to keep as PDF, TOML and JSON. Each file proves itself by this hash:"
        )
        day = plain.day(_first_day(version))
        return "\n\n".join([first % name, begins % {"day": day}, files, f"    {version.hash}"])

    def subject() -> str:
        if offer.is_internal:
            return gettext("Approved: %(title)s (%(ref)s)") % name
        return gettext("Signed: %(title)s (%(ref)s)") % name

    wordings = Wording.objects.filter(option__offer=offer, option__state="accepted")
    latest = wordings.order_by("-number").first()
    assents = latest.assents.select_related("person").order_by("id") if latest else []
    for assent in assents:
        path = _page(offer)
        if assent.side == "provider":
            path = reverse("manage:agreement", args=[version.pk])
        yield Notice(assent.person, subject, text, path)


OFFERS: dict[str, Callable[[Line, datetime], Iterator[Notice]]] = {
    "agreement.activated": _activated,
    "offer.change_asked": _change_asked,
    "offer.code_sent": _code_sent,
    "offer.made": _made,
    "offer.worded": _worded,
}


def _offer(line: Line) -> Offer:
    return Offer.objects.select_related("client", "provider").get(pk=line.subject_id)


def _page(offer: Offer) -> str:
    return reverse("decide:offer", args=[offer.pk])


def _named(offer: Offer) -> dict[str, str]:
    return {
        "provider": offer.provider.name,
        "client": offer.client.name,
        "title": offer.title,
        "ref": offer.ref,
    }


def _subject_of(offer: Offer, words: Said) -> Said:
    return lambda: f"[{offer.ref}] {words() % _named(offer)}"


def _priced(option: Option) -> str:
    """Return an option in a line: "A Weekdays: 8,240 EUR a month"."""
    wording = option.wordings.select_related("option__offer").order_by("-number").first()
    content = content_of(wording) if wording else None
    price = plain.joined([plain.price(each) for each in content.prices]) if content else ""
    return f"{option.letter} {option.name}: {price or gettext('no price named')}"


def _answer_by(offer: Offer) -> str:
    if offer.answer_by is None:
        return ""
    return gettext("Please answer by %(day)s.") % {"day": plain.day(offer.answer_by)}


def _first_day(version: Version) -> date:
    return version.from_at.astimezone(ZoneInfo(version.zone)).date()


def _who_answers(offer: Offer, options: Iterable[Option], at: datetime) -> list[Person]:
    """Who may decide or sign for the client, on the services of any of these options."""
    found: dict[int, Person] = {}
    asked_for = {tuple(each.services.order_by("pk")) for each in options}
    for services in sorted(asked_for, key=lambda rows: [row.pk for row in rows]):
        for deed in ("decide", "sign"):
            asked = Asked(offer.client, deed, services)
            for signer in approvals.signers(asked, at=at).people:
                found.setdefault(signer.person.pk, signer.person)
    return list(found.values())


def _managers(option: Option, at: datetime) -> list[Person]:
    """Who manages one of the option's services, or all of them."""
    services = set(option.services.values_list("pk", flat=True))
    duties = Duty.objects.at(at).filter(duty="manage").select_related("person").order_by("id")
    return [each.person for each in duties if each.service_id in (None, *services)]
