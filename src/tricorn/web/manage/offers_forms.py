"""The forms in which an agreement is written: four questions, and everything else row by row.

They ask; `agreements.composing` makes the text, and the text's own reader judges it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.agreements.composing import Fast
from tricorn.catalogue.models import Level, ServiceHours
from tricorn.engine.agreement import (
    KINDS,
)
from tricorn.engine.clock import Holder
from tricorn.parties.models import Organisation
from tricorn.web.choices import fill_choices
from tricorn.web.manage.fields import DayField

LONGEST = 200_000
OWN = "own"
EACH = {"month": _("each month"), "quarter": _("each quarter"), "year": _("each year")}
Choices = list[tuple[Any, Any]]


def short(label: Any, size: int = 10, holder: str = "", **kwargs: Any) -> forms.CharField:
    """Return a box for a few characters."""
    attrs = {"size": size, "autocomplete": "off", "placeholder": holder}
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=attrs),
        **kwargs,
    )


def one(label: Any, choices: Iterable[tuple[Any, Any]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=list(choices), **kwargs)


def checks(label: Any, choices: Iterable[tuple[Any, Any]] = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=list(choices),
        widget=forms.CheckboxSelectMultiple,
    )


def said(codes: Iterable[str], words: Mapping[str, Any]) -> Choices:
    """Return codes with the words that an agreement has for them."""
    return [(each, words[each]) for each in codes]


def per() -> forms.ChoiceField:
    return one(_("Measured"), EACH.items())


def plainly(field: Any) -> None:
    """Draw a field without saying that it may stay empty."""
    field.template_name = "manage/_offer_field.html"


class Asked(forms.Form):
    """Fields of which most may stay empty: none says so, the page says it once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            plainly(field)


class OfferForm(Asked):
    """What the offer is called, a word with it, and until when it stands."""

    offer_title = short(_("What is this offer called?"), 40)
    note = forms.CharField(
        label=_("A word to the client"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer_by = DayField(label=_("Answer by"))


class DescribedForm(Asked):
    """An option beside its text: what it is called, what one gets and what not."""

    name = forms.CharField(
        label=_("What is this option called?"),
        required=False,
        max_length=120,
        help_text=_("For example: Saturdays too."),
    )
    covered = forms.CharField(
        label=_("What is covered, in your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    not_covered = forms.CharField(
        label=_("What is not covered"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LevelChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.service.name}: {obj.name}"


class WhatForm(Asked):
    """The first question: which service, at which level."""

    level = LevelChoice(
        label=_("Service and level"),
        queryset=Level.objects.none(),
        empty_label=_("choose"),
        help_text=_("Its usual hours and times are filled in below; change what differs."),
    )

    def __init__(self, *args: Any, levels: QuerySet[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, level=levels)


class WhenForm(Asked):
    """The second: in which hours. Hours of the house, or a week of its own."""

    hours = one(_("Hours"), ())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(pk), name) for pk, name in ServiceHours.objects.values_list("pk", "name")]
        usual = ("", _("the usual hours of this service"))
        fill_choices(self, hours=[usual, *known, (OWN, _("a week of its own, written below"))])


class FastForm(Asked):
    """The third: how fast. Empty promises nothing."""

    urgent_first = short(_("First answer to what is urgent, within"), 6, "1h")
    urgent_resolved = short(_("What is urgent is resolved within"), 6, "8h")
    other_first = short(_("First answer to everything else, within"), 6, "8h")
    other_resolved = short(_("Everything else is resolved within"), 6, "3d")
    share = short(_("Promised for so many percent of them"), 6, "95")
    per = per()
    first_kinds = checks(_("Which are answered so fast"), said(KINDS, plain.KINDS))
    resolved_kinds = checks(_("Which are resolved so fast"), said(KINDS, plain.KINDS))
    stopped_by = checks(
        _("The clock stops while we wait for"),
        said((each.value for each in Holder if each.value != "provider"), plain.HOLDERS),
    )

    @property
    def fast(self) -> Fast:
        data = dict(self.cleaned_data)
        boxes = ("urgent_first", "urgent_resolved", "other_first", "other_resolved")
        times = {name: "".join(str(data[name]).split()).lower() for name in boxes}
        return Fast(
            **times,
            share=data["share"],
            per=data["per"] or "month",
            first_kinds=tuple(data["first_kinds"]),
            resolved_kinds=tuple(data["resolved_kinds"]),
            stopped_by=tuple(data["stopped_by"]),
        )


class WhoForm(Asked):
    """The fourth: who approves."""

    client = forms.ModelChoiceField(
        label=_("For which organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("choose"),
    )

    def __init__(self, *args: Any, provider: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.all()
        fill_choices(self, client=others.exclude(pk=provider.pk) if provider else others)


class TermsForm(Asked):
    """The single answers: what it is called, from when to when, what happens at its end."""

    title = short(_("What is the agreement called?"), 40)
    services = checks(_("Which services?"))
    from_on = DayField(label=_("From which day"))
    to_on = DayField(label=_("Last day"))
    notice = short(_("Notice"), 12, "3 months")
    renews = short(
        _("Goes on after its last day for"), 12, "1 year", help_text=_("Unless notice was given.")
    )
    kind = one(
        _("What it is"),
        {"full": _("an agreement"), "trial": _("a trial that ends by itself")}.items(),
    )
    running = one(
        _("Tickets that are open when it begins"),
        {
            "stay": _("keep the promise they began with"),
            "move": _("move to this one"),
        }.items(),
    )
    review_per = one(_("Looked at together"), [("", _("not agreed")), *EACH.items()])
    review_within = short(_("How soon after that"), 12, "14 days")
    credits_at_most = short(
        _("All credits together at most"), 6, "20", help_text=_("Percent of a period's price.")
    )


class WholeForm(Asked):
    """The whole text.

    `toml_was` and `made` are what it and the answers said when the page was drawn, `base` the draft.
    """

    toml = forms.CharField(
        label=_("The whole text as TOML"),
        required=False,
        strip=False,
        max_length=LONGEST,
        help_text=_(
            "What you change here wins. Leave it as it is, or empty, and the answers above count."
        ),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    toml_was = forms.CharField(required=False, widget=forms.HiddenInput)
    made = forms.CharField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    take_toml = forms.BooleanField(
        label=_("Take this text, and let go of what I changed above"), required=False
    )
