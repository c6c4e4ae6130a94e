"""The ticket's page: the conversation first, beside it who asks, the clocks and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.articles import articles_of
from tricorn.tickets.reads.outages import of_ticket
from tricorn.tickets.reads.relations import Relations, relations_of
from tricorn.tickets.reads.ticket import (
    ClockShown,
    Said,
    Step,
    TicketShown,
    one_served,
    ticket_shown,
)
from tricorn.tickets.reads.who import scheme_of
from tricorn.web import labels
from tricorn.web.articles import reader_of
from tricorn.web.desk.aids_shown import context_of, keeps_draft
from tricorn.web.desk.beside import inserted
from tricorn.web.desk.escalated import escalated_of
from tricorn.web.desk.forms import CountForm, NoteForm, PriorityForm, SayForm, TimeForm, WaitForm
from tricorn.web.desk.problem_forms import ProblemOfTicketForm
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.relation_forms import RelateForm, link_words
from tricorn.web.desk.words import (
    CHANNELS,
    MEASURES,
    TOLD_IN_CONVERSATION,
    other_words,
    people_more,
    sentence,
    span_words,
)
from tricorn.web.letters import REASONS
from tricorn.web.photos import photo_of
from tricorn.web.requests import TricornRequest


def found(request: TricornRequest, ref: str) -> Ticket:
    """Return the ticket of that name if the reader serves it; 404 for any other."""
    ticket = one_served(agent_of(request), ref)
    if ticket is None:
        raise Http404("No such ticket at this desk.")
    return ticket


@require_safe
def ticket(request: TricornRequest, ref: str) -> HttpResponse:
    return show(request, found(request, ref))


@require_safe
def photo(request: TricornRequest, ref: str, number: int) -> HttpResponse:
    """One photo of this ticket, for who serves it."""
    return photo_of(found(request, ref), number)  # type: ignore[return-value]


def show(
    request: TricornRequest,
    ticket: Ticket,
    bound: dict[str, forms.Form] | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page; `bound` are forms that came back, with what was typed and what is wrong."""
    assert request.who.house is not None
    agent = agent_of(request)
    relations = relations_of(ticket, agent)
    scheme = scheme_of(request.who.house)
    shown = ticket_shown(ticket, agent, at=request.at, scheme=scheme, merged=relations.together)
    written = inserted(request) or _workaround(request, relations)
    context: dict[str, Any] = {
        "shown": shown,
        "ticket": ticket,
        "title": f"{ticket.ref} {ticket.summary}",
        "talk": _talk(shown),
        "others": [other_words(each) for each in shown.others],
        "clocks": [_Clock.of(clock) for clock in shown.clocks],
        "held": [(_holder(each.holder), each.span) for each in shown.held],
        "history": [(sentence(step), step.at) for step in _renamed(shown.steps)],
        "worked": timedelta(minutes=ticket.minutes_spent),
        "affected": people_more(ticket.affected_count),
        "moves": {move.verb: gettext(move.label) for move in shown.moves},
        "is_mine": request.actor.id == ticket.assignee_id,
        "articles": articles_of(ticket, reader_of(request)),
        "outages": of_ticket(ticket, agent),
        "relations": relations,
        "links": link_words(relations),
        "relate": RelateForm(agent=agent, ticket=ticket, auto_id="relate_%s"),
        "problem": ProblemOfTicketForm(auto_id="problem_%s"),
        "just_merged": _just_merged(request, relations),
        "escalated": escalated_of(ticket),
        "refusal": refusal,
        **context_of(request, ticket),
        **_forms(ticket, shown, written),
    }
    for kind, name in (("answer", "reply"), ("note", "note")):
        draft = context["aids"].drafts.get(kind)
        if draft and not (kind == "answer" and written):
            context[name].initial["text"] = draft.text
    context |= bound or {}
    keeps_draft(context["reply"], ticket, "answer")
    keeps_draft(context["note"], ticket, "note")
    return render(request, "desk/ticket/show.html", context, status=status)


