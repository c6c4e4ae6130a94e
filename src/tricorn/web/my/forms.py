"""Asking under one's own name: the words, about which service, and what kind of thing it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.parties.models import Place
from tricorn.web.choices import fill_choices
from tricorn.web.report.forms import PHOTOS, QUESTIONS, Words, photo_bytes

KINDS = [
    ("incident", _("Something does not work")),
    ("request", _("I need something")),
    ("question", _("I have a question")),
    ("complaint", _("I am not happy with how I was served")),
    ("wish", _("I have a suggestion")),
    ("praise", _("Something was good")),
]


class AskForm(forms.Form):
    text = Words(
        label=_("What’s wrong, or what do you need?"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("The box is empty. Write what is wrong, or what you need.")},
    )
    service = forms.ChoiceField(
        label=_("About which service?"),
        widget=forms.Select(attrs=QUESTIONS),
        error_messages={"invalid_choice": _("This is not offered any more. Choose another.")},
    )
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=KINDS, initial="incident", widget=forms.RadioSelect
    )
    place = forms.ChoiceField(label=_("Where?"), required=False)
    photo = forms.FileField(
        label=_("A photo"),
        required=False,
        allow_empty_file=True,
        help_text=_("JPEG, PNG or WebP, up to 10 MB. Its place and time are removed."),
        widget=forms.FileInput(attrs={"accept": PHOTOS}),
    )
    about_staff = forms.BooleanField(
        label=_("It is about somebody who works here"),
        required=False,
        help_text=_("Then somebody whom the house trusts with it reads it, and not the desk."),
    )
    word = Words(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        services: Sequence[Service],
        places: Sequence[Place],
        reviewed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not reviewed:
            del self.fields["about_staff"]
        self._services = {str(each.pk): each for each in services}
        self._places = {str(each.pk): each for each in places}
        fill_choices(self, service=[(pk, each.name) for pk, each in self._services.items()])
        if places:
            named = [(pk, each.name) for pk, each in self._places.items()]
            fill_choices(self, place=[("", _("nowhere in particular")), *named])
        else:
            del self.fields["place"]

    def clean_service(self) -> Service:
        return self._services[self.cleaned_data["service"]]

    def clean_place(self) -> Place | None:
        return self._places.get(self.cleaned_data["place"])

    def clean_photo(self) -> bytes | None:
        return photo_bytes(self.cleaned_data["photo"])
