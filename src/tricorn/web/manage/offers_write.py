"""Writing an agreement: a new one in four questions, an option of an offer, its next round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from tricorn.agreements.bridge import content_of as content_of_version
from tricorn.agreements.models import Agreement, Offer, Option
from tricorn.agreements.offered import differences_in_words
from tricorn.agreements.verbs.offers import (
    Described,
    add_option,
    begin_offer,
    change_option,
    content_of,
    draft_of,
    newest,
)
from tricorn.catalogue.models import Level
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput
from tricorn.engine.money import amount_bound
from tricorn.parties.models import Organisation
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.web.manage import offers_seen as seen
from tricorn.web.manage.agreements import in_words
from tricorn.web.manage.answers import done, may, page
from tricorn.web.manage.fields import row_number
from tricorn.web.manage.hours_form import zones
from tricorn.web.manage.offers_composer import Composer, Frame, forgive
from tricorn.web.manage.offers_forms import OfferForm
from tricorn.web.manage.week import look
from tricorn.web.requests import TricornRequest


def offer_add(request: TricornRequest) -> HttpResponse:
    """Begin an offer: a new agreement in four questions, a change to one, or one made again."""
    if not seen.services(request):
        raise seen.nothing()
    frame, title, agreement = _begun(request)
    data = request.POST if request.method == "POST" else None
    composer = Composer(frame, data)
    form = OfferForm(data, initial={"offer_title": title})
    client = row_number(request.GET.get("client", ""))
    if composer.who and data is None and client:
        composer.who.initial["client"] = client
    content = None
    if data is not None:
        is_named = form.is_valid()
        content = composer.read()
        client_row = _client(composer, content)
        if content and client_row and is_named and not composer.deed:
            try:
                offer = _begin(request, composer, form, content, client_row, agreement)
            except BadInput as problem:
                _blame(form, composer, problem)
            else:
                sentence = gettext("The draft is kept. Nobody else sees it before you offer it.")
                return done(request, sentence, "manage:offer", offer.pk)
    context = {"form": form, "agreement": agreement, "is_new": True}
    return _written(request, "offer_add.html", composer, content, context, form)


def option_add(request: TricornRequest, offer: int) -> HttpResponse:
    """Add another way of having it, beginning with what the last option says."""
    row = seen.found(request, offer)
    basis = row.options.order_by("-letter").first()
    if basis is None:
        raise Http404("This offer has no option to begin with.")
    content = _text_of(basis)
    frame = _frame(request, row, content, Described(""))
    return _option(request, row, None, frame)


def option(request: TricornRequest, option: int) -> HttpResponse:
    """Write what an option says next; the client sees nothing of it before it is offered."""
    row = seen.found_option(request, option)
    described = Described(row.name, row.covered, row.not_covered)
    frame = _frame(request, row.offer, _text_of(row), described)
    return _option(request, row.offer, row, frame)


def _option(
    request: TricornRequest, offer: Offer, option: Option | None, frame: Frame
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    composer = Composer(frame, data)
    content = composer.read() if data is not None else None
    if data is not None and content and not composer.deed:
        described = composer.described_as()
        try:
            _all_mine(request, content)
            with transaction.atomic():
                if option is None:
                    add_option(offer, described, content, by=request.actor, at=request.at)
                else:
                    change_option(option, described, content, by=request.actor, at=request.at)
        except BadInput as problem:
            composer.blame_names(problem)
        else:
            sentence = gettext("Kept. The client sees it once you offer it.")
            if option is None and offer.state == "open":
                sentence = gettext("The option is offered beside the others.")
            return done(request, sentence, "manage:offer", offer.pk)
    context = {"offer": offer, "option": option, "last": newest(option) if option else None}
    return _written(request, "offer_option.html", composer, content, context)


def _written(
    request: TricornRequest,
    template: str,
    composer: Composer,
    content: text.Agreement | None,
    context: dict[str, Any],
    *forms: Any,
) -> HttpResponse:
    """Draw the page with what the text says in words, who would approve it, and what it changes."""
    if content is not None:
        composer = _redrawn(composer, content)
    is_hushed = composer.deed.startswith(("more", "fill"))
    shown = content or (None if composer.data is not None else composer.content)
    problem = ""
    if is_hushed:
        composer.hush()
        forms = ()
    client = composer.client or context.get("client")
    hours = composer.four.hours if composer.four else None
    last = context.get("last")
    context = {
        **context,
        "composer": composer,
        "said": in_words(shown) if shown else None,
        "changes": differences_in_words(content_of(last), shown) if last and shown else (),
        "problem": problem,
        "approving": _approving(request, composer, client, shown),
        "client": client,
        "is_internal": is_internal(client, composer.frame.provider),
        "look": look(hours, request.at) if hours else None,
        "zones": zones(),
        "opened": composer.deed.partition(":")[2],
    }
    return page(request, f"{template}", "offers", context, *composer.forms, *forms)


def _redrawn(composer: Composer, content: text.Agreement) -> Composer:
    """Return the forms with the whole text brought up to them, or drawn from it where it counted."""
    data = composer.data
    if data is None or not composer.deed:
        return composer
    composer.drawn_as(content)
    return composer


def _begun(request: TricornRequest) -> tuple[Frame, str, Agreement | None]:
    """Return what a new offer begins with: a service's level, an agreement, or a declined option."""
    asked = request.GET
    house = request.who.house
    if ref := asked.get("agreement"):
        found = get_object_or_404(Agreement, ref=ref)
        version = found.versions.order_by("-number").first()
        if version is None:
            raise Http404("There is no version to begin with.")
        content = replace(content_of_version(version), from_on=_first_day(request), to_on=None)
        content = replace(content, renews=None) if content.kind == "full" else content
        _all_mine(request, content)
        begun = _empty(request, content.ref, found.provider)
        return (
            replace(begun, content=content, client=found.client),
            content.title,
            found,
        )
    if again := row_number(asked.get("option", "")):
        option = seen.found_option(request, again)
        content = _text_of(option)
        day = max(content.from_on, _first_day(request))
        offer = option.offer
        agreement = offer.agreement
        begun = _empty(request, agreement.ref if agreement else "", offer.provider)
        content = _moved(content, day)
        described = Described(option.name, option.covered, option.not_covered)
        return (
            replace(begun, content=content, client=offer.client, described=described),
            offer.title,
            agreement,
        )
    provider = house.provider if house else None
    level = _level(request)
    if level:
        provider = level.service.provider
    if provider is None:
        raise Http404("There is no provider yet.")
    return replace(_empty(request, "", provider), level=level), "", None


