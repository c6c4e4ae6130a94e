"""What a service asks beside the one box: add, change, order, retire."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.catalogue.models import Service
from tricorn.catalogue.questions import (
    add_question,
    change_question,
    move_question,
    questions_of,
)
from tricorn.engine.errors import BadInput
from tricorn.engine.questions import Question
from tricorn.web.manage.answers import blame, done, mine, page, posted
from tricorn.web.requests import TricornRequest

KINDS = {
    "text": _("a line of words"),
    "long": _("a longer text"),
    "number": _("a number"),
    "date": _("a day"),
    "choice": _("one of several answers"),
    "yesno": _("yes or no"),
}
WHO = {
    "everybody": _("everybody; visitors have to answer it"),
    "named": _("everybody; who asks under their own name has to answer it"),
    "": _("everybody who wants to answer it"),
    "desk": _("the desk alone sees and answers it"),
}


class QuestionForm(forms.Form):
    label = forms.CharField(label=_("What is asked?"), max_length=200)
    kind = forms.ChoiceField(
        label=_("The answer is"),
        choices=list(KINDS.items()),
        help_text=_("This cannot be changed later: retire the question then, and ask a new one."),
    )
    choices = forms.CharField(
        label=_("The answers to choose from, one on each line"),
        required=False,
        max_length=9000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    help = forms.CharField(label=_("A hint below the question"), required=False, max_length=500)
    who = forms.ChoiceField(
        label=_("Who is asked?"), choices=list(WHO.items()), initial="", required=False
    )

    def question(self, key: str = "") -> Question:
        given = self.cleaned_data
        is_desk_only = given["who"] == "desk"
        return Question(
            key=key,
            label=given["label"],
            kind=given["kind"],
            help=given["help"],
            choices=tuple(given["choices"].splitlines()),
            required="" if is_desk_only else given["who"],
            is_desk_only=is_desk_only,
            is_retired=given.get("is_retired", False),
        )


class ChangedForm(QuestionForm):
    is_retired = forms.BooleanField(
        label=_("Retired: no longer asked; what was answered stays"), required=False
    )


def questions(request: TricornRequest, service: int) -> HttpResponse:
    """What a service asks, in order; ask one thing more."""
    found = mine(request, service)
    form = QuestionForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            add_question(found, form.question(), by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("It is asked from now on."), "manage:questions", found.pk)
    context = {"service": found, "form": form, "rows": _rows(found)}
    return page(request, "questions.html", "services", context, form)


def question(request: TricornRequest, service: int, question: str) -> HttpResponse:
    """Ask it otherwise, retire it or bring it back."""
    found, one = _found(request, service, question)
    form = ChangedForm(
        posted(request),
        initial={
            "label": one.label,
            "kind": one.kind,
            "choices": "\n".join(one.choices),
            "help": one.help,
            "who": "desk" if one.is_desk_only else one.required,
            "is_retired": one.is_retired,
        },
    )
    if form.is_bound and form.is_valid():
        try:
            change_question(found, one.key, form.question(one.key), by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("The question is kept."), "manage:questions", found.pk)
    context = {"service": found, "form": form, "question": one}
    return page(request, "question.html", "services", context, form)


@require_POST
def question_move(request: TricornRequest, service: int, question: str) -> HttpResponse:
    """Ask it earlier or later."""
    found, one = _found(request, service, question)
    step = -1 if request.POST.get("to") == "earlier" else 1
    move_question(found, one.key, step, by=request.actor, at=request.at)
    return redirect("manage:questions", found.pk)


def _found(request: TricornRequest, service: int, key: str) -> tuple[Service, Question]:
    found = mine(request, service)
    for each in questions_of(found):
        if each.key == key:
            return found, each
    raise Http404("Nobody asks this.")


def _rows(service: Service) -> list[dict[str, Any]]:
    return [
        {
            "question": each,
            "kind": KINDS[each.kind],
            "who": WHO["desk" if each.is_desk_only else each.required],
        }
        for each in questions_of(service)
    ]
