"""What a client does with an offer: ask for a change, accept, decline, sign."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tricorn.agreements import plain, verbs
from tricorn.agreements.models import ChangeAsked, Offer, Wording
from tricorn.agreements.verbs.answers import asked_to_sign
from tricorn.agreements.verbs.offers import content_of
from tricorn.engine.errors import BadInput
from tricorn.standing import approvals
from tricorn.web.decide import clauses
from tricorn.web.decide.front import known
from tricorn.web.decide.offer_forms import ChangeForm, CodeForm, DeclineForm, Place, kept
from tricorn.web.decide.offer_page import (
    address,
    drawn,
    found_option,
    found_wording,
)
from tricorn.web.requests import TricornRequest

asks = require_http_methods(["GET", "HEAD", "POST"])


@asks
def change_ask(request: TricornRequest, round: int) -> HttpResponse:
    """Ask to have one item otherwise: its own page, or a form in its place by htmx."""
    wording = found_wording(request, round)
    _, person, _ = known(request)
    content = content_of(wording)
    asked = request.GET
    is_new = "else" in asked
    place = Place(content, asked.get("part", ""), asked.get("item", ""), in_words=is_new)
    form = ChangeForm(request.POST if request.method == "POST" else None, place=place)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                for wanted in form.wanted():
                    verbs.ask_change(wording, wanted, person, by=request.actor, at=request.at)
        except BadInput as problem:
            kept(form, problem)
        else:
            messages.success(request, gettext("What you asked for is with the provider."))
            if request.htmx:
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            return redirect(f"{address(wording.option.offer)}#option-{wording.option.letter}")
    items = clauses.items_of(content)
    context = {
        "wording": wording,
        "offer": wording.option.offer,
        "form": form,
        "item": next((each for each in items if each.key == place.key and not is_new), None),
        "url": request.get_full_path(),
    }
    page = "decide/_change.html" if request.htmx else "decide/offer_change.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_POST
def change_withdraw(request: TricornRequest, change: int) -> HttpResponse:
    """Take back a change that was asked for and is not answered yet."""
    found = get_object_or_404(ChangeAsked, pk=change)
    wording = found_wording(request, found.wording_id)
    _, person, _ = known(request)
    verbs.withdraw_change(found, person, by=request.actor, at=request.at)
    messages.success(request, gettext("What you asked for is taken back."))
    return redirect(f"{address(wording.option.offer)}#option-{wording.option.letter}")


@asks
def accept(request: TricornRequest, round: int) -> HttpResponse:
    """Accept an option in the round that was read; before that, say what happens then."""
    wording = found_wording(request, round)
    offer = wording.option.offer
    _, person, _ = known(request)
    problem = ""
    if request.method == "POST":
        try:
            verbs.accept(wording, person, by=request.actor, at=request.at)
        except BadInput as refused:
            problem = str(refused)
        else:
            messages.success(request, next_step(offer))
            return redirect(f"{address(offer)}#sign")
    content = content_of(wording)
    context = {
        "wording": wording,
        "offer": offer,
        "problem": problem,
        "prices": [plain.price(each) for each in content.prices],
        "year": clauses.year_in_words(content),
        "term": clauses.term(content),
        "signers": signers_of(offer, wording, request),
        "others": offer.options.filter(state="open").exclude(pk=wording.option_id),
    }
    return render(request, "decide/offer_accept.html", context, status=422 if problem else 200)


@asks
def decline(request: TricornRequest, option: int) -> HttpResponse:
    """Decline an option, with a reason; it stays on file."""
    found = found_option(request, option)
    _, person, _ = known(request)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            verbs.decline(found, person, by=request.actor, at=request.at, reason=reason)
        except BadInput as problem:
            kept(form, problem)
        else:
            messages.success(request, gettext("Declined. It stays on file with its price."))
            return redirect(address(found.offer))
    context = {"option": found, "offer": found.offer, "form": form}
    return render(request, "decide/offer_decline.html", context, status=422 if form.errors else 200)


@require_POST
def send_code(request: TricornRequest, round: int) -> HttpResponse:
    """Mail a one-time code to the reader, who may sign."""
    wording = found_wording(request, round)
    _, person, _ = known(request)
    try:
        verbs.send_code(wording, person, by=request.actor, at=request.at)
    except BadInput as problem:
        return drawn(request, wording.option.offer, problem=str(problem), status=422)
    return redirect(f"{address(wording.option.offer)}#sign")


@require_POST
def sign(request: TricornRequest, round: int) -> HttpResponse:
    """Give the signature, with the code that was sent."""
    wording = found_wording(request, round)
    offer = wording.option.offer
    _, person, _ = known(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            verbs.sign(wording, person, code=code, by=request.actor, at=request.at)
        except BadInput as problem:
            kept(form, problem)
        else:
            messages.success(request, thanks(offer))
            return redirect(address(offer))
    return drawn(request, offer, code=form, status=422)


def next_step(offer: Offer) -> str:
    if offer.is_internal:
        return gettext("Accepted. Next, both sides approve it.")
    return gettext("Accepted. Next, both sides sign it.")


def thanks(offer: Offer) -> str:
    if offer.is_internal:
        return gettext("Thank you. Your approval is on record.")
    return gettext("Thank you. Your signature is on record.")


def signers_of(offer: Offer, wording: Wording, request: TricornRequest) -> list[tuple[str, str]]:
    """Return whose signatures an acceptance would ask for: each side, and the names."""
    content = content_of(wording)
    found = []
    for party in (offer.client, offer.provider):
        asked = asked_to_sign(party, wording.option, content)
        signers = approvals.signers(asked, at=request.at)
        names = plain.joined([str(each) for each in signers.people], gettext("or"))
        if signers.needed > 1:
            names = gettext("%(n)d of %(names)s") % {"n": signers.needed, "names": names}
        found.append((party.name, names or gettext("nobody yet")))
    return found
