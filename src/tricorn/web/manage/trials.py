"""Free trials behind Manage: open one, close it, read what people said, make an offer of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.agreements import tried
from tricorn.agreements.models import TrialOffer
from tricorn.agreements.verbs import close_trial, open_trial
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.requests import TricornRequest
from tricorn.web.tried import ANSWERS


class TrialForm(forms.Form):
    """Which service, for how long, and a word to who tries it."""

    service = forms.ModelChoiceField(
        label=_("Which service?"), queryset=Service.objects.none(), empty_label=None
    )
    days = forms.IntegerField(label=_("For how many days?"), min_value=1, max_value=366, initial=30)
    words = forms.CharField(
        label=_("What they get"),
        required=False,
        max_length=300,
        help_text=_("One sentence, read beside the button."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, service=services_on_offer())


@for_all("activate_agreement")
def trials(request: TricornRequest) -> HttpResponse:
    """Every trial with what came of it, and the form that opens one."""
    form = TrialForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            offer = open_trial(
                given["service"],
                given["days"],
                words=given["words"],
                by=request.actor,
                at=request.at,
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            said = gettext("%(service)s can be tried now.") % {"service": offer.service}
            return done(request, said, "manage:trials")
    shown = [
        {
            "shown": each,
            "answers": [(ANSWERS[answer], n) for answer, n in each.answers],
            "offer_url": _offer_url(each.offer.service),
        }
        for each in tried.shown(request.at)
    ]
    return page(request, "trials.html", "agreements", {"trials": shown, "form": form}, form)


@for_all("activate_agreement")
@require_POST
def trial_close(request: TricornRequest, offer: int) -> HttpResponse:
    """Let nobody begin it any more."""
    closed = close_trial(get_object_or_404(TrialOffer, pk=offer), by=request.actor, at=request.at)
    said = gettext("Nobody can begin to try %(service)s any more.") % {"service": closed.service}
    return done(request, said, "manage:trials")


def _offer_url(service: Service) -> str:
    """Return where an offer of this service is begun; empty where there is no such page."""
    try:
        return f"{reverse('manage:offer-add')}?service={service.slug}"
    except NoReverseMatch:
        return ""
