"""Who letters come from: the house, and each service that has a name and address of its own."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.mail.models import Identity
from tricorn.mail.verbs import Given, drop_identity, set_identity
from tricorn.mail.verbs.identities import LONGEST_NAME, LONGEST_SIGNATURE
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.requests import TricornRequest


class SenderForm(forms.Form):
    """The name and address of From, and the last words of every letter."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("What people read as the sender: House IT, Mail desk."),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=254,
        help_text=_(
            "Your mail server must be allowed to send for it (SPF and DKIM), or letters end as junk."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    signature = forms.CharField(
        label=_("Signature"),
        max_length=LONGEST_SIGNATURE,
        required=False,
        help_text=_("The last words of every letter. Left empty: the provider's name."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


@for_all("edit_words")
def senders(request: TricornRequest) -> HttpResponse:
    """The house's own identity as a form, and the services with theirs."""
    known = {each.service_id: each for each in Identity.objects.all()}
    services = services_on_offer()
    rows = [(each, known.get(each.pk)) for each in services]
    return _page(request, None, known.get(None), {"rows": rows})


@for_all("edit_words")
def sender(request: TricornRequest, service: int) -> HttpResponse:
    """The identity of one service."""
    found = get_object_or_404(Service, pk=service)
    return _page(request, found, Identity.objects.filter(service=found).first(), {})


def _page(
    request: TricornRequest,
    service: Service | None,
    identity: Identity | None,
    context: dict[str, object],
) -> HttpResponse:
    initial = {
        "name": identity.name if identity else "",
        "address": identity.address if identity else "",
        "signature": identity.signature if identity else "",
    }
    if request.method == "POST" and "remove" in request.POST:
        drop_identity(service, by=request.actor, at=request.at)
        return done(request, gettext("Removed."), "manage:letters-from")
    form = SenderForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            given = Given(**form.cleaned_data)
            set_identity(service, given, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            name = {"name": form.cleaned_data["name"], "address": form.cleaned_data["address"]}
            said = gettext("Letters come from %(name)s <%(address)s> now.") % name
            return done(request, said, "manage:letters-from")
    context |= {
        "form": form,
        "service": service,
        "identity": identity,
        "fallback": settings.DEFAULT_FROM_EMAIL,
    }
    return page(request, "letters_from.html", "letters", context, form)
