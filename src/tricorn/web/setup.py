"""The one-time page of an empty house: five answers, and it takes reports and has a manager."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login, password_validation
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.verbs import Promise, add_hours, add_service
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.parties.models import House, Person
from tricorn.parties.verbs import (
    SCHEME_OF_SECTOR,
    add_person,
    change_house,
    furnish,
    join,
    known_zone,
    rename_organisation,
)
from tricorn.standing.reads import is_managed
from tricorn.standing.verbs import give_duty
from tricorn.web.me import zones
from tricorn.web.requests import TricornRequest

KEY_FILE = "setup-key"
BUSINESS_DAYS = ("mon", "tue", "wed", "thu", "fri")
FIRST_SERVICE = {
    "building": _("Building and rooms"),
    "it": _("IT help"),
    "library": _("Library"),
    "other": _("General help"),
}


class SetupForm(forms.Form):
    """What an empty house has to know before anybody can walk in."""

    sector = forms.ChoiceField(
        label=_("What do you run?"),
        choices=[
            ("building", _("A building")),
            ("it", _("IT")),
            ("library", _("A library")),
            ("other", _("Something else")),
        ],
        widget=forms.RadioSelect,
        help_text=_("This sets the words. You can change them later under Settings, Words."),
    )
    provider = forms.CharField(
        label=_("What is your organisation or team called?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    zone = forms.CharField(
        label=_("In which time zone?"),
        help_text=_("It reads like Europe/Berlin."),
        widget=forms.TextInput(
            attrs={"list": "zones", "autocomplete": "off", "data-guess-zone": ""}
        ),
    )
    danger_number = forms.CharField(
        label=_("Which number to call in danger?"),
        required=False,
        max_length=40,
        help_text=_("It stands above every box that takes a report."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Your mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("A password"),
        strip=False,
        help_text=_("At least 10 characters. Codes by mail work once mail is set up."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        try:
            return known_zone(zone)
        except BadInput as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password


def setup(request: TricornRequest) -> HttpResponse:
    """Ask, set up, sign the first manager in. 404 as soon as somebody manages the house."""
    if request.who.house is not None and is_managed(request.at):
        raise Http404("This house is set up already.")
    key = request.POST.get("key", "") or request.GET.get("key", "")
    if not _opens(key):
        return render(request, "setup/locked.html", status=403)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            manager = found(at=request.at, **form.cleaned_data)
        except BadInput as problem:
            field = str(problem.facts.get("field", ""))
            form.add_error(field if field in form.fields else None, str(problem))
        except IntegrityError as problem:
            raise Http404("This house was set up a moment ago.") from problem
        else:
            (Path(settings.HOME) / KEY_FILE).unlink(missing_ok=True)
            login(request, manager)
            return redirect("manage:front")
    context = {"form": form, "key": key, "zones": zones()}
    return render(request, "setup/setup.html", context, status=422 if form.errors else 200)


def found(
    *,
    at: datetime,
    sector: str,
    provider: str,
    zone: str,
    danger_number: str,
    name: str,
    email: str,
    password: str,
) -> Person:
    """Make the house, its first manager and a first service, all or nothing; return the manager.

    The service has business hours and a modest promise, so that the first report already says when
    help starts. By whoever runs the machine: only they have seen the link.
    """
    with transaction.atomic():
        house = _house(at, provider, sector, zone.strip(), danger_number)
        manager = add_person(by=COMMAND, at=at, name=name, email=email, password=password)
        join(manager, house.provider, by=COMMAND, at=at)
        for duty in ("manage", "desk"):
            give_duty(manager, duty, by=COMMAND, at=at)
        spec: dict[str, Any] = {
            "zone": house.zone,
            "weekly": {day: ["08:00-17:00"] for day in BUSINESS_DAYS},
        }
        hours = add_hours(by=COMMAND, at=at, name=gettext("Business days 8 to 17"), spec=spec)
        add_service(
            by=COMMAND,
            at=at,
            name=str(FIRST_SERVICE[sector]),
            provider=house.provider,
            hours=hours,
            promises=[Promise("first_response", "8h"), Promise("resolution", "5d")],
        )
    return manager


def _house(at: datetime, provider: str, sector: str, zone: str, danger_number: str) -> House:
    """Furnish the house; one that an import made, which nobody manages, gets its settings now."""
    house = House.objects.select_for_update(of=("self",)).first()
    if house is None:
        return furnish(
            by=COMMAND,
            at=at,
            provider=provider,
            sector=sector,
            zone=zone,
            danger_number=danger_number,
        )
    if is_managed(at):
        raise BadInput("This house was set up a moment ago.")
    rename_organisation(house.provider, by=COMMAND, at=at, name=provider)
    changes = {
        "sector": sector,
        "scheme": SCHEME_OF_SECTOR[sector],
        "zone": zone,
        "danger_number": danger_number,
    }
    return change_house(by=COMMAND, at=at, changes=changes)


def _opens(key: str) -> bool:
    """Whether this is the key that was printed when the empty house was started."""
    try:
        kept = (Path(settings.HOME) / KEY_FILE).read_text().strip()
    except OSError:
        return False
    return hmac.compare_digest(hashlib.sha256(key.encode()).hexdigest(), kept)
