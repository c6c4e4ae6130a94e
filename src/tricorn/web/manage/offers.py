"""Offers: what waits and for whom, one offer with its options and rounds, and its deeds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.agreements import plain, verbs
from tricorn.agreements.changes import PARTS
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Offer, SigningCode, Wording
from tricorn.agreements.offered import OfferShown, OptionShown, offer_shown
from tricorn.agreements.readiness import readiness
from tricorn.agreements.verbs.offers import STANDS, content_of, newest
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.parties.models import Person
from tricorn.web.choices import fill_choices
from tricorn.web.manage import offers_seen as seen
from tricorn.web.manage.agreements import Names, in_words, names_of
from tricorn.web.manage.answers import blame, done, leaf, may, page
from tricorn.web.manage.fields import DayField
from tricorn.web.papers import signed_paper
from tricorn.web.requests import TricornRequest


class WordForm(forms.Form):
    """A word to the client with what is done."""

    note = forms.CharField(
        label=_("What is new, in a word to the client"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefuseForm(forms.Form):
    """Saying no takes a reason."""

    answer = forms.CharField(
        label=_("Why not"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("The code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8}
        ),
    )


class PaperForm(forms.Form):
    """A signed paper: who signed it, on which day, and the scanned page."""

    person = forms.TypedChoiceField(label=_("Who signed it"), coerce=int)
    on = DayField(label=_("Day on the paper"))
    file = forms.FileField(
        label=_("The scanned page"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB. A PDF is kept as it is, with what it tells."),
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        fill_choices(self, person=people)
        self.fields["on"].required = True


def offers_list(request: TricornRequest) -> HttpResponse:
    """Every offer by whom it waits for, and what was declined."""
    context = {
        "standing": seen.standing(request),
        "settled": leaf(request, seen.settled(request)),
        "declined": seen.declined(request),
        "may_add": bool(seen.services(request)),
    }
    return page(request, "offers.html", "offers", context)


def offer(request: TricornRequest, offer: int) -> HttpResponse:
    """One offer: options side by side, rounds, what is asked, what is missing, who has signed."""
    return _offer(request, seen.found(request, offer))


def offer_paper(request: TricornRequest, offer: int, number: int) -> FileResponse:
    """The scanned paper of one signature."""
    return signed_paper(seen.found(request, offer), number)


def _offer(request: TricornRequest, row: Offer, **wrong: forms.Form) -> HttpResponse:
    shown = offer_shown(row, at=request.at, is_provider=True)
    chosen = shown.chosen
    names = names_of(*(each.content for each in shown.options))
    options = [_option(each, names) for each in shown.options]
    context = {
        "offer": row,
        "shown": shown,
        "options": options,
        "live": [each for each in options if each["option"].state in ("draft", "open", "accepted")],
        "gone": [each for each in options if each["option"].state in ("declined", "withdrawn")],
        "asked": _asked(shown, wrong),
        "readiness": readiness(shown, at=request.at) if row.state == "draft" else None,
        "may_write": row.state in ("draft", "open"),
        **(_signing(request, shown, chosen, wrong) if chosen and chosen.latest else {}),
    }
    return page(request, "offer.html", "offers", context, *wrong.values())


def _option(shown: OptionShown, names: Names) -> dict[str, Any]:
    """Return an option as its card shows it: what it says now, in words, and what comes next."""
    return {
        "option": shown.option,
        "shown": shown,
        "said": in_words(shown.content, names),
        "rounds": list(reversed(shown.rounds)),
        "next": len(shown.rounds) + 1,
        "can_propose": bool(shown.draft_changes) and shown.option.state == "open",
        "word_form": WordForm(prefix=f"word-{shown.option.pk}"),
    }


def _asked(shown: OfferShown, wrong: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """Return the changes that wait for an answer, each with its place and wish in words."""
    return [
        {
            "option": each.option,
            "change": change,
            "place": f"{PARTS.get(change.part, change.part)} {change.item}".strip(),
            "wanted": wanted(change.field, change.value),
            "form": wrong.get(f"refuse_{change.pk}") or RefuseForm(prefix=f"refuse-{change.pk}"),
        }
        for each in shown.options
        for change in each.open_asked
    ]


def wanted(field: str, value: str) -> str:
    """Return a counter-offer in words: "target: 4 h of service hours"."""
    if not field:
        return ""
    try:
        said = plain.value(field, value)
    except BadInput:
        said = value
    return f"{field.replace('_', ' ')}: {said}"


def _signing(
    request: TricornRequest,
    shown: OfferShown,
    chosen: OptionShown,
    wrong: dict[str, forms.Form],
) -> dict[str, Any]:
    """Return what the signing part of the page needs: who, how, and the code where one was sent."""
    assert chosen.latest is not None
    wording = chosen.latest.wording
    person = request.who.person
    given = {assent.person_id for side in shown.sides for assent in side.given}
    mine = [
        side.side
        for side in shown.sides
        for signer in side.signers.people
        if person and signer.person == person and person.pk not in given
    ]
    code = _last_code(wording, person) if person and mine else None
    holds = code is not None and code.holds(request.at)
    house = request.who.house
    is_shown = holds and house is not None and house.is_demonstration
    return {
        "wording": wording,
        "is_mine_to_sign": bool(mine),
        "my_side": mine[0] if mine else "",
        "is_code_sent": holds or "code_form" in wrong,
        "code": code_of(code) if code and is_shown else "",
        "code_form": wrong.get("code_form", CodeForm()),
        "paper_form": wrong.get("paper_form") or PaperForm(people=_papers(shown)),
        "heads": [(side, assent) for side in shown.sides for assent in side.given],
    }


def _papers(shown: OfferShown) -> list[tuple[int, str]]:
    """Return whose paper can be attached: who may sign on either side and has not."""
    given = {assent.person_id for side in shown.sides for assent in side.given}
    parties = {"client": shown.offer.client.name, "provider": shown.offer.provider.name}
    return [
        (signer.person.pk, f"{signer} ({parties[side.side]})")
        for side in shown.sides
        if not side.is_done
        for signer in side.signers.people
        if signer.person.pk not in given
    ]


def _last_code(wording: Wording, person: Person) -> SigningCode | None:
    sent = SigningCode.objects.filter(wording=wording, person=person)
    return sent.order_by("-sent_at", "-id").first()


@require_POST
def offer_make(request: TricornRequest, offer: int) -> HttpResponse:
    """Put the offer to the client."""
    row = seen.found(request, offer)
    verbs.make_offer(row, by=request.actor, at=request.at)
    sentence = gettext("The offer is made. %(client)s can answer it now.") % {"client": row.client}
    return done(request, sentence, "manage:offer", row.pk)


@require_POST
def option_propose(request: TricornRequest, option: int) -> HttpResponse:
    """Put an option's draft to the client as its next round."""
    row = seen.found_option(request, option)
    form = WordForm(request.POST, prefix=f"word-{row.pk}")
    note = form.cleaned_data["note"] if form.is_valid() else ""
    wording = verbs.propose(row, by=request.actor, at=request.at, note=note)
    sentence = gettext("Round %(n)d is offered.") % {"n": wording.number}
    return done(request, sentence, "manage:offer", row.offer_id)


