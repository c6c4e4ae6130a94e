"""Settings of the house, and its words: which naming scheme, with which labels of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings as installation
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.request import validate_host
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.engine.errors import BadInput
from tricorn.engine.roles import SCHEMES, Facts, Standing, doors, roles_of, shown
from tricorn.parties.models import House
from tricorn.parties.verbs import change_house, rename_organisation
from tricorn.web.context import DOOR_NAMES
from tricorn.web.labels import role_label
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.manage.hours_form import zones
from tricorn.web.requests import TricornRequest

# The same word means different things in different trades; said in our own words on the page.
HOMONYMS = (
    (
        _("client"),
        (
            _("who signs for the services and approves the invoices (facilities management)"),
            _("who oversees the provider and remembers everything that has passed (overseers)"),
            _("who has become a partner over years, without any money (knowledge services)"),
            _("in marketing, merely somebody who came back to buy again"),
        ),
    ),
    (
        _("customer"),
        (
            _("who may use a service that somebody else pays for (facilities management)"),
            _("who pays, holds the budget or signs for delivered work (ITIL)"),
            _("everybody (everyone is a customer)"),
            _("a regular who is known by name (knowledge services)"),
            _("not a person but an organisation (FitSM, ISO 20000)"),
        ),
    ),
    (
        _("user"),
        (
            _("a visitor who does not know that this is a service (facilities management)"),
            _("everybody who uses the service (ITIL, FitSM)"),
        ),
    ),
)
# People that everybody has met: what they did, as the facts that the rules look at.
TYPICAL = (
    (_("Somebody who used the service once, as a visitor"), {"used": True, "days": 1}),
    (
        _("An employee whose department pays, and who uses it daily"),
        {
            "used": True,
            "days": 200,
            "entitled": True,
            "funded_by_client": True,
            "aware": True,
            "ident": True,
            "voice": True,
        },
    ),
    (
        _("The head of a department who signed the agreement and approves invoices"),
        {"signed": True, "invoice": True, "ident": True},
    ),
    (_("A member of the board that oversees the provider"), {"oversees": True, "ident": True}),
    (
        _("A regular for three years; one knows each other's projects"),
        {
            "used": True,
            "days": 90,
            "span": 1100,
            "recognised": True,
            "voice": True,
            "mutual": 5,
            "ident": True,
            "aware": True,
        },
    ),
)


@dataclass(frozen=True)
class Called:
    """One typical person: what the words call them now and then, and the doors, which stay."""

    who: Any
    now: str
    then: str
    doors: str

    @property
    def changes(self) -> bool:
        return self.now != self.then


class SettingsForm(forms.Form):
    provider = forms.CharField(label=_("Who provides the services?"), max_length=200)
    zone = forms.CharField(
        label=_("Time zone of the house"),
        max_length=64,
        help_text=_("Times are shown in it to whoever has chosen no other. Like Europe/Berlin."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    danger_number = forms.CharField(
        label=_("Number to call in danger"),
        max_length=40,
        required=False,
        help_text=_("Shown before every box that takes a report."),
    )
    public_url = forms.CharField(
        label=_("Public address"),
        max_length=200,
        required=False,
        help_text=_(
            "Where people reach this house, like https://help.example.org. QR codes and "
            "signs carry it."
        ),
    )
    fewest = forms.IntegerField(
        label=_("Fewest people that a count may show"),
        min_value=3,
        max_value=1000,
        help_text=_(
            "Smaller groups read “fewer than …”, so that nobody is recognised. At least 3."
        ),
    )


@for_all("edit_words")
def settings(request: TricornRequest) -> HttpResponse:
    """The provider's name, zone, danger number, public address, and the smallest count shown."""
    house = the_house(request)
    form = SettingsForm(
        posted(request),
        initial={
            "provider": house.provider.name,
            "zone": house.zone,
            "danger_number": house.danger_number,
            "public_url": house.public_url,
            "fewest": house.fewest,
        },
    )
    if form.is_bound and form.is_valid():
        changes = dict(form.cleaned_data)
        name = changes.pop("provider")
        try:
            with transaction.atomic():
                change_house(by=request.actor, at=request.at, changes=changes)
                rename_organisation(house.provider, by=request.actor, at=request.at, name=name)
        except BadInput as problem:
            if "name" in problem.facts:
                form.add_error("provider", str(problem))
            else:
                blame(form, problem)
        else:
            return done(request, gettext("Changed."), "manage:settings")
    context = {
        "form": form,
        "zones": zones(),
        "scheme_title": SCHEMES[house.scheme].title,
        "unanswered_host": unanswered(house.public_url),
    }
    return page(request, "settings.html", "settings", context, form)


