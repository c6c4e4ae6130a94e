"""What becomes of a run: kept, discarded, made an offer of, handed out as a file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tricorn.agreements.models import Agreement
from tricorn.catalogue.models import Service
from tricorn.engine.agreement import Price
from tricorn.engine.errors import BadInput
from tricorn.insight.models import ReplayOption
from tricorn.insight.replays import verbs
from tricorn.insight.replays.reads import RunShown
from tricorn.insight.replays.tried import Tried
from tricorn.parties.models import Organisation
from tricorn.web.choices import fill_choices
from tricorn.web.manage import offers_seen
from tricorn.web.manage.answers import done, may
from tricorn.web.replay_report import report_page
from tricorn.web.replays.beginning import blame
from tricorn.web.replays.results import is_veiled, results
from tricorn.web.replays.run import after, page
from tricorn.web.replays.side import Side, drawn, found, known
from tricorn.web.requests import TricornRequest

ODD = re.compile(r"[^A-Za-z0-9]+")


class OptionsForm(forms.Form):
    """Which of the options."""

    options = forms.MultipleChoiceField(
        label=_("Which options"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one option.")},
    )

    def __init__(self, *args: Any, run: RunShown, **kwargs: Any) -> None:
        wanted = [each.letter for each in run.options if each.is_wanted]
        letters = wanted or [each.letter for each in run.options]
        kwargs["initial"] = {"options": letters, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.run = run
        named = [(each.letter, f"{each.letter} {each.name}") for each in run.options]
        fill_choices(self, options=named)

    @property
    def chosen(self) -> list[ReplayOption]:
        letters = self.cleaned_data["options"]
        return [each.option for each in self.run.options if each.letter in letters]


class OfferForm(OptionsForm):
    """To whom, about which service, under which title. `has_clients`: is there anybody at all?"""

    field_order = ("title", "client", "service", "agreement", "options")

    title = forms.CharField(
        label=_("What the offer is called"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    client = forms.ModelChoiceField(
        label=_("To whom"),
        queryset=Organisation.objects.none(),
        empty_label=_("choose one"),
        error_messages={"required": _("Choose the client.")},
    )
    service = forms.ChoiceField(
        label=_("Which of our services it is about"),
        help_text=_("The tickets came from a file, so the texts name none of ours yet."),
        error_messages={"required": _("Choose the service.")},
    )
    agreement = forms.ModelChoiceField(
        label=_("As a change to"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label=_("a new agreement"),
    )

    def __init__(self, *args: Any, offering: Offering, **kwargs: Any) -> None:
        super().__init__(*args, run=offering.run, **kwargs)
        self.has_clients = True
        if offering.run.replay.client_id is not None:
            del self.fields["client"]
        else:
            clients = Organisation.objects.exclude(pk=offering.provider.pk).order_by("name")
            fill_choices(self, client=clients)
            self.has_clients = clients.exists()
        if offering.is_about_ours:
            del self.fields["service"]
        else:
            names = [(str(each.pk), each.name) for each in offering.services]
            is_one = len(names) == 1
            fill_choices(self, service=names if is_one else [("", _("choose one")), *names])
        if offering.agreements:
            numbers = [each.pk for each in offering.agreements]
            fill_choices(self, agreement=Agreement.objects.filter(pk__in=numbers).order_by("ref"))
        else:
            del self.fields["agreement"]


@dataclass(frozen=True)
class Offering:
    """What an offer is made of: the run, who provides, what may be offered.

    is_about_ours  whether the texts name services of ours
    agreements     those of the client that the offer could change
    """

    run: RunShown
    provider: Organisation
    services: tuple[Service, ...]
    is_about_ours: bool
    agreements: tuple[Agreement, ...]


@require_POST
def keep(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Keep a run as it is, for good."""
    run = found(request, side, key)
    verbs.keep(run.replay, by=request.actor, at=request.at)
    return done(request, gettext("It is kept as it is."), side.to["run"], key)


