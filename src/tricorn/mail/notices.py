"""Letters about agreements: an overdue verdict, a term that ends, work to accept, a trial's end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, ngettext, pgettext

from tricorn.agreements import deciders
from tricorn.agreements.models import Review, Trial, Version, Work
from tricorn.journal.models import Line
from tricorn.mail.compose import Recipient, address_of, language_of, new_letter, signed
from tricorn.mail.models import Letter
from tricorn.mail.words import in_words
from tricorn.parties.models import House, Person
from tricorn.standing.asked import Asked
from tricorn.standing.models import Duty
from tricorn.tickets.models import Ticket


@dataclass(frozen=True)
class Notice:
    """One letter to one person, before it is written in their language: all three are called then."""

    person: Person
    subject: Callable[[], str]
    text: Callable[[], str]
    path: str


def notice_letters(
    line: Line, notices: Iterable[Notice], *, kind: str = "notice", at: datetime
) -> Iterator[Letter]:
    """Yield the letters of a line about an agreement: one for each who should know."""
    house = House.objects.select_related("provider").get()
    known: set[str] = set()
    for notice in notices:
        address = notice.person.email or ""
        if not address or not notice.person.is_active or address.lower() in known:
            continue
        known.add(address.lower())
        with translation.override(language_of(notice.person)):
            link = address_of(house)
            values = {
                "subject": notice.subject(),
                "text": notice.text(),
                "link": link + notice.path if link else "",
                **signed(house.provider.name),
            }
            recipient = Recipient(address, notice.person)
            words = in_words("notice", values, at=at)
            yield new_letter(line, None, kind, recipient, words, at)


def _overdue(line: Line, at: datetime) -> Iterator[Notice]:
    review = Review.objects.select_related("agreement__client", "version").get(pk=line.subject_id)
    services = list(review.version.services.all())
    who = deciders.who_may(deciders.of_review(review, services), at=at)

    def subject() -> str:
        return gettext("The review of %(title)s is overdue") % {"title": review.version.title}

    def text() -> str:
        return gettext(
            "The review of %(title)s (%(ref)s) from %(first)s to %(last)s waits for a verdict of "
            "%(client)s: met, partly met, or not met. It was due on %(due)s."
        ) % {
            "title": review.version.title,
            "ref": review.agreement.ref,
            "first": _day(review.period_from),
            "last": _day(review.period_to),
            "client": review.agreement.client,
            "due": _day(review.due_on),
        }

    for each in who:
        yield Notice(each.person, subject, text, reverse("decide:review", args=[review.pk]))
    for person in _managers(at):
        yield Notice(person, subject, text, reverse("manage:review", args=[review.pk]))


def _ending(line: Line, at: datetime) -> Iterator[Notice]:
    version = Version.objects.select_related("agreement__client").get(pk=line.data["version"])
    agreement, services = version.agreement, tuple(version.services.all())
    last = date.fromisoformat(line.data["last_day"])
    notice_by = line.data.get("notice_by")
    askeds = [Asked(agreement.client, deed, services) for deed in deciders.JUDGE]

    def subject() -> str:
        name = {"title": version.title, "day": _day(last)}
        if line.data.get("renews"):
            return gettext("%(title)s renews after %(day)s") % name
        return gettext("%(title)s ends on %(day)s") % name

    def text() -> str:
        said = {"title": version.title, "ref": agreement.ref, "last": _day(last)}
        if line.data.get("renews"):
            first = gettext(
                "%(title)s (%(ref)s) goes on by itself after %(last)s, unless somebody gives notice."
            )
        else:
            first = gettext("%(title)s (%(ref)s) ends on %(last)s; nothing follows it yet.")
        sentences = [first % said]
        if notice_by:
            day = _day(date.fromisoformat(notice_by))
            sentences.append(gettext("The last day for notice is %(day)s.") % {"day": day})
        return " ".join(sentences)

    for each in deciders.who_may(askeds, at=at):
        yield Notice(each.person, subject, text, reverse("decide:agreement", args=[agreement.ref]))
    for person in _managers(at):
        yield Notice(person, subject, text, reverse("manage:agreement", args=[version.pk]))


def _escalated(line: Line, at: datetime) -> Iterator[Notice]:
    """The agreement says that the client hears: whoever decides or signs for it, on the service."""
    version = Version.objects.select_related("agreement__client").get(pk=line.data["version"])
    ticket = Ticket.objects.select_related("service").get(pk=line.data["ticket"])
    agreement = version.agreement
    askeds = [Asked(agreement.client, deed, (ticket.service,)) for deed in deciders.JUDGE]
    said = {"ref": ticket.ref, "service": ticket.service, "clause": line.data["clause"]}

    def subject() -> str:
        if line.data["when"] in ("late", "after"):
            return gettext("Late: %(ref)s, %(service)s") % said
        return gettext("Soon late: %(ref)s, %(service)s") % said

    def text() -> str:
        late = gettext("A promise is late for %(ref)s, a matter of %(service)s under %(title)s.")
        soon = gettext("Time runs out for %(ref)s, a matter of %(service)s under %(title)s.")
        first = late if line.data["when"] in ("late", "after") else soon
        why = gettext("You hear of it because %(agreement)s, clause %(clause)s, says so.")
        return " ".join(
            [first % {**said, "title": version.title}, why % {**said, "agreement": agreement.ref}]
        )

    for each in deciders.who_may(askeds, at=at):
        yield Notice(each.person, subject, text, reverse("decide:agreement", args=[agreement.ref]))


def _presented(line: Line, at: datetime) -> Iterator[Notice]:
    work = Work.objects.select_related("client", "service").get(pk=line.subject_id)

    def subject() -> str:
        return gettext("Work to accept: %(title)s") % {"title": work.title}

    def text() -> str:
        return gettext(
            "“%(title)s” for %(service)s was delivered and waits for your word: accept it, or "
            "refuse it and say why."
        ) % {"title": work.title, "service": work.service}

    for each in deciders.who_may(deciders.of_work(work), at=at):
        yield Notice(each.person, subject, text, reverse("decide:work", args=[work.pk]))


def _trial(line: Line, at: datetime) -> Iterator[Notice]:
    trial = Trial.objects.select_related("person", "service").get(pk=line.subject_id)
    if trial.answer:
        return

    def subject() -> str:
        return gettext("Would you keep %(service)s?") % {"service": trial.service}

    def text() -> str:
        days = trial.offer.days
        return ngettext(
            "Your free trial of %(service)s is over after %(days)d day. Would you keep it? "
            "Yes, no, or not sure: one answer is all we ask, and we will not ask again.",
            "Your free trial of %(service)s is over after %(days)d days. Would you keep it? "
            "Yes, no, or not sure: one answer is all we ask, and we will not ask again.",
            days,
        ) % {"service": trial.service, "days": days}

    yield Notice(trial.person, subject, text, reverse("trial", args=[trial.service.slug]))


def _managers(at: datetime) -> Iterable[Person]:
    """Who manages everything for the provider."""
    duties = Duty.objects.at(at).filter(duty="manage", service__isnull=True)
    return [duty.person for duty in duties.select_related("person").order_by("id")]


def _day(day: date) -> str:
    return date_format(day, pgettext("day of another year", "j F Y"))


NOTICES: dict[str, Callable[[Line, datetime], Iterator[Notice]]] = {
    "agreement.ending_announced": _ending,
    "agreement.escalated": _escalated,
    "review.overdue": _overdue,
    "trial.ended": _trial,
    "work.presented": _presented,
}