def unanswered(public_url: str) -> str:
    """Return the host of the public address when this installation would not answer to it."""
    host = urlsplit(public_url).hostname or ""
    return "" if not host or validate_host(host, installation.ALLOWED_HOSTS) else host


class WordsForm(forms.Form):
    """A scheme, and a box for each of its roles: empty means the scheme's own word."""

    scheme = forms.ChoiceField(
        label=_("How does your trade name people?"),
        choices=[(each.name, each.title) for each in SCHEMES.values()],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, labels: dict[str, dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for scheme in SCHEMES.values():
            for rule in scheme.rules:
                self.fields[box(scheme.name, rule.name)] = forms.CharField(
                    label=rule.name,
                    required=False,
                    max_length=60,
                    initial=labels.get(scheme.name, {}).get(rule.name, ""),
                    widget=forms.TextInput(attrs={"placeholder": scheme.label(rule.name)}),
                )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The boxes of each scheme."""
        return [
            {
                "scheme": scheme,
                "fields": [self[box(scheme.name, rule.name)] for rule in scheme.rules],
            }
            for scheme in SCHEMES.values()
        ]

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """What was typed, by scheme and role, as the house keeps it."""
        return {
            scheme.name: {
                rule.name: self.cleaned_data.get(box(scheme.name, rule.name), "")
                for rule in scheme.rules
            }
            for scheme in SCHEMES.values()
        }


@for_all("edit_words")
def settings_words(request: TricornRequest) -> HttpResponse:
    """Choose the words, and see what they would change: words only."""
    house = the_house(request)
    form = WordsForm(posted(request), labels=house.labels, initial={"scheme": house.scheme})
    if form.is_bound and form.is_valid() and "show" not in request.POST:
        changes = {"scheme": form.cleaned_data["scheme"], "labels": form.labels}
        try:
            change_house(by=request.actor, at=request.at, changes=changes)
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("The words have changed; no permission and no number has.")
            return done(request, sentence, "manage:settings-words")
    context = {"form": form, "homonyms": HOMONYMS, "called": called(house, form)}
    return page(request, "words.html", "settings", context, form)


@for_all("edit_words")
@require_POST
def words_preview(request: TricornRequest) -> HttpResponse:
    """What the words chosen so far would change."""
    house = the_house(request)
    form = WordsForm(request.POST, labels=house.labels)
    return render(request, "manage/_words_preview.html", {"called": called(house, form)})


def called(house: House, form: WordsForm) -> list[Called]:
    """Return what typical people are called now and under the form's words."""
    scheme, own = house.scheme, house.labels
    if form.is_bound:
        form.is_valid()
        scheme = form.cleaned_data.get("scheme", scheme)
        own = form.labels
    other = House(scheme=scheme, labels=own)
    return [
        Called(
            who=who,
            now=_names(facts, house),
            then=_names(facts, other),
            doors=", ".join(str(DOOR_NAMES[door]) for door in doors(Standing(facts=facts))),
        )
        for who, facts in ((who, Facts.from_data(data)) for who, data in TYPICAL)
    ]


def _names(facts: Facts, house: House) -> str:
    roles = shown(roles_of(facts, house.scheme), house.scheme)
    named = [role_label(house, role.name) for role in roles]
    return ", ".join(named) or gettext("no name")


def box(scheme: str, role: str) -> str:
    """Return the name of the field for a scheme's role."""
    return f"word-{scheme}-{role.replace(' ', '-')}"


def the_house(request: TricornRequest) -> House:
    if request.who.house is None:
        raise Http404("There is no house yet.")
    return request.who.house
