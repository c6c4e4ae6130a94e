"""Delivered work behind Decide: look at it, accept it, or refuse it and say why."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tricorn.agreements import deciders, delivered
from tricorn.agreements.models import Work
from tricorn.agreements.verbs import accept_work, refuse_work
from tricorn.engine.errors import BadInput
from tricorn.web.decide.front import known
from tricorn.web.papers import paper_of
from tricorn.web.requests import TricornRequest


class AnswerForm(forms.Form):
    """Yes, or no and why."""

    answer = forms.ChoiceField(
        label=_("Was it delivered as it should be?"),
        choices=[("accept", _("Yes, I accept it")), ("refuse", _("No, I refuse it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: accept it, or refuse it.")},
    )
    reason = forms.CharField(
        label=_("Why, or what is missing"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("A refusal needs a reason."),
    )


@require_safe
def work(request: TricornRequest, work: int) -> HttpResponse:
    """One piece of delivered work with its evidence."""
    return _drawn(request, _found(request, work), AnswerForm())


@require_POST
def answer(request: TricornRequest, work: int) -> HttpResponse:
    """Sign for the client that it is accepted, or refuse it."""
    found = _found(request, work)
    form = AnswerForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        deed = accept_work if given["answer"] == "accept" else refuse_work
        try:
            deed(found, by=request.actor, at=request.at, reason=given["reason"])
        except BadInput as problem:
            form.add_error("reason", str(problem))
        else:
            said = {
                "accept": gettext("You accepted it. That is on record."),
                "refuse": gettext("You refused it. The provider reads why."),
            }
            messages.success(request, said[given["answer"]])
            return redirect("decide:work", found.pk)
    return _drawn(request, found, form)


@require_safe
def paper(request: TricornRequest, work: int, number: int) -> FileResponse:
    """One file that belongs to the work."""
    return paper_of(_found(request, work), number)


def _found(request: TricornRequest, number: int) -> Work:
    portrait, _person, _house = known(request)
    found = delivered.visible(portrait).filter(pk=number).first()
    if found is None:
        raise Http404("There is no such work.")
    return found


def _drawn(request: TricornRequest, found: Work, form: AnswerForm) -> HttpResponse:
    _portrait, person, _house = known(request)
    outcome = getattr(found, "outcome", None)
    who = [] if outcome else deciders.who_may(deciders.of_work(found), at=request.at)
    context = {
        "work": found,
        "outcome": outcome,
        "files": delivered.files_of(found),
        "may": any(each.person.pk == person.pk for each in who),
        "who": [each.person.name for each in who],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "decide/work.html", context, status=status)
