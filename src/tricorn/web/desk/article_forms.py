"""What an author fills in, and how states and audiences read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.knowledge.models import Article, ArticleVersion
from tricorn.knowledge.verbs import Written
from tricorn.parties.models import Place
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import TextField
from tricorn.web.labels import Label
from tricorn.web.report.forms import PHOTOS, photo_bytes

STATES = {
    "draft": Label(_("draft"), "pencil", "soon"),
    "published": Label(_("published"), "circle-check", "good"),
    "retired": Label(_("retired"), "archive"),
}
AUDIENCES = {
    "everybody": Label(_("everybody"), "globe"),
    "signed_in": Label(_("whoever is signed in"), "user"),
    "entitled": Label(_("whom one of its services serves"), "users"),
    "desk": Label(_("the desk alone"), "lock"),
}
LANGUAGES = sorted(
    (code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info
)


class ArticleForm(forms.Form):
    """One text, and whom it is for."""

    title = TextField(
        label=_("Title"),
        max_length=120,
        help_text=_("As somebody would say it who has the trouble: “The printer prints nothing”."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Give it a title.")},
    )
    text = TextField(
        label=_("Text"),
        strip=False,
        help_text=_("Markdown: # heading, **bold**, - list, 1. steps, [words](address)."),
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}),
        error_messages={"required": _("Write what helps.")},
    )
    photo = forms.FileField(
        label=_("Add a picture"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "JPEG, PNG or WebP, up to 10 MB. Its place and time are removed. It is kept with the "
            "text; then you say where it stands."
        ),
        widget=forms.FileInput(attrs={"accept": PHOTOS}),
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        label=_("About which services?"),
        required=False,
        help_text=_("None chosen: about the house as a whole."),
        widget=forms.CheckboxSelectMultiple,
    )
    places = forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label=_("About which places?"),
        required=False,
        help_text=_("It is offered to who reports something there."),
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )
    audience = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=[(code, label.words) for code, label in AUDIENCES.items()],
        initial="everybody",
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="en")
    summary = TextField(
        label=_("What did you change?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, services=services, places=places)

    def clean_photo(self) -> bytes | None:
        return photo_bytes(self.cleaned_data["photo"])

    def written(self) -> Written:
        """Return what a valid form says."""
        given = self.cleaned_data
        return Written(
            title=given["title"],
            text=given["text"],
            summary=given["summary"],
            services=tuple(given["services"]),
            places=tuple(given["places"]),
            audience=given["audience"],
            language=given["language"],
            after=given["after"] or 0,
        )


def filled(article: Article, newest: ArticleVersion) -> dict[str, Any]:
    """Return what the boxes hold for an article: its newest text, published or not."""
    return {
        "title": newest.title,
        "text": newest.text,
        "services": [each.pk for each in article.services.all()],
        "places": [each.pk for each in article.places.all()],
        "audience": article.audience,
        "language": article.language,
        "after": newest.number,
    }
