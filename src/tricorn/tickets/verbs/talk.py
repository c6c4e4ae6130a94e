"""The conversation on a ticket: public answers, internal notes, one rating at the end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import digest, new_key, write
from tricorn.tickets.models import Message, Rating, Ticket
from tricorn.tickets.verbs.access import allow, lock, lock_with_survivor
from tricorn.tickets.verbs.clocks import DUE_FIELDS, resettle
from tricorn.tickets.verbs.drafts import discard_said
from tricorn.tickets.verbs.follow import mention
from tricorn.tickets.verbs.found import index
from tricorn.tickets.verbs.intake import Mailed, clean_text, post
from tricorn.tickets.verbs.work import end_wait, respond, stood_still, take_up


def answer(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    text: str,
    once: str = "",
    mailed: Mailed | None = None,
    channel: str = "web",
) -> Message:
    """Say something on the ticket for everybody who may see it.

    From the desk: the first one is the first response and takes a new ticket up. From whose matter
    it is: what waited for them goes on, and what was resolved is open again. On a merged ticket
    that happens to the one in which it is handled; the words stay with who said them.
    The same words by the same actor within a minute are one message.
    """
    text = clean_text(text, what="answer")
    with transaction.atomic():
        told, ticket = lock_with_survivor(ticket)
        standing = allow(told, "answer", by=by, at=at)
        is_from_desk = bool(standing.duties) and not _is_theirs(told, by)
        if said := _just_said(told, text, by, at):
            return said
        _must_be_open(told, ticket, is_from_desk)
        message = post(
            told,
            text,
            by=by,
            at=at,
            is_from_desk=is_from_desk,
            channel="mail" if mailed else channel,
            mailed=mailed,
        )
        discard_said(told, by=by, at=at, kind="answer", text=text)
        if not is_from_desk:
            _goes_on(ticket, at)
        elif by.kind != "worker":  # what a rule says by itself answers nobody
            take_up(ticket)
            respond(ticket, at)
        ticket.changed_at = at
        resettle(ticket, at=at)
        ticket.save(
            update_fields=[
                "state",
                "waiting_on",
                "first_response_at",
                "resolved_at",
                "changed_at",
                *DUE_FIELDS,
            ]
        )
        index(ticket)
        write(
            ticket,
            "ticket.answered",
            by=by,
            at=at,
            digest=message.digest,
            message=message.pk,
            from_desk=is_from_desk,
            **({"told_on": told.pk} if told.pk != ticket.pk else {}),
        )
    return message


def _must_be_open(told: Ticket, ticket: Ticket, is_from_desk: bool) -> None:
    """Refuse what cannot be added; whose matter was merged hears nothing of the other one."""
    if told.pk != ticket.pk and is_from_desk:
        raise MoveRefused(
            f"{told.ref} is handled together with {ticket.ref}. Answer there: whoever asked "
            f"{told.ref} reads that too. Or unmerge it first.",
            verb="answer",
            state=told.state,
        )
    if ticket.state not in ("closed", "cancelled"):
        return
    if told.pk != ticket.pk:
        raise MoveRefused(
            f"{told.ref} was handled together with another matter, which is over. "
            "Tell us anew what is wrong, and we look at it again.",
            verb="answer",
            state=told.state,
        )
    raise MoveRefused(
        f"{ticket.ref} is {ticket.state}, so nothing can be added. Reopen it first.",
        verb="answer",
        state=ticket.state,
    )


def _is_theirs(ticket: Ticket, by: Actor) -> bool:
    """Whether somebody asks this, or needs it. Who only typed it in for them does neither."""
    return by.is_person and by.id in (ticket.requester_id, ticket.affected_id)


def _goes_on(ticket: Ticket, at: datetime) -> None:
    """The person whose matter it is has spoken: nobody waits for them any more."""
    if ticket.state == "waiting" and ticket.waiting_on in ("customer", "user", "client"):
        end_wait(ticket, at)
        ticket.state, ticket.waiting_on = "open", ""
    elif ticket.state == "resolved":
        stood_still(ticket, ticket.resolved_at or at, at)
        ticket.state, ticket.resolved_at = "open", None


def _just_said(
    ticket: Ticket, text: str, by: Actor, at: datetime, *, is_public: bool = True
) -> Message | None:
    last = ticket.messages.standing().order_by("-at", "-id").first()
    is_same = (
        last is not None
        and last.text == text
        and last.by_kind == by.kind
        and last.author_id == (by.id if by.is_person else None)
        and (at - last.at).total_seconds() < 60
        and last.is_public == is_public
    )
    return last if is_same else None


def add_note(
    ticket: Ticket, *, by: Actor, at: datetime, text: str, mailed: Mailed | None = None
) -> Message:
    """Write an internal note: seen by the desk only, never mailed, no response to anybody.

    The same words by the same actor within a minute are one note.
    """
    text = clean_text(text, what="note")
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "add_note", by=by, at=at)
        if said := _just_said(ticket, text, by, at, is_public=False):
            return said
        message = post(
            ticket,
            text,
            by=by,
            at=at,
            is_from_desk=True,
            is_public=False,
            channel="mail" if mailed else "web",
            mailed=mailed,
        )
        ticket.changed_at = at
        ticket.save(update_fields=["changed_at"])
        index(ticket)
        write(ticket, "ticket.noted", by=by, at=at, digest=message.digest, message=message.pk)
        discard_said(ticket, by=by, at=at, kind="note", text=text)
        mention(ticket, message, by=by, at=at)
    return message


def rate(
    ticket: Ticket, *, by: Actor, at: datetime, score: int, reason: str = "", text: str = ""
) -> Rating:
    """Say once, at the end, how it was: 1 to 5, with a reason when it was not good.

    Errors  BadInput for a score or a reason that there is not; StandingRefused for whose matter
            it is not; MoveRefused before it is resolved, and for another score than the first.
    """
    if score not in (1, 2, 3, 4, 5):
        raise BadInput("Choose how it was, from 1 to 5.", field="score")
    if reason not in Rating.REASONS:
        raise BadInput("The reason is functionality, reliability or support.", field="reason")
    text = clean_text(text, what="comment") if text.strip() else ""
    with transaction.atomic():
        ticket = lock(ticket)
        allow(ticket, "rate", by=by, at=at)
        if by.is_person and not _is_theirs(ticket, by):
            raise StandingRefused(
                "Only the person whose matter it is can rate a ticket. You typed it in for them.",
                verb="rate",
            )
        if ticket.state not in ("resolved", "closed"):
            raise MoveRefused(
                f"{ticket.ref} is still {ticket.state}. Rate it when it is resolved.", verb="rate"
            )
        if found := Rating.objects.filter(ticket=ticket).first():
            if found.score == score:
                return found
            raise MoveRefused(f"{ticket.ref} was rated already. Thank you.", verb="rate")
        rating = Rating(ticket=ticket, score=score, reason=reason, text=text, key=new_key(), at=at)
        rating.save()
        write(
            ticket,
            "ticket.rated",
            by=by,
            at=at,
            digest=digest(bytes(rating.key), text) if text else "",
            score=score,
            reason=reason,
        )
    return rating
