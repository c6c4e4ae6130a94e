"""What one changes about oneself: name, time zone, password."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine.errors import BadInput
from tricorn.engine.hours.zones import known_zones
from tricorn.parties.models import Person
from tricorn.parties.verbs import change_own
from tricorn.tickets.reviewers import is_concerned
from tricorn.web.requests import TricornRequest


class MeForm(forms.Form):
    """A new password asks for the old one, where there is one."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    zone = forms.CharField(
        label=_("Your time zone"),
        required=False,
        help_text=_("Empty: the zone of the house. It reads like Europe/Berlin."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    old = forms.CharField(
        label=_("Your password now"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("A new password"),
        required=False,
        strip=False,
        help_text=_("At least 10 characters. Without one you sign in by a mailed code."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not person.has_usable_password():
            del self.fields["old"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("new"):
            return given
        if "old" in self.fields and not self.person.check_password(given.get("old", "")):
            self.add_error("old", gettext("That is not your password now."))
        try:
            password_validation.validate_password(given["new"], self.person)
        except forms.ValidationError as problem:
            self.add_error("new", problem)
        return given


@cache
def zones() -> list[str]:
    """Return the time zones to choose from, by their places."""
    return sorted(zone for zone in known_zones() if "/" in zone and "Etc/" not in zone)


def me(request: TricornRequest) -> HttpResponse:
    """Show and change what the house knows of me, and how I sign in."""
    person = request.who.person
    if person is None:
        return redirect_to_login(request.get_full_path())
    form = MeForm(
        request.POST or None, person=person, initial={"name": person.name, "zone": person.zone}
    )
    if request.method == "POST" and form.is_valid() and _change(request, person, form):
        messages.success(request, gettext("Saved."))
        return redirect("me")
    has_inquiries = is_concerned(person.pk, request.at)
    context = {"form": form, "zones": zones(), "has_inquiries": has_inquiries}
    return render(request, "sign_in/me.html", context, status=422 if form.errors else 200)


def _change(request: TricornRequest, person: Person, form: MeForm) -> bool:
    given = form.cleaned_data
    try:
        changed = change_own(
            person,
            by=request.actor,
            at=request.at,
            name=given["name"],
            zone=given["zone"].strip(),
            password=given["new"],
        )
    except BadInput as problem:
        field = str(problem.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(problem))
        return False
    if given["new"]:
        update_session_auth_hash(request, changed)
    return True
