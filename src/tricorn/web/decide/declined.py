"""Asking for a declined option again: one quiet button."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.agreements.models import Option
from tricorn.agreements.offered import offers_for
from tricorn.agreements.verbs import ask_again
from tricorn.web.decide.front import known
from tricorn.web.requests import TricornRequest


@require_POST
def option_again(request: TricornRequest, option: int) -> HttpResponse:
    """Tell the provider that a declined option is of interest again."""
    portrait, person, _ = known(request)
    offers = [offer.pk for offer in offers_for(portrait)]
    found = (
        Option.objects.filter(pk=option, offer__in=offers)
        .exclude(state="draft")
        .select_related("offer__provider")
        .first()
    )
    if found is None:
        raise Http404("There is no such option.")
    ask_again(found, person, by=request.actor, at=request.at)
    messages.success(
        request,
        gettext("%(provider)s knows that you would like it again.")
        % {"provider": found.offer.provider},
    )
    return redirect("decide:front")
