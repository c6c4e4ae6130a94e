"""Complaints that name somebody of us: taken out of every queue, read and answered by a reviewer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.files.models import File
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import digest, new_key, write
from tricorn.parties.models import Person, PersonsMerged
from tricorn.tickets.models import (
    REVIEWER,
    Arrival,
    Copied,
    Draft,
    Follower,
    Hearing,
    Inquiry,
    Link,
    Message,
    Named,
    Presence,
    Reminder,
    Ticket,
)
from tricorn.tickets.reviewers import next_reviewer
from tricorn.tickets.verbs.access import allow, lock, move
from tricorn.tickets.verbs.clocks import DUE_FIELDS, resettle
from tricorn.tickets.verbs.found import index
from tricorn.tickets.verbs.intake import Report, clean_text, post, report
from tricorn.tickets.verbs.review import show_otherwise
from tricorn.tickets.verbs.work import end_wait, respond, take_up

ENDINGS = ("dismissed", "settled", "upheld")
MOST_NAMED = 20


def name_staff(
    ticket: Ticket,
    persons: Collection[Person] = (),
    reviewer: Person | None = None,
    *,
    by: Actor,
    at: datetime,
) -> Ticket:
    """A ticket is about somebody of us: from now on it is with a reviewer, and in no queue.

    Nobody of its desk sees it any more, whoever is named least of all. Named without a reviewer
    given: the first who may read it. Its reviewer names further persons; if one is themselves, it
    goes to the next.
    Errors  StandingRefused for who neither serves nor reviews it; BadInput where nobody may read it.
    """
    with transaction.atomic():
        ticket = lock(ticket)
        inquiry = Inquiry.objects.filter(ticket=ticket).first()
        if inquiry is None:
            allow(ticket, "name_staff", by=by, at=at)
        else:
            must_review(inquiry, by=by, at=at)
        known = set(inquiry.named.values_list("person", flat=True)) if inquiry else set()
        named = known | {each.pk for each in persons}
        if len(named) > MOST_NAMED:
            raise BadInput(f"At most {MOST_NAMED} people can be named.", field="persons")
        chosen = _chosen(ticket, named, inquiry, reviewer, at)
        if inquiry is None:
            inquiry = _begin(ticket, chosen, at)
        is_moved = inquiry.reviewer_id != chosen.pk
        if is_moved:
            inquiry.reviewer = chosen
            inquiry.save(update_fields=["reviewer"])
        fresh = sorted(named - known)
        Named.objects.bulk_create(
            Named(inquiry=inquiry, person_id=each, since=at) for each in fresh
        )
        # How many, not who: a line is for ever, and names are kept for a time.
        write(ticket, "ticket.staff_named", by=by, at=at, named=len(fresh), reviewer=chosen.pk)
    return ticket


def _begin(ticket: Ticket, reviewer: Person, at: datetime) -> Inquiry:
    """Take the ticket out of all that a desk may see."""
    if ticket.survivor_id or Ticket.objects.handled_with(ticket).exists():
        raise MoveRefused(
            f"{ticket.ref} is merged with other tickets. Take them apart first: only what is "
            "about somebody goes to a reviewer.",
            verb="name_staff",
        )
    ticket.held_for, ticket.assignee, ticket.team, ticket.changed_at = REVIEWER, None, None, at
    ticket.parent = None
    ticket.save(update_fields=["held_for", "assignee", "team", "parent", "changed_at"])
    ticket.children.update(parent=None)
    ticket.outages.clear()
    ticket.problems.clear()
    Link.objects.filter(Q(source=ticket) | Q(target=ticket)).delete()
    for rows in (Presence, Follower, Reminder, Draft, Copied):
        rows.objects.filter(ticket=ticket).delete()
    index(ticket)
    show_otherwise(ticket)
    return Inquiry.objects.create(ticket=ticket, reviewer=reviewer, begun_at=at)


def _chosen(
    ticket: Ticket,
    named: set[int],
    inquiry: Inquiry | None,
    wished: Person | None,
    at: datetime,
) -> Person:
    if wished is None and inquiry and inquiry.reviewer and inquiry.reviewer_id not in named:
        return inquiry.reviewer
    found = next_reviewer(ticket, named, at, wished=wished)
    if found is None:
        raise BadInput(
            "Nobody is there who may read this complaint: every reviewer is named in it or part of "
            "it. Ask whoever manages the house to set another one.",
            field="reviewer",
        )
    return found


def must_review(inquiry: Inquiry, *, by: Actor, at: datetime) -> None:
    """See that the actor reviews this complaint at this moment. Errors  StandingRefused."""
    if by.is_person and Inquiry.objects.read_by(by.id, at).filter(pk=inquiry.pk).exists():
        return
    raise StandingRefused("Only the reviewer of this complaint can do that.", verb="review")


def _held(ticket: Ticket, *, by: Actor, at: datetime) -> tuple[Ticket, Inquiry]:
    ticket = lock(ticket)
    inquiry = Inquiry.objects.filter(ticket=ticket).first()
    if inquiry is None:
        raise MoveRefused(f"{ticket.ref} is not with a reviewer.", verb="review")
    must_review(inquiry, by=by, at=at)
    return ticket, inquiry


def answer_complaint(ticket: Ticket, *, by: Actor, at: datetime, text: str) -> Message:
    """Say something to who complained; it stands on their page of the ticket.

    Errors  BadInput for no words; MoveRefused when the inquiry is over; StandingRefused for
            anybody but its reviewer.
    """
    text = clean_text(text, what="answer")
    with transaction.atomic():
        ticket, _ = _held(ticket, by=by, at=at)
        if ticket.is_done:
            raise MoveRefused(
                f"{ticket.ref} is {ticket.state}: the inquiry is over.", verb="answer"
            )
        message = _say(ticket, text, by=by, at=at)
        take_up(ticket)
        _save(ticket, at)
        write(
            ticket,
            "ticket.answered",
            by=by,
            at=at,
            digest=message.digest,
            message=message.pk,
            from_desk=True,
        )
    return message


def ask_named(
    ticket: Ticket, person: Person, text: str, *, by: Actor, at: datetime, tells_who: bool = False
) -> Hearing:
    """Ask somebody named for their side. They read this question, and nothing else of it.

    Errors  BadInput for no words and for who is not named; MoveRefused when the inquiry is over.
    """
    text = clean_text(text, what="question")
    with transaction.atomic():
        ticket, inquiry = _held(ticket, by=by, at=at)
        if inquiry.ended_at is not None:
            raise MoveRefused("The inquiry is over: nobody is asked any more.", verb="ask")
        if not inquiry.named.filter(person=person).exists():
            raise BadInput(f"{person} is not named in this complaint.", field="person")
        same = inquiry.hearings.filter(person=person, text=text, replied_at__isnull=True).first()
        if same:
            return same
        hearing = Hearing.objects.create(
            inquiry=inquiry, person=person, text=text, key=new_key(), at=at, tells_who=tells_who
        )
        said = digest(bytes(hearing.key), text)
        write(ticket, "ticket.named_asked", by=by, at=at, digest=said, hearing=hearing.pk)
    return hearing


def reply_to_review(hearing: Hearing, *, by: Actor, at: datetime, text: str) -> Hearing:
    """Reply to what a reviewer asked, once: the reviewer alone reads it.

    Errors  BadInput for no words; StandingRefused for anybody else; MoveRefused when they
            have replied, or the inquiry is over.
    """
    text = clean_text(text, what="reply")
    with transaction.atomic():
        rows = Hearing.objects.select_for_update(of=("self",))
        hearing = rows.select_related("inquiry__ticket").get(pk=hearing.pk)
        if not by.is_person or by.id != hearing.person_id:
            raise StandingRefused("Only who was asked can reply.", verb="reply")
        if hearing.replied_at is not None:
            if hearing.reply == text:
                return hearing
            raise MoveRefused("You have replied to this already.", verb="reply")
        if hearing.inquiry.ended_at is not None:
            raise MoveRefused("The inquiry is over, so no reply is needed any more.", verb="reply")
        hearing.reply, hearing.reply_key, hearing.replied_at = text, new_key(), at
        hearing.save(update_fields=["reply", "reply_key", "replied_at"])
        said = digest(bytes(hearing.reply_key), text)
        write(
            hearing.inquiry.ticket,
            "ticket.named_replied",
            by=by,
            at=at,
            digest=said,
            hearing=hearing.pk,
        )
    return hearing


def end_inquiry(ticket: Ticket, outcome: str, *, by: Actor, at: datetime, text: str) -> Ticket:
    """The inquiry is over: who complained reads the words, and whether it was upheld is on record.

    Errors  BadInput for an ending that there is not, or no words; MoveRefused when it is over.
    """
    if outcome not in ENDINGS:
        raise BadInput("Say how it ended: upheld, settled or dismissed.", field="outcome")
    text = clean_text(text, what="outcome")
    with transaction.atomic():
        ticket, inquiry = _held(ticket, by=by, at=at)
        _end(ticket, inquiry, outcome, text, by=by, at=at)
    return ticket


def release_inquiry(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    answer: str,
    kind: str = "complaint",
    with_name: bool = False,
) -> Ticket:
    """Pass on what the desk has to act on, in the reviewer's words; the complaint itself stays here.

    Returns the new ticket: nothing of the complaint hangs on it, unless `with_name` says who asks.
    """
    text, answer = clean_text(text), clean_text(answer, what="answer")
    with transaction.atomic():
        ticket, inquiry = _held(ticket, by=by, at=at)
        given = Report(
            service=ticket.service,
            text=text,
            kind=kind,
            place=ticket.place,
            requester=ticket.requester if with_name else None,
            contact_email=ticket.contact_email if with_name else "",
            reported_by=Person.objects.get(pk=by.id or 0),
            channel="review",
        )
        fresh = report(given, by=by, at=at)
        _end(ticket, inquiry, "released", answer, by=by, at=at)
    return fresh


def pass_on(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Hand the complaint to another reviewer, as one is too near to it oneself.

    Errors  BadInput when there is nobody else to read it.
    """
    with transaction.atomic():
        ticket, inquiry = _held(ticket, by=by, at=at)
        named = set(inquiry.named.values_list("person", flat=True))
        near = named | {by.id or 0, inquiry.reviewer_id or 0}
        chosen = next_reviewer(ticket, near, at)
        if chosen is None:
            raise BadInput(
                "There is no other reviewer. Ask the house to set one.", field="reviewer"
            )
        inquiry.reviewer = chosen
        inquiry.save(update_fields=["reviewer"])
        write(ticket, "ticket.review_passed_on", by=by, at=at, reviewer=chosen.pk)
    return ticket


