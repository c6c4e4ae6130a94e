"""Beginning a run on our own tickets, with what holds today; an option may come along."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from tricorn.agreements.models import Agreement, Option
from tricorn.agreements.offered import offers_for
from tricorn.agreements.verbs.offers import content_of, draft_of, newest
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput
from tricorn.insight.replays import verbs
from tricorn.insight.replays.sources import Source, sources_for_client, sources_for_house
from tricorn.parties.models import Organisation
from tricorn.web.manage import offers_seen
from tricorn.web.manage.fields import row_number
from tricorn.web.replays.beginning import BeginForm, blame
from tricorn.web.replays.side import Side, drawn, known, may_begin
from tricorn.web.requests import TricornRequest


@dataclass(frozen=True)
class Brought:
    """An option of an offer that somebody would like to try: its name and its text."""

    option: Option
    content: text.Agreement

    @property
    def name(self) -> str:
        return self.option.name


def begin(request: TricornRequest, side: Side) -> HttpResponse:
    """Choose what is tried and on which months; `?service=`, `?agreement=`, `?option=` choose."""
    if not may_begin(request, side):
        raise Http404("Nothing to try.")
    brought = _brought(request, side)
    sources = _sources(request, side)
    place = _chosen(request, sources, brought)
    if place is None:
        return drawn(request, side, "begin.html", {"sources": [], "brought": brought})
    source = sources[place]
    clients = [] if side.is_client else _clients(source)
    data = request.POST if request.method == "POST" else None
    initial = {"client": brought.option.offer.client_id} if brought else {}
    form = BeginForm(data, source=source, clients=clients, initial=initial)
    if data is not None and form.is_valid():
        chosen = form.cleaned_data.get("client")
        client = next((each for each in clients if each.pk == chosen), source.client)
        try:
            run = verbs.begin_replay(
                source.services,
                form.cleaned_data["first_on"],
                form.cleaned_data["last_on"],
                by=request.actor,
                at=request.at,
                name=form.cleaned_data["name"],
                zone=source.zone,
                client=client,
                for_client=side.is_client,
                present=source.present,
            )
            if brought is not None:
                verbs.add_option(
                    run, brought.name, brought.content, by=request.actor, at=request.at
                )
        except BadInput as problem:
            blame(form, problem)
        else:
            return redirect(side.to["run"], run.key)
    context = {
        "sources": [(n, _called(each)) for n, each in enumerate(sources)],
        "place": place,
        "source": source,
        "present": source.present,
        "is_house_promise": source.agreement is None and source.present is not None,
        "brought": brought,
        "form": form,
    }
    return drawn(request, side, "begin.html", context, form)


def _sources(request: TricornRequest, side: Side) -> list[Source]:
    portrait, house = known(request)
    if side.is_client:
        return sources_for_client(portrait, request.at, house.fewest)
    return sources_for_house(portrait, request.at, house.zone)


def _chosen(request: TricornRequest, sources: list[Source], brought: Brought | None) -> int | None:
    """Return which source the address or the form means; else the one with most tickets.

    None where there is none, or none of the services that an option is about.
    """
    asked = request.POST if request.method == "POST" else request.GET
    number = row_number(asked.get("source", ""))
    if number is not None and number < len(sources):
        return number
    service = row_number(asked.get("service", ""))
    ref = asked.get("agreement", "")
    mine = set(brought.option.services.values_list("pk", flat=True)) if brought else set()
    for n, each in enumerate(sources):
        numbers = {one.pk for one in each.services}
        is_meant = service in numbers or bool(numbers & mine)
        if is_meant or (ref and each.agreement is not None and each.agreement.ref == ref):
            return n
    if brought or not sources:
        return None
    return max(range(len(sources)), key=lambda n: sources[n].weight)


def _called(source: Source) -> str:
    services = ", ".join(str(each) for each in source.services)
    if source.client is None or source.agreement is None:
        return services
    names = {"ref": source.agreement.ref, "services": services}
    return gettext("%(services)s, by %(ref)s") % names


def _clients(source: Source) -> list[Organisation]:
    """Return the clients with an agreement about a service. One query."""
    numbers = [each.pk for each in source.services]
    rows = Agreement.objects.filter(versions__services__in=numbers).values("client")
    return list(Organisation.objects.filter(pk__in=rows).order_by("name"))


def _brought(request: TricornRequest, side: Side) -> Brought | None:
    """Return the option that the address or the form names; 404 for one that is not theirs."""
    asked = request.POST if request.method == "POST" else request.GET
    number = row_number(asked.get("option", ""))
    if number is None:
        return None
    if not side.is_client:
        option = offers_seen.found_option(request, number)
        last = newest(option)
        content = draft_of(option) if option.draft or last is None else content_of(last)
        return Brought(option, content)
    portrait, _ = known(request)
    offers = {offer.pk: offer for offer in offers_for(portrait)}
    row = Option.objects.filter(pk=number, offer__in=list(offers)).first()
    last = newest(row) if row else None
    if row is None or last is None:
        raise Http404("Not yours.")
    row.offer = offers[row.offer_id]
    return Brought(row, content_of(last))