def _just_merged(request: TricornRequest, relations: Relations) -> Ticket | None:
    """The ticket that was merged into this one a moment ago, so that it can be undone here."""
    ref = request.GET.get("merged", "")
    return next((each for each in relations.merged if each.ref == ref), None)


def _workaround(request: TricornRequest, relations: Relations) -> str:
    """The words of the known error that the agent wants to put into the answer."""
    ref = request.GET.get("workaround", "")
    return next((each.workaround for each in relations.workarounds if each.ref == ref), "")


def _forms(ticket: Ticket, shown: TicketShown, words: str) -> dict[str, forms.Form]:
    reply = SayForm(initial={"seen": shown.last_said, "text": words}, auto_id="reply_%s")
    person = shown.who.asked_by or shown.who.person
    if person:
        reply.fields["text"].label = gettext("Reply to %(name)s") % {"name": person.name}
    return {
        "reply": reply,
        "note": NoteForm(auto_id="note_%s"),
        "wait": WaitForm(auto_id="wait_%s"),
        "priority": PriorityForm(auto_id="priority_%s", initial={"priority": ticket.priority}),
        "count": CountForm(auto_id="count_%s", initial={"count": ticket.affected_count}),
        "time": TimeForm(auto_id="time_%s"),
    }


@dataclass(frozen=True)
class _Talk:
    """One entry of the conversation: something said, or something that happened."""

    said: Said | None = None
    channel: str | Promise = ""
    happened: str = ""
    sign: str = ""
    at: datetime | None = None
    unsent: str | Promise = ""


def _talk(shown: TicketShown) -> list[_Talk]:
    """Return what was said and what happened in the order of time; words before the deed."""
    letters = unsent(shown.steps)
    entries = [
        (said.at, 0, said.id, _Talk(said, CHANNELS.get(said.channel, ""), unsent=why))
        for said in shown.said
        for why in [letters.get(said.id, "")]
    ]
    entries += [
        (step.at, 1, n, _Talk(happened=sentence(step), sign=sign, at=step.at))
        for n, step in enumerate(shown.steps)
        if (sign := TOLD_IN_CONVERSATION.get(step.kind))
    ]
    return [entry[-1] for entry in sorted(entries, key=lambda entry: entry[:3])]


def unsent(steps: Sequence[Step]) -> dict[int, str | Promise]:
    """Return why the letter with a message did not go out, for the messages where it is so now."""
    about = [step for step in steps if step.kind.startswith("ticket.letter_")]
    last = {step.data["letter"]: step for step in about if "letter" in step.data}
    return {
        step.data["message"]: REASONS.get(step.data.get("reason", ""), gettext("It failed."))
        for step in last.values()
        if step.kind == "ticket.letter_failed" and step.data.get("message")
    }


def _renamed(steps: tuple[Step, ...]) -> list[Step]:
    """A report that was held before it was reported was released by somebody."""
    was_held = False
    renamed = []
    for step in steps:
        kind = "ticket.released" if was_held and step.kind == "ticket.reported" else step.kind
        was_held = was_held or step.kind == "ticket.held"
        renamed.append(Step(kind, step.at, step.who, step.data))
    return renamed


def _holder(code: str) -> str | Promise:
    return labels.HOLDERS[code] if code else gettext("resolved or merged, before it went on")


@dataclass(frozen=True)
class _Clock:
    """A clock in words."""

    name: str | Promise
    clock: ClockShown
    counted: tuple[str, ...]
    minutes: int
    target: int

    @classmethod
    def of(cls, clock: ClockShown) -> _Clock:
        zone = ZoneInfo(clock.zone)
        target = int(clock.target.total_seconds() // 60) if clock.target else 0
        minutes = int(clock.elapsed.total_seconds() // 60)
        return cls(
            name=MEASURES[clock.measure],
            clock=clock,
            counted=tuple(span_words(span, zone) for span in clock.counted),
            minutes=min(minutes, target) if target else minutes,
            target=target,
        )
