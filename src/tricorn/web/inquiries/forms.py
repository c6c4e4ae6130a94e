"""The forms of an inquiry. What a rule refuses comes back in them, with what was typed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.parties.models import Person
from tricorn.tickets.reads.people import find_people
from tricorn.web import labels
from tricorn.web.choices import fill_choices

OUTCOMES = [
    ("upheld", _("upheld: it was so")),
    ("settled", _("settled between them")),
    ("dismissed", _("dismissed: it was not so, or cannot be shown")),
]
ENDED = {**dict(OUTCOMES), "released": _("passed on to the desk, in the reviewer’s words")}
KINDS = [(code, label.words) for code, label in labels.KINDS.items()]
NOBODY: list[tuple[str, str]] = []


def words(label: Any, **more: Any) -> forms.CharField:
    """A box for free text."""
    box = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    return forms.CharField(
        label=label, widget=box, error_messages={"required": _("Write something first.")}, **more
    )


class Named(forms.CharField):
    """Persons by name or mail address, with commas between them; `at` says who is there."""

    at: datetime

    def __init__(self, **more: Any) -> None:
        help_text = _("A name or a mail address; several with commas between them.")
        super().__init__(max_length=1000, help_text=help_text, **more)

    def clean(self, value: Any) -> list[Person]:
        text = super().clean(value).replace("\0", "")
        return [self._meant(part.strip()) for part in text.split(",") if part.strip()]

    def _meant(self, text: str) -> Person:
        found = find_people(text, at=self.at)
        same = [each for each in found if each.name.casefold() == text.casefold()]
        one = same if len(same) == 1 else found
        if len(one) != 1:
            said = (
                gettext("Several people match “%(text)s”. Give the mail address.")
                if found
                else gettext("Nobody we know matches “%(text)s”. Correct it, or leave it out.")
            )
            raise forms.ValidationError(said % {"text": text[:80]})
        return Person.objects.get(pk=one[0].id)


class NameForm(forms.Form):
    persons = Named(label=_("Whom is it about?"))

    def __init__(self, *args: Any, at: datetime, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["persons"]
        assert isinstance(field, Named)
        field.at, field.required = at, required


class AnswerForm(forms.Form):
    text = words(_("Answer to who complained"))


class AskForm(forms.Form):
    person = forms.TypedChoiceField(label=_("Whom do you ask?"), coerce=int, choices=NOBODY)
    text = words(
        _("What do you want to know?"),
        help_text=_("They read this and nothing else of the complaint. Do not say who complained."),
    )
    tells_who = forms.BooleanField(label=_("Tell them who complained"), required=False)

    def __init__(self, *args: Any, named: Collection[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, person=[(str(each.pk), each.name) for each in named])


class EndForm(forms.Form):
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=OUTCOMES)
    text = words(_("What does who complained read?"))


class ReleaseForm(forms.Form):
    text = words(
        _("What must the desk know?"),
        help_text=_("In your words, without names. Nothing else of the complaint goes along."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="complaint")
    with_name = forms.BooleanField(
        label=_("Say who asks, so that the desk can answer them"), required=False
    )
    answer = words(_("What does who complained read?"))


class ReplyForm(forms.Form):
    text = words(_("Your reply"), help_text=_("Only the reviewer reads it."))
