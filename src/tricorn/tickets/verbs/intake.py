"""Taking a report: from a visitor without an account, a person who is known, or the desk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from tricorn.agreements.choose import Choice, Chooser, Clauses, One
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.questions import read
from tricorn.files.verbs import attach_photo
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import digest, new_key, write
from tricorn.parties.models import Membership, Organisation, Person, Place
from tricorn.parties.verbs import known_email
from tricorn.standing.verbs import note_once, note_use
from tricorn.stored import insert, insert_all
from tricorn.tickets.bridge import priority_of
from tricorn.tickets.links import hash_of, token_of
from tricorn.tickets.models import KINDS, REVIEWER, Message, Ticket
from tricorn.tickets.verbs.clocks import Promises, pin, settle
from tricorn.tickets.verbs.fields import fields_from, write_fields
from tricorn.tickets.verbs.found import index_new
from tricorn.tickets.verbs.hold import hold_for_reviewer

LONGEST = 100_000
MOST_MARKS = 30
# A longer time ago is a slip of the pen, and no calendar is asked about it.
LONGEST_AGO = timedelta(days=3660)
# Control characters but tab and end of line, and halves of characters.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# By these a person lets us hear what they think.
VOICED = frozenset({"complaint", "praise", "wish"})


@dataclass(frozen=True)
class Mailed:
    """What a letter brings besides its words: cleaned HTML, what it quoted, who it says it is from."""

    html: str = ""
    quoted: str = ""
    sender: str = ""


@dataclass(frozen=True)
class Report:
    """What somebody tells us, before it is a ticket.

    `requester` asks, `affected` is who needs it (the requester when left out), `reported_by` typed
    it in for them. Nobody at all is fine: then it is anonymous, with a private link.
    """

    service: Service
    text: str
    kind: str = "incident"
    place: Place | None = None
    requester: Person | None = None
    affected: Person | None = None
    reported_by: Person | None = None
    contact_email: str = ""
    began_at: datetime | None = None
    impact: int = 2
    urgency: int = 2
    affected_count: int = 1
    photo: bytes | None = None
    held_for: str = ""
    # It is about somebody of us: a reviewer reads it, and no desk.
    about_staff: bool = False
    names: tuple[Person, ...] = ()
    once: str | None = None
    channel: str = "web"
    fields: Mapping[str, object] = field(default_factory=dict)
    summary: str = ""
    mailed: Mailed | None = None


def report(given: Report, *, by: Actor, at: datetime) -> Ticket:
    """Make a ticket of a report: clocks pinned and running, use and facts written down.

    The same `once` twice returns the first ticket.
    Errors  BadInput for an empty or endless text, a photo that is none, a moment in the future.
    """
    text = clean_text(given.text)
    if given.kind not in KINDS:
        raise BadInput(f"A ticket is one of {', '.join(KINDS)}, not {given.kind!r}.")
    if given.impact not in (1, 2, 3) or given.urgency not in (1, 2, 3):
        raise BadInput("Impact and urgency are 1 (high), 2 or 3 (low).")
    if not 1 <= given.affected_count <= 100_000:
        raise BadInput("How many are affected is a number from 1 to 100,000.")
    began_at = given.began_at or at
    if began_at > at:
        raise BadInput("It cannot have begun in the future. Give an earlier time.")
    if began_at < at - LONGEST_AGO:
        raise BadInput("It cannot have begun more than ten years ago. Give a later time.")
    asked = read(given.service.questions)
    fields = fields_from(asked, given.fields)
    try:
        with transaction.atomic():
            ticket = _store(given, text, began_at, fields, by=by, at=at)
            if fields:
                write_fields(ticket, asked, {}, by=by, at=at)
            return ticket
    except IntegrityError:
        # The same form arrived before, perhaps a moment ago: that one made the ticket.
        if found := already(given.once):
            return found
        raise


def already(once: str | None) -> Ticket | None:
    """Return the ticket that this very form has made before."""
    return Ticket.objects.filter(once=once).first() if once else None


def _store(
    given: Report,
    text: str,
    began_at: datetime,
    fields: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Ticket:
    person = given.affected or given.requester
    priority = priority_of(given.impact, given.urgency)
    promises = Promises(given.service.pk)
    choice = choose_for(
        given.service, person, given.place, given.kind, priority, at, promises.clauses
    )
    ticket = _row(given, choice, priority, at)
    ticket.summary = summary_of(given.summary) or summary_of(text)
    ticket.organisation = organisation_of(choice, person, at)
    ticket.began_at = began_at
    ticket.fields, ticket.fields_key = fields, new_key() if fields else b""
    ticket.link_hash = hash_of(token_of(ticket))
    clocks = pin(ticket, promises, ticket.version)
    settle(ticket, clocks, [], at=at)
    insert(ticket)
    for clock in clocks:
        clock.ticket = ticket
    insert_all(clocks)
    message = post(
        ticket,
        text,
        by=by,
        at=at,
        is_from_desk=False,
        channel=given.channel,
        mailed=given.mailed,
    )
    index_new(ticket, text)
    _write_facts(ticket, person, given, at)
    write(
        ticket,
        "ticket.held" if ticket.held_for else "ticket.reported",
        by=by,
        at=at,
        digest=message.digest,
        service=given.service.pk,
        kind=ticket.kind,
        version=choice.version.pk if choice else None,
    )
    if given.about_staff:
        hold_for_reviewer(ticket, given.names, by=by, at=at)
    if given.photo:
        attach_photo(ticket, given.photo, by=by, at=at)
    return ticket


def _row(given: Report, choice: Choice | None, priority: str, at: datetime) -> Ticket:
    """Return the row of a new ticket as far as the report and its agreement say it."""
    return Ticket(
        service=given.service,
        place=given.place,
        kind="complaint" if given.about_staff else given.kind,
        requester=given.requester,
        affected=given.affected or given.requester,
        reported_by=given.reported_by,
        contact_email=known_email(given.contact_email) if given.contact_email.strip() else "",
        affected_count=given.affected_count,
        impact=given.impact,
        urgency=given.urgency,
        computed_priority=priority,
        priority=priority,
        held_for=REVIEWER if given.about_staff else given.held_for,
        version=choice.version if choice else None,
        covered_by=choice.why[:300] if choice else "",
        reported_at=at,
        changed_at=at,
        channel=given.channel,
        once=given.once,
        link_key=new_key(),
    )


def choose_for(
    service: Service,
    person: Person | None,
    place: Place | None,
    kind: str,
    priority: str,
    at: datetime,
    clauses: Clauses | None = None,
) -> Choice | None:
    """Return the agreement that applies to this person or place; None means the house promise.

    Four queries, and one for the clauses of equally specific ones, unless `clauses` has them.
    """
    one = One.at(
        at,
        person_id=person.pk if person else None,
        place_id=place.pk if place else None,
    )
    chooser = Chooser(service.pk, one.whom, clauses)
    return chooser.choose(one, at=at, kind=kind, priority=priority)


def organisation_of(
    choice: Choice | None, person: Person | None, at: datetime
) -> Organisation | None:
    """Return the organisation a ticket counts for: who funds it, else where the person belongs."""
    if choice is not None:
        return choice.entitlement.funder
    if person is None:
        return None
    member = Membership.objects.at(at).filter(person=person).order_by("-since").first()
    return member.organisation if member else None


def _write_facts(ticket: Ticket, person: Person | None, given: Report, at: datetime) -> None:
    """One use; and of who asked under their own name: that they know, and what they voiced.

    An anonymous report never makes anybody aware, nor does what somebody else typed in. What comes
    again by itself is the provider's own plan, and nobody's use.
    """
    if given.channel == "recurring":
        return
    note_use(
        given.service,
        at=at,
        source="ticket",
        source_id=ticket.pk,
        person=person,
        place=given.place,
        count=given.affected_count,
    )
    # Who turned to a private service, or complained of somebody, is not read off their facts.
    if given.requester is None or given.service.is_private or given.about_staff:
        return
    for kind in ["aware", "voice"] if given.kind in VOICED else ["aware"]:
        note_once(
            given.requester.pk,
            kind,
            at=at,
            evidence="ticket",
            evidence_id=ticket.pk,
            service_id=given.service.pk,
        )


def post(
    ticket: Ticket,
    text: str,
    *,
    by: Actor,
    at: datetime,
    is_from_desk: bool,
    is_public: bool = True,
    channel: str = "web",
    mailed: Mailed | None = None,
) -> Message:
    """Store what was said in a row of its own; the journal line gets only its digest."""
    mailed = mailed or Mailed()
    message = Message(
        ticket=ticket,
        author_id=by.id if by.is_person else None,
        by_kind=by.kind,
        is_from_desk=is_from_desk,
        is_public=is_public,
        text=text,
        key=new_key(),
        at=at,
        channel=channel,
        html=mailed.html,
        quoted=mailed.quoted,
        sender=mailed.sender[:360],
    )
    message.digest = digest(bytes(message.key), text)
    insert(message)
    return message


def clean_text(text: str, *, what: str = "text") -> str:
    """Return the text in one form of Unicode, without control characters; line ends are kept.

    Errors  BadInput when it is empty or longer than 100,000 characters.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = CONTROL.sub("", text).strip()
    if not any(map(_says_something, text)):
        raise BadInput(f"The {what} is empty. Write what is wrong, or what you need.", field="text")
    if len(text) > LONGEST:
        raise BadInput(
            f"The {what} has {len(text):,} characters; at most {LONGEST:,} fit. "
            "Shorten it, or send the rest as an answer.",
            field="text",
        )
    return unicodedata.normalize("NFC", _with_few_marks(text))


def _says_something(character: str) -> bool:
    """Whether a reader sees it: no space, and none of the signs that only steer other characters."""
    return character.isprintable() and not character.isspace()


def _with_few_marks(text: str) -> str:
    """At most 30 accents on one letter, as in Unicode's stream-safe text: no language needs more.

    Without that, putting a hundred thousand of them in order takes many seconds.
    """
    if text.isascii():
        return text
    kept, run = [], 0
    for each in text:
        run = run + 1 if unicodedata.combining(each) else 0
        if run <= MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def summary_of(text: str) -> str:
    """Return the first line of a text that says something, cut at a word, at most 120 characters."""
    lines = (line for line in text.split("\n") if any(map(_says_something, line)))
    line = " ".join(next(lines, "").split())
    if len(line) <= 120:
        return line
    cut = line[:119].rsplit(" ", 1)[0] if " " in line[60:119] else line[:119]
    return f"{cut}…"