def discard(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Forget a run, once that was said twice."""
    run = found(request, side, key)
    if not run.may_discard:
        raise Http404("Not yours to discard.")
    if request.method != "POST":
        return drawn(request, side, "discard.html", {"run": run})
    verbs.discard(run.replay, by=request.actor, at=request.at)
    sentence = gettext("“%(name)s” is forgotten.") % {"name": run.replay.name}
    return done(request, sentence, side.to["list"])


@require_POST
def ask(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Ask the provider for an offer of some options."""
    run = found(request, side, key)
    if not side.is_client or not run.is_mine:
        raise Http404("Not yours.")
    form = OptionsForm(request.POST, run=run)
    if not form.is_valid():
        return page(request, side, run, ask_form=form)
    verbs.ask_for_offer(run.replay, form.chosen, by=request.actor, at=request.at)
    sentence = gettext("We were asked for an offer, and see what you tried.")
    return after(request, side, key, sentence)


def offer(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Make a draft of an offer, which its own page shows and sends."""
    run = found(request, side, key)
    if run.offer is not None and not side.is_client:
        return redirect("manage:offer", run.offer.pk)
    if side.is_client or not run.may_offer:
        raise Http404("Not yours to offer.")
    offering = _offering(request, run)
    data = request.POST if request.method == "POST" else None
    form = OfferForm(data, offering=offering, initial=_first_said(offering))
    if data is not None and form.is_valid():
        try:
            made = _made(request, offering, form)
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("The draft is kept. Nobody else sees it before you offer it.")
            return done(request, sentence, "manage:offer", made)
    context = {"run": run, "form": form, "has_clients": form.has_clients}
    return drawn(request, side, "offer.html", context, form)


def _offering(request: TricornRequest, run: RunShown) -> Offering:
    _portrait, house = known(request)
    services = offers_seen.services(request)
    ours = {word.casefold() for each in services for word in (each.slug, each.name)}
    named = {name.casefold() for each in run.options for name in each.content.services}
    is_about_ours = bool(named) and named <= ours
    agreements: tuple[Agreement, ...] = ()
    if run.replay.client_id is not None:
        agreements = tuple(run.replay.agreements.order_by("ref"))
    provider = run.services[0].provider if run.services else house.provider
    if not may(request, "make_offer"):
        mine = {each.pk for each in services}
        if any(each.pk not in mine for each in run.services):
            raise Http404("Not yours to offer.")
    return Offering(run, provider, services, is_about_ours, agreements)


def _made(request: TricornRequest, offering: Offering, form: OfferForm) -> int:
    data = form.cleaned_data
    service = next((s for s in offering.services if str(s.pk) == data.get("service")), None)
    offer = verbs.offer_from(
        offering.run.replay,
        form.chosen,
        service.provider if service else offering.provider,
        data["title"],
        by=request.actor,
        at=request.at,
        client=data.get("client"),
        agreement=data.get("agreement"),
        service=service,
        prices=_reckoned(offering.run, request.at),
    )
    return int(offer.pk)


def _first_said(offering: Offering) -> dict[str, Any]:
    """Return what the form begins with: no client reads the name of a file as a title."""
    run = offering.run
    only = offering.agreements[0].pk if len(offering.agreements) == 1 else None
    options = [each.name for each in run.options if each.is_wanted]
    options = options or [each.name for each in run.options]
    title = run.replay.name
    if title == run.replay.file_name:
        title = ", ".join(options)
    elif title == ", ".join(str(each) for each in run.services):
        title = f"{title}: {', '.join(options)}"
    return {"title": title[:200], "agreement": only}


def _reckoned(run: RunShown, at: datetime) -> dict[int, Price]:
    """Return what options without a price cost by the provider's own rates; not by a client's."""
    now = results(run, at).found if run.replay.rates and run.replay.side != "client" else None
    if now is None:
        return {}
    return {
        shown.option.pk: Price(Decimal(str(option.price)), option.currency)
        for shown, option in zip(run.options, now.study.options[1:], strict=True)
        if option.price is not None and option.currency
    }


@require_safe
def html(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """The report as one file."""
    run, now = _tried(request, side, key)
    return _file(run, "html", report_page(now.page), "text/html; charset=utf-8")


@require_safe
def data(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Every figure as JSON; not for whom counts about few people are left out."""
    run, now = _tried(request, side, key)
    if is_veiled(run):
        raise Http404("Not yours.")
    said = json.dumps(now.study.as_data(), ensure_ascii=False, indent=2)
    return _file(run, "json", said, "application/json")


def _tried(request: TricornRequest, side: Side, key: str) -> tuple[RunShown, Tried]:
    run = found(request, side, key)
    now = results(run, request.at)
    if run.replay.state in ("reading", "failed") or now.found is None:
        raise Http404("There is nothing to hand out yet.")
    return run, now.found


def _file(run: RunShown, ending: str, said: str, kind: str) -> HttpResponse:
    name = ODD.sub("-", run.replay.name).strip("-").lower()[:60] or "tried"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(said, content_type=kind, headers=headers)