@require_POST
def option_take_back(request: TricornRequest, option: int) -> HttpResponse:
    """Take one option back; what the client saw stays on file."""
    row = seen.found_option(request, option)
    verbs.take_back_option(row, by=request.actor, at=request.at)
    sentence = gettext("Option %(letter)s is taken back.") % {"letter": row.letter}
    return done(request, sentence, "manage:offer", row.offer_id)


@require_POST
def change_take(request: TricornRequest, change: int) -> HttpResponse:
    """Say yes to a change; a counter-offer goes into the draft of the next round."""
    row = seen.found_change(request, change)
    verbs.take_change(row, by=request.actor, at=request.at)
    sentence = gettext("Taken over. Offer the next round when it says what you mean.")
    return done(request, sentence, "manage:offer", row.wording.option.offer_id)


@require_POST
def change_refuse(request: TricornRequest, change: int) -> HttpResponse:
    """Say no to a change, and why."""
    row = seen.found_change(request, change)
    form = RefuseForm(request.POST, prefix=f"refuse-{row.pk}")
    if form.is_valid():
        said = form.cleaned_data["answer"]
        try:
            verbs.refuse_change(row, by=request.actor, at=request.at, answer=said)
        except BadInput as problem:
            form.add_error("answer", str(problem))
        else:
            sentence = gettext("The client reads why not, and can answer.")
            return done(request, sentence, "manage:offer", row.wording.option.offer_id)
    offer = seen.found(request, row.wording.option.offer_id)
    return _offer(request, offer, **{f"refuse_{row.pk}": form})


