"""The forms of an export: the file, how to read it, and what holds today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput
from tricorn.histories import FORMATS
from tricorn.parties.models import Organisation
from tricorn.web.choices import fill_choices
from tricorn.web.replays.beginning import name_field

LONGEST_TEXT = 100_000
TODAY = [
    ("learn", _("Learn it from the file: when the clock ran, and how fast it had to be")),
    ("ours", _("One of our agreements")),
    ("text", _("An agreement that I have as text")),
    ("later", _("I say it when the file has been read")),
]


class ReadingForm(forms.Form):
    """How an export is to be read: zone, format, or a map for any other table."""

    zone = forms.CharField(
        label=_("Time zone of its times"),
        max_length=64,
        help_text=_("Times that say no zone are read in this one."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    format = forms.ChoiceField(label=_("What is it?"), required=False)
    map_text = forms.CharField(
        label=_("A map for any other table"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("TOML that says which column means what."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, each.title) for name, each in FORMATS.items()]
        fill_choices(self, format=[("", _("find out from its columns")), *known])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("map_text") and data.get("format"):
            self.add_error("format", _("A map says it already: leave this at “find out”."))
        return data


class UploadForm(ReadingForm):
    """The file itself beside it, and what holds today."""

    field_order = (
        "file",
        "zone",
        "format",
        "today",
        "agreement",
        "agreement_file",
        "client",
        "name",
    )

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose the file first.")},
    )
    today = forms.ChoiceField(
        label=_("What holds today?"),
        choices=TODAY,
        widget=forms.RadioSelect,
    )
    agreement = forms.ChoiceField(label=_("Which agreement"), required=False)
    agreement_file = forms.FileField(
        label=_("The agreement as text"), required=False, help_text=_("A TOML file.")
    )
    client = forms.TypedChoiceField(label=_("For whom you try it"), coerce=int)
    name = name_field()

    def __init__(
        self,
        *args: Any,
        agreements: Mapping[str, text.Agreement],
        clients: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = agreements
        titles = [(key, f"{key} {each.title}") for key, each in agreements.items()]
        if titles:
            fill_choices(self, agreement=[("", _("choose one")), *titles])
        else:
            del self.fields["agreement"]
            fill_choices(self, today=[each for each in TODAY if each[0] != "ours"])
        if len(clients) > 1:
            fill_choices(self, client=[(str(each.pk), str(each)) for each in clients])
        else:
            del self.fields["client"]

    present: text.Agreement | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("today") == "ours":
            self.present = self.agreements.get(data.get("agreement", ""))
            if self.present is None:
                self.add_error("agreement", _("Choose the agreement that holds today."))
        if data.get("today") == "text":
            self.present = self._read(data.get("agreement_file"))
        return data

    def _read(self, file: UploadedFile | None) -> text.Agreement | None:
        if file is None:
            if "agreement_file" not in self.errors:
                self.add_error("agreement_file", _("Choose the file that says what holds today."))
            return None
        try:
            return agreement_in(file)
        except BadInput as problem:
            self.add_error("agreement_file", str(problem))
            return None


def agreement_in(file: UploadedFile) -> text.Agreement:
    """Return the agreement that a small text file says. Errors: BadInput."""
    if (file.size or 0) > LONGEST_TEXT:
        raise BadInput(gettext("This is too large for an agreement. Choose another file."))
    try:
        said = file.read().decode()
    except UnicodeDecodeError as problem:
        raise BadInput(gettext("This is no text. Choose a TOML file.")) from problem
    return text.Agreement.from_toml(said, file.name or "agreement.toml")