def _empty(request: TricornRequest, ref: str, provider: Organisation) -> Frame:
    return Frame(
        ref=ref or "new",
        provider=provider,
        zone=request.who.house_zone,
        at=request.at,
        services=seen.services(request),
        from_on=_first_day(request),
    )


def _frame(
    request: TricornRequest, offer: Offer, content: text.Agreement, described: Described
) -> Frame:
    begun = _empty(request, offer.ref, offer.provider)
    return replace(begun, client=offer.client, content=content, described=described, is_stored=True)


def _level(request: TricornRequest) -> Level | None:
    """Return the level to begin with: as the address says, or the only one there is."""
    mine = [each.pk for each in seen.services(request)]
    levels = Level.objects.filter(service__in=mine).select_related("service", "hours")
    if slug := request.GET.get("service"):
        return levels.filter(service__slug=slug).order_by("-is_default", "name").first()
    found = list(levels[:2])
    return found[0] if len(found) == 1 else None


def _first_day(request: TricornRequest) -> date:
    """Return the first day of the next month, as the house reads its days."""
    today = request.at.astimezone(ZoneInfo(request.who.house_zone)).date()
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _moved(content: text.Agreement, day: date) -> text.Agreement:
    """Return the text as it would begin on that day, and last as long as it would have."""
    to_on = content.to_on + (day - content.from_on) if content.to_on else None
    return replace(content, from_on=day, to_on=to_on)


def _text_of(option: Option) -> text.Agreement:
    last = newest(option)
    if option.draft or last is None:
        return draft_of(option)
    return content_of(last)


def _client(composer: Composer, content: text.Agreement | None) -> Organisation | None:
    """Return for whom it is; a whole text may name it where the question was left open."""
    found = composer.client
    if found is None and content is not None and composer.who is not None:
        found = Organisation.objects.filter(name__iexact=content.client).first()
        if found is None:
            composer.who.add_error("client", gettext("Choose for whom this is."))
        else:
            forgive(composer.who)
    return found


def _begin(
    request: TricornRequest,
    composer: Composer,
    form: OfferForm,
    content: text.Agreement,
    client: Organisation,
    agreement: Agreement | None,
) -> Offer:
    _all_mine(request, content)
    data = form.cleaned_data
    with transaction.atomic():
        offer = begin_offer(
            client,
            composer.frame.provider,
            data["offer_title"] or content.title,
            by=request.actor,
            at=request.at,
            agreement=agreement,
            note=data["note"],
            answer_by=data["answer_by"],
        )
        add_option(offer, composer.described_as(), content, by=request.actor, at=request.at)
    return offer


def _all_mine(request: TricornRequest, content: text.Agreement) -> None:
    """See that one may offer every service that a text names."""
    if may(request, "make_offer"):
        return
    mine = {word.casefold() for each in seen.services(request) for word in (each.slug, each.name)}
    for name in content.services:
        if name.casefold() not in mine:
            raise BadInput(f"{name} is not yours to offer. Ask who manages it.", field="services")


def _blame(form: OfferForm, composer: Composer, problem: BadInput) -> None:
    field = {"title": "offer_title"}.get(str(problem.facts.get("field", "")))
    field = field or str(problem.facts.get("field", ""))
    if field in form.fields:
        form.add_error(field, str(problem))
    else:
        composer.blame_names(problem)


def _approving(
    request: TricornRequest,
    composer: Composer,
    client: Organisation | None,
    content: text.Agreement | None,
) -> approvals.Signers | None:
    """Return who may sign this for the client now, as far as it is known what it is."""
    if client is None:
        return None
    level = composer.four.level if composer.four else None
    names = set(content.services) if content else set()
    mine = tuple(
        each
        for each in composer.frame.services
        if {each.slug, each.name} & names or (level is not None and each.pk == level.service_id)
    )
    amount = amount_bound(content) if content else None
    currency = (
        content.prices[0].currency if content and content.prices and amount is not None else ""
    )
    return approvals.signers(Asked(client, "sign", mine, amount, currency), at=request.at)


def is_internal(client: Organisation | None, provider: Organisation) -> bool:
    """Whether both belong to one house: then one approves and does not sign."""
    return client is not None and client.above[:1] == provider.above[:1]