@require_POST
def offer_withdraw(request: TricornRequest, offer: int) -> HttpResponse:
    """Withdraw the whole offer; everything said stays on file."""
    row = seen.found(request, offer)
    verbs.withdraw_offer(row, by=request.actor, at=request.at)
    return done(request, gettext("The offer is withdrawn."), "manage:offer", row.pk)


@require_POST
def offer_sign_code(request: TricornRequest, offer: int) -> HttpResponse:
    """Send the one who asks a code to sign with."""
    row, wording, person = _to_sign(request, offer)
    verbs.send_code(wording, person, by=request.actor, at=request.at)
    sentence = gettext("A code is on its way to %(mail)s. It holds for 15 minutes.")
    if request.who.house and request.who.house.is_demonstration:
        sentence = gettext("The code is below. It holds for 15 minutes.")
    sentence %= {"mail": person.email}
    return done(request, sentence, "manage:offer", row.pk)


@require_POST
def offer_sign(request: TricornRequest, offer: int) -> HttpResponse:
    """Sign the round that was accepted, with the code that was sent."""
    row, wording, person = _to_sign(request, offer)
    form = CodeForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            signing = verbs.sign(wording, person, code=code, by=request.actor, at=request.at)
        except BadInput as problem:
            form.add_error("code", str(problem))
        else:
            return done(request, _signed(row, signing), "manage:offer", row.pk)
    return _offer(request, row, code_form=form)


@require_POST
def offer_sign_paper(request: TricornRequest, offer: int) -> HttpResponse:
    """Attach a page that somebody of either side signed."""
    row, wording, _person = _to_sign(request, offer)
    shown = offer_shown(row, at=request.at, is_provider=True)
    form = PaperForm(request.POST, request.FILES, people=_papers(shown))
    if form.is_valid():
        data = form.cleaned_data
        try:
            signing = verbs.sign_on_paper(
                wording,
                Person.objects.get(pk=data["person"]),
                data["file"].read(),
                name=data["file"].name,
                on=data["on"],
                by=request.actor,
                at=request.at,
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, _signed(row, signing), "manage:offer", row.pk)
    return _offer(request, row, paper_form=form)


def _to_sign(request: TricornRequest, offer: int) -> tuple[Offer, Wording, Person]:
    """Return what is to be signed and who asks; 404 where one may not, 409 where it is not so far."""
    row = seen.found(request, offer)
    person = request.who.person
    mine = row.options.values_list("services", flat=True)
    if person is None or not all(may(request, "sign_offer", pk) for pk in mine if pk):
        raise seen.nothing()
    option = row.options.filter(state="accepted").first()
    wording = newest(option) if option else None
    if wording is None or row.state != "agreed":
        raise MoveRefused(f"This is not possible: {STANDS[row.state]}.", state=row.state)
    wording.option.offer = row
    return row, wording, person


def _signed(offer: Offer, signing: verbs.Signing) -> str:
    if signing.version is not None:
        sentence = gettext("Both sides have approved. %(version)s holds from %(day)s on.")
        if not offer.is_internal:
            sentence = gettext("Both sides have signed. %(version)s holds from %(day)s on.")
        return sentence % {
            "version": signing.version,
            "day": content_of(signing.assent.wording).from_on,
        }
    return gettext("Recorded. The other side is still to come.")