def _end(
    ticket: Ticket, inquiry: Inquiry, outcome: str, text: str, *, by: Actor, at: datetime
) -> None:
    if inquiry.ended_at is not None and ticket.is_done:
        raise MoveRefused("The inquiry is over already.", verb="end")
    message = _say(ticket, text, by=by, at=at)
    if not ticket.is_done:
        take_up(ticket)
        move(ticket, "resolve")
        end_wait(ticket, at)
        ticket.resolved_at, ticket.waiting_on = at, ""
    _save(ticket, at)
    inquiry.ended_at, inquiry.outcome = at, outcome
    inquiry.save(update_fields=["ended_at", "outcome"])
    write(ticket, "ticket.resolved", by=by, at=at, digest=message.digest, message=message.pk)


def _say(ticket: Ticket, text: str, *, by: Actor, at: datetime) -> Message:
    message = post(ticket, text, by=by, at=at, is_from_desk=True)
    respond(ticket, at)
    return message


def _save(ticket: Ticket, at: datetime) -> None:
    ticket.changed_at = at
    resettle(ticket, at=at)
    fields = ["state", "waiting_on", "first_response_at", "resolved_at", "changed_at"]
    ticket.save(update_fields=[*fields, *DUE_FIELDS])


def forget_names(inquiries: Sequence[Inquiry], *, by: Actor, at: datetime, blanks: bool) -> None:
    """Remove who was named; with `blanks` also what was said, its keys and the link. Twice is once."""
    for each in inquiries:
        with transaction.atomic():
            ticket = lock(Ticket(pk=each.pk))
            inquiry = Inquiry.objects.get(pk=each.pk)
            if inquiry.names_gone_at is not None:
                continue
            _unmoved(inquiry)
            count, _ = inquiry.named.all().delete()
            inquiry.hearings.update(person=None)
            if blanks:
                _blank(ticket, inquiry)
            inquiry.names_gone_at = at
            inquiry.save(update_fields=["names_gone_at"])
            write(ticket, "ticket.names_expired", by=by, at=at, named=count, blanked=blanks)


