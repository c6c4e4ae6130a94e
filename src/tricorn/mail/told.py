"""Letters that say that something happened: at once, or what waited for the morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from tricorn.journal.models import Line
from tricorn.mail.compose import Recipient, address_of, language_of, new_letter, signed
from tricorn.mail.models import Letter
from tricorn.mail.words import in_words
from tricorn.notices.abouts import happened
from tricorn.notices.models import Notice
from tricorn.notices.quiet import word_for
from tricorn.notices.reads import Told, of_line, told
from tricorn.parties.models import House, Person
from tricorn.standing.models import Duty
from tricorn.tickets.models import Ticket

# What nobody needs can be ended with one click: it is not one's own open matter.
NOT_NEEDED = frozenset({"followed", "reported"})


def told_letters(line: Line, at: datetime) -> Iterator[Letter]:
    """Yield a short letter for everybody who was told and wants a letter at once.

    Not about an answer to one's own matter: that letter has the answer itself.
    """
    notices = [
        each
        for each in of_line(line)
        if each.how == "at once" and each.about != "answer" and _is_reached(each.person)
    ]
    if not notices:
        return
    house = House.objects.select_related("provider").get()
    base = address_of(house)
    for notice in notices:
        person = notice.person
        visible = Ticket.objects.visible_to(person.actor).select_related("service")
        ticket = visible.filter(pk=notice.ticket_id or 0).first()
        if ticket is None:
            continue
        with translation.override(language_of(person)):
            values = {
                "happened": str(happened(notice.about, line.kind)),
                "ref": ticket.ref,
                "about": ticket.summary,
                "service": ticket.service.name,
                "link": _link(base, ticket, notice, at),
                "settings": base and base + reverse("notices:settings"),
                **signed(house.provider.name, ticket.service_id),
            }
            words = in_words("told", values, at=at)
            letter = new_letter(line, ticket, "told", _recipient(person), words, at)
        if notice.about in NOT_NEEDED:
            letter.unsubscribe = _way_out(base, notice)
        yield letter


def _link(base: str, ticket: Ticket, notice: Notice, at: datetime) -> str:
    """Return where the ticket is; nothing for who manages and has no door to the desk."""
    if notice.capacity == "agent" and not _works_at_desk(notice.person, at):
        return ""
    return base and base + reverse("ticket", args=[ticket.ref])


def _works_at_desk(person: Person, at: datetime) -> bool:
    return Duty.objects.at(at).filter(person=person, duty="desk").exists()


def digest_letters(line: Line, at: datetime) -> Iterator[Letter]:
    """Yield the one letter of a digest, with what its reader may still see."""
    person = Person.objects.get(pk=line.subject_id)
    ids = line.data.get("notices", [])
    notices = list(Notice.objects.filter(pk__in=ids, person=person).select_related("line"))
    shown = [each for each in told(notices, person.actor) if each.ref]
    if not shown or not _is_reached(person):
        return
    house = House.objects.select_related("provider").get()
    base = address_of(house)
    with translation.override(language_of(person)):
        values = {
            "count": str(len(shown)),
            "text": "\n".join(map(_line, shown)),
            "link": base and base + reverse("notices:list"),
            "settings": base and base + reverse("notices:settings"),
            **signed(house.provider.name),
        }
        words = in_words("digest", values, at=at)
        letter = new_letter(line, None, "digest", _recipient(person), words, at)
    if {each.about for each in notices} == {"followed"}:
        letter.unsubscribe = _way_out(base, notices[0])
    yield letter


def _line(told: Told) -> str:
    about = gettext("your report") if told.is_private else told.summary
    return f"- {told.ref}, {about}: {told.said}"


def _way_out(base: str, notice: Notice) -> str:
    word = word_for(notice.capacity, notice.about, person=notice.person)
    return base and base + reverse("quiet", args=[word])


def _is_reached(person: Person) -> bool:
    return bool(person.email and person.is_active)


def _recipient(person: Person) -> Recipient:
    return Recipient(str(person.email), person)
