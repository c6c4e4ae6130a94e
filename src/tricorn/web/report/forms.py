"""The one question in one box; everything else is optional."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.files.photos import LARGEST
from tricorn.journal.actor import Actor
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs.intake import LONGEST

PHOTOS = "image/jpeg,image/png,image/webp,image/gif"


# Choosing a service asks for what it asks, where there is JavaScript; else when the form comes back.
QUESTIONS = {
    "hx-get": "/questions/",
    "hx-trigger": "change",
    "hx-target": "#questions",
    "hx-swap": "outerHTML",
}


class Words(forms.CharField):
    """Free text: what nobody can type on purpose is dropped, what somebody typed is kept.

    The verb counts exactly; what is far too long is not even looked through. No `max_length`: a
    browser would cut what is pasted without a word.
    """

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\0", "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > 2 * LONGEST:
            raise forms.ValidationError(
                _("The text has %(size)s characters; at most %(longest)s fit. Shorten it."),
                params={"size": f"{len(value):,}", "longest": f"{LONGEST:,}"},
            )


def photo_bytes(upload: UploadedFile | None) -> bytes | None:
    """Return the bytes of a photo that came with a form; too many are not even read."""
    if not upload or not upload.size:
        return None
    if upload.size > LARGEST:
        raise forms.ValidationError(
            _("The photo has %(size)d MB; at most 10 MB fit. Send a smaller one, or none."),
            params={"size": -(-upload.size // (1024 * 1024))},
        )
    data: bytes = upload.read()
    return data


class ReportForm(forms.Form):
    """What a visitor fills in. `website` is a trap that no person sees; `word` names the form."""

    text = Words(
        label=_("What’s wrong, or what do you need?"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("The box is empty. Write what is wrong, or what you need.")},
    )
    service = Words(label=_("What is it about?"), required=False)
    photo = forms.FileField(
        label=_("A photo"),
        required=False,
        allow_empty_file=True,
        help_text=_("JPEG, PNG or WebP, up to 10 MB. Its place and time are removed."),
        widget=forms.FileInput(attrs={"accept": PHOTOS}),
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        required=False,
        help_text=_("Only if you want an answer by mail. You can follow it here without."),
        error_messages={"invalid": _("This is no mail address. It reads like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    named = forms.BooleanField(label=_("Under my name"), required=False)
    about_staff = forms.BooleanField(
        label=_("It is about somebody who works here"),
        required=False,
        help_text=_("Then somebody whom the house trusts with it reads it, and not the desk."),
    )
    website = Words(required=False)
    word = Words(required=False, widget=forms.HiddenInput)

    def clean_photo(self) -> bytes | None:
        return photo_bytes(self.cleaned_data["photo"])

    def __init__(
        self,
        *args: Any,
        services: Sequence[Service],
        name: str = "",
        reviewed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(services) > 1:
            names = [("", _("I don’t know")), *((str(each.pk), each.name) for each in services)]
            self.fields["service"].widget = forms.Select(choices=names, attrs=QUESTIONS)
        else:
            del self.fields["service"]
        if not reviewed:
            del self.fields["about_staff"]
        if name:
            self.fields["named"].label = _("Under my name, %(name)s") % {"name": name}
        else:
            del self.fields["named"]


class AnswerForm(forms.Form):
    """Something more to say on a ticket; an answer where the desk has asked."""

    text = Words(
        label=_("Your answer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("The box is empty. Write something first.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ticket.state != "waiting":
            self.fields["text"].label = _("Anything to add?")


class RateForm(forms.Form):
    """How it was, once."""

    SCORES = [
        (5, _("very good")),
        (4, _("good")),
        (3, _("so-so")),
        (2, _("bad")),
        (1, _("very bad")),
    ]
    REASONS = [
        ("", _("nothing in particular")),
        ("functionality", _("it does not do what I need")),
        ("reliability", _("it fails too often")),
        ("support", _("how I was helped")),
    ]

    score = forms.TypedChoiceField(
        label=_("How was it?"),
        coerce=int,
        choices=SCORES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was.")},
    )
    reason = forms.ChoiceField(label=_("What was not good?"), choices=REASONS, required=False)
    comment = Words(
        label=_("Anything to add"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def rate(self, ticket: Ticket, *, by: Actor, at: datetime) -> None:
        """Hand a valid form to the verb."""
        given = self.cleaned_data
        verbs.rate(
            ticket,
            by=by,
            at=at,
            score=given["score"],
            reason=given["reason"],
            text=given["comment"],
        )