def _unmoved(inquiry: Inquiry) -> None:
    """Of two records that were merged, nothing says any more that one of them was named here."""
    gone = {
        "tickets.Named.person": set(inquiry.named.values_list("pk", flat=True)),
        "tickets.Hearing.person": set(inquiry.hearings.values_list("pk", flat=True)),
    }
    for merged in PersonsMerged.objects.filter(moved__has_any_keys=list(gone)):
        kept = {
            name: [n for n in ids if n not in gone.get(name, ())]
            for name, ids in merged.moved.items()
        }
        merged.moved = {name: ids for name, ids in kept.items() if ids}
        merged.save(update_fields=["moved"])


def _blank(ticket: Ticket, inquiry: Inquiry) -> None:
    """Remove what was said, in whatever form it came: words, letters, files, answers to questions."""
    messages = list(ticket.messages.values_list("pk", flat=True))
    letters = list(Arrival.objects.filter(ticket=ticket).values_list("pk", flat=True))
    ticket.messages.update(text="", html="", quoted="", sender="", key=b"")
    inquiry.hearings.update(text="", key=b"", reply="", reply_key=b"")
    Arrival.objects.filter(pk__in=letters).update(subject="", sender="", detail="")
    # The bytes of a file without a row go when strays are removed.
    for subject, ids in (("ticket", [ticket.pk]), ("message", messages), ("arrival", letters)):
        File.objects.filter(subject=subject, subject_id__in=ids).delete()
    ticket.summary, ticket.contact_email, ticket.fields = "", "", {}
    ticket.save(update_fields=["summary", "contact_email", "fields"])


def find_readers(*, by: Actor, at: datetime, most: int) -> int:
    """Give complaints that nobody reads to somebody who may, as soon as there is somebody."""
    found = 0
    for each in Inquiry.objects.filter(reviewer__isnull=True).order_by("begun_at")[:most]:
        with transaction.atomic():
            ticket = lock(Ticket(pk=each.pk))
            named = set(each.named.values_list("person", flat=True))
            if chosen := next_reviewer(ticket, named, at):
                Inquiry.objects.filter(pk=each.pk).update(reviewer=chosen)
                write(ticket, "ticket.review_passed_on", by=by, at=at, reviewer=chosen.pk)
                found += 1
    return found
