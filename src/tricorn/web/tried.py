"""Trying a service free of charge: one button, one page until the end, one question."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tricorn.agreements.deciders import may_each, to_sign
from tricorn.agreements.models import Trial, TrialOffer
from tricorn.agreements.verbs import answer_trial, ask_for_offer, begin_trial
from tricorn.catalogue.bridge import schedule
from tricorn.engine.errors import BadInput
from tricorn.parties.models import Organisation, Person
from tricorn.web.opening import said_hours
from tricorn.web.requests import TricornRequest

ANSWERS: dict[str, str | Promise] = {
    "yes": _("yes"),
    "not_sure": _("not sure"),
    "no": _("no"),
}


class AnswerForm(forms.Form):
    """The one question."""

    answer = forms.ChoiceField(
        label=_("Would you keep it?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("not_sure", _("Not sure"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: yes, no, or not sure.")},
    )
    comment = forms.CharField(
        label=_("Anything you would like to add"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


@require_safe
def trial(request: TricornRequest, slug: str) -> HttpResponse:
    """One trial, as it stands for the reader: to begin, running, over, answered."""
    person = request.who.person
    if person is None:
        return redirect_to_login(request.get_full_path())
    return _drawn(request, person, slug)


@require_POST
def begin(request: TricornRequest, slug: str) -> HttpResponse:
    """Begin it, by one press."""
    person = request.who.person
    if person is None:
        return redirect_to_login(f"/try/{slug}/")
    offer, mine = _known(person, slug)
    if offer is None:
        offer = mine.offer if mine else None
    if offer is None:
        raise Http404("This cannot be tried.")
    trial = begin_trial(offer, person, by=request.actor, at=request.at)
    messages.success(request, gettext("You can use %(service)s now.") % {"service": trial.service})
    return redirect("my:front")


@require_POST
def answer(request: TricornRequest, slug: str) -> HttpResponse:
    """Answer the one question."""
    person, mine = _mine(request, slug)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_trial(mine, **form.cleaned_data, by=request.actor, at=request.at)
        except BadInput as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, gettext("Thank you."))
            return redirect("trial", slug)
    return _drawn(request, person, slug, form)


@require_POST
def offer(request: TricornRequest, slug: str) -> HttpResponse:
    """Ask for an offer, for an organisation that one may sign for."""
    _person, mine = _mine(request, slug)
    chosen = request.POST.get("organisation", "")
    wanted = [each for each in _signs_for(request, mine) if str(each.pk) == chosen]
    if not wanted:
        raise Http404("You cannot sign for this organisation.")
    ask_for_offer(mine, wanted[0], by=request.actor, at=request.at)
    messages.success(request, gettext("We will make you an offer."))
    return redirect("trial", slug)


def _mine(request: TricornRequest, slug: str) -> tuple[Person, Trial]:
    person = request.who.person
    _offer, mine = _known(person, slug) if person else (None, None)
    if person is None or mine is None:
        raise Http404("You have not tried this.")
    return person, mine


def _known(person: Person, slug: str) -> tuple[TrialOffer | None, Trial | None]:
    rows = TrialOffer.objects.filter(service__slug=slug, ended_at__isnull=True)
    mine = Trial.objects.filter(person=person, service__slug=slug)
    return (
        rows.filter(service__is_retired=False).select_related("service__hours").first(),
        mine.select_related("service__hours", "offer", "wants_offer_for").first(),
    )


def _signs_for(request: TricornRequest, mine: Trial) -> list[Organisation]:
    """The organisations that the reader may sign for, on this service. Nine queries at most."""
    portrait = request.who.portrait
    numbers = (
        {a.organisation_id for a in portrait.authorities if a.may == "sign"} if portrait else ()
    )
    found = list(Organisation.objects.filter(pk__in=numbers).order_by("name"))
    if not found:
        return []
    askeds = [to_sign(each, mine.service) for each in found]
    may = may_each(mine.person_id, askeds, at=request.at)
    return [each for each, one in zip(found, may, strict=True) if one]


def _drawn(
    request: TricornRequest, person: Person, slug: str, form: AnswerForm | None = None
) -> HttpResponse:
    offer, mine = _known(person, slug)
    if mine is None and offer is None:
        raise Http404("This cannot be tried.")
    service = mine.service if mine else offer.service if offer else None
    assert service is not None
    context = {
        "service": service,
        "offer": offer,
        "mine": mine,
        "is_over": mine is not None and mine.ends_at <= request.at,
        "answer": ANSWERS.get(mine.answer, "") if mine else "",
        "hours": said_hours(schedule(service.hours).hours, request.who.zone),
        "signs_for": _signs_for(request, mine) if mine and not mine.offer_asked_at else [],
        "form": form or AnswerForm(),
    }
    return render(request, "try.html", context, status=422 if form else 200)
