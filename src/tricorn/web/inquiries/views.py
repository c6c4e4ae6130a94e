"""The reviewer's pages, and the page of who is asked; to anybody else they do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from tricorn.engine.errors import Refusal
from tricorn.files.models import File
from tricorn.parties.models import Person
from tricorn.tickets import verbs
from tricorn.tickets.models import Hearing, Inquiry, Reviewer, Ticket
from tricorn.tickets.reads.brought import files_of
from tricorn.web.inquiries.forms import (
    ENDED,
    AnswerForm,
    AskForm,
    EndForm,
    NameForm,
    ReleaseForm,
    ReplyForm,
)
from tricorn.web.mailed import file_of
from tricorn.web.middleware import STATUS
from tricorn.web.photos import photo_of
from tricorn.web.requests import TricornRequest

MOST = 200


@require_safe
def inquiries(request: TricornRequest) -> HttpResponse:
    """What I review, what is over, and what I am asked."""
    if request.who.person is None:
        return redirect_to_login(request.get_full_path())
    person = request.who.person.pk
    mine = Inquiry.objects.read_by(person, request.at).select_related("ticket__service")
    rows = list(mine.order_by("-begun_at")[:MOST])
    asked = list(Hearing.objects.filter(person=person).order_by("-at")[:MOST])
    reviews = Reviewer.objects.at(request.at).filter(person=person).exists()
    if not (rows or asked or reviews):
        raise Http404("Nothing is reviewed here by you, and nothing asked of you.")
    context = {
        "open": [each for each in rows if not each.ticket.is_done],
        "over": [each for each in rows if each.ticket.is_done],
        "asked": asked,
        "reviews": reviews or bool(rows),
    }
    return render(request, "inquiries/list.html", context)


def found(request: TricornRequest, ref: str) -> Inquiry:
    """Return the inquiry of that ticket, if the reader reviews it now; 404 for any other."""
    number = ref.upper().removeprefix("T-")
    if request.who.person is None or not (number.isascii() and number.isdigit()):
        raise Http404("No such inquiry.")
    rows = Inquiry.objects.read_by(request.who.person.pk, request.at).select_related(
        "ticket__service", "ticket__place", "ticket__requester", "ticket__affected"
    )
    inquiry = rows.filter(pk=int(number)).first() if len(number) < 16 else None
    if inquiry is None:
        raise Http404("No such inquiry.")
    return inquiry


@require_safe
def inquiry(request: TricornRequest, ref: str) -> HttpResponse:
    """Read everything of one complaint."""
    return show(request, found(request, ref))


@require_safe
def photo(request: TricornRequest, ref: str, number: int) -> FileResponse:
    return photo_of(found(request, ref).ticket, number)


@require_safe
def file(request: TricornRequest, ref: str, number: int) -> FileResponse:
    """One file that came by mail with the complaint."""
    ticket = found(request, ref).ticket
    return file_of(ticket, number, at_desk=[ticket.pk])


@dataclass(frozen=True)
class Spoken:
    """One message as its reviewer reads it, with what came by mail beside it."""

    author: Person | None
    is_from_desk: bool
    is_public: bool
    at: datetime
    text: str
    html: str
    quoted: str
    files: tuple[File, ...]


def spoken(ticket: Ticket) -> list[Spoken]:
    """Return everything said on a complaint: two queries."""
    messages = list(ticket.messages.standing().select_related("author").order_by("at", "id"))
    files = files_of(messages)
    return [
        Spoken(
            each.author,
            each.is_from_desk,
            each.is_public,
            each.at,
            each.text,
            each.html,
            each.quoted,
            files.get(each.pk, ()),
        )
        for each in messages
    ]


def show(
    request: TricornRequest,
    inquiry: Inquiry,
    bound: dict[str, forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Draw the page; `bound` is the form that came back, with what was typed and what is wrong."""
    ticket = inquiry.ticket
    named = [each.person for each in inquiry.named.select_related("person")]
    context: dict[str, Any] = {
        "inquiry": inquiry,
        "ticket": ticket,
        "said": spoken(ticket),
        "photos": File.objects.filter(subject="ticket", subject_id=ticket.pk).order_by("id"),
        "named": named,
        "hearings": inquiry.hearings.select_related("person"),
        "ended": ENDED.get(inquiry.outcome, ""),
        "answer": AnswerForm(auto_id="answer_%s"),
        "name": NameForm(at=request.at, auto_id="name_%s"),
        "ask": AskForm(named=named, auto_id="ask_%s"),
        "end": EndForm(auto_id="end_%s"),
        "release": ReleaseForm(auto_id="release_%s"),
        **(bound or {}),
    }
    return render(request, "inquiries/show.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: TricornRequest, hearing: int) -> HttpResponse:
    """A reviewer asks me something: I read that, reply, and see nothing else of it."""
    if request.who.person is None:
        return redirect_to_login(request.get_full_path())
    row = (
        Hearing.objects.filter(pk=hearing, person=request.who.person)
        .select_related("inquiry__ticket__requester")
        .first()
    )
    if row is None:
        raise Http404("Nobody asked you that.")
    form = ReplyForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                verbs.reply_to_review(
                    row, by=request.actor, at=request.at, text=form.cleaned_data["text"]
                )
            except Refusal as refusal:
                form.add_error("text", str(refusal))
                status = STATUS.get(type(refusal), 422)
            else:
                messages.success(request, gettext("Your reply is with the reviewer."))
                return redirect("inquiry-asked", row.pk)
    who = row.inquiry.ticket.requester if row.tells_who else None
    context = {"hearing": row, "form": form, "who": who}
    return render(request, "inquiries/asked.html", context, status=status)
