"""The forms in which an agreement is written: four questions, and everything else row by row.

They ask; `agreements.composing` makes the text, and the text's own reader judges it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.agreements.composing import Fast
from tricorn.catalogue.models import Level, ServiceHours
from tricorn.engine.agreement import (
    KINDS,
)
from tricorn.engine.clock import Holder
from tricorn.parties.models import Organisation
from tricorn.web.manage.fields import DayField
from tricorn.web.manage.hours_form import HoursForm

PRIORITIES = ("critical", "high", "moderate", "low")
LONGEST = 200_000
OWN = "own"
EACH = {"month": _("each month"), "quarter": _("each quarter"), "year": _("each year")}
SAID_STOPS = {
    "first_response": _("First answer"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
}
SAID_STARTS = {"reported": _("when it was reported"), "began": _("when it began")}
SAID_BASES = {
    "flat": _("flat, whatever happens"),
    "person": _("for each person covered"),
    "ticket": _("for each ticket"),
    "hour": _("for each hour of work"),
}
SCOPES = {
    "": _("choose"),
    "organisation": _("an organisation"),
    "person": _("one person"),
    "group": _("a group"),
    "place": _("everybody at a place"),
    "everyone": _("everyone"),
}
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

    def __init__(self, *args: Any, levels: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = levels


class WhenForm(Asked):
    """The second: in which hours. Hours of the house, or a week of its own."""

    hours = one(_("Hours"), ())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hours"]
        assert isinstance(field, forms.ChoiceField)
        known = [(str(pk), name) for pk, name in ServiceHours.objects.values_list("pk", "name")]
        usual = ("", _("the usual hours of this service"))
        field.choices = [usual, *known, (OWN, _("a week of its own, written below"))]


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
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Organisation.objects.all()
        field.queryset = others.exclude(pk=provider.pk) if provider else others


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


class RowForm(Asked):
    """A row of a list. `names` are the hours to choose from, `services` those of the agreement."""

    def __init__(
        self,
        *args: Any,
        names: Iterable[str] = (),
        services: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(field := self.fields.get("hours"), forms.ChoiceField):
            field.choices = [("", _("the first hours above")), *((each, each) for each in names)]
        if isinstance(field := self.fields.get("services"), forms.MultipleChoiceField):
            field.choices = list(services)
        for name, field in self.fields.items():
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = in_order(choices_of(field), self[name].value() or [])

    @property
    def single(self) -> list[forms.BoundField]:
        """The fields that stand in one line."""
        return [each for each in self if each.name != "DELETE" and not self._is_list(each)]

    @property
    def several(self) -> list[forms.BoundField]:
        """The lists of boxes, which are folded away; a list with nothing to choose is left out."""
        return [each for each in self if self._is_list(each) and choices_of(each.field)]

    @property
    def chosen(self) -> str:
        """What is chosen in the lists, in words: "incident, high; the client"."""
        found = []
        for each in self.several:
            labels = dict(choices_of(each.field))
            words = [str(labels[value]) for value in each.value() or () if value in labels]
            if words:
                found.append(f"{each.label.lower()}: {', '.join(words)}")
        return "; ".join(found)

    @property
    def is_wrong_within(self) -> bool:
        return any(each.errors for each in self.several)

    @staticmethod
    def _is_list(each: forms.BoundField) -> bool:
        return isinstance(each.field, forms.MultipleChoiceField)


class ClauseRow(RowForm):
    stop = one(_("What"), SAID_STOPS.items())
    target = short(_("within"), 8, "8h")
    share = short(_("for so many percent"), 6, "95")
    per = per()
    id = short(_("Called"), 6, "R1")
    hours = one(_("In these hours"), ())
    start = one(_("Counted from"), SAID_STARTS.items())
    kinds = checks(_("Only for these kinds"), said(KINDS, plain.KINDS))
    priorities = checks(
        _("Only for these priorities"),
        said(PRIORITIES, plain.PRIORITIES),
    )
    stopped_by = checks(
        _("Waiting for whom stops the clock"),
        said((each.value for each in Holder), plain.HOLDERS),
    )


class EntitledRow(RowForm):
    scope = one(_("Who"), SCOPES.items())
    name = short(_("Name"), 24, help_text=_("As it is known here; a person by mail address."))
    below = forms.BooleanField(label=_("and what is below it"), required=False)
    funder = short(_("Who pays, if not the client"), 20)
    services = checks(_("Only for these services"))


class PriceRow(RowForm):
    amount = short(_("Price"), 10, "400")
    currency = short(_("Currency"), 4, "EUR")
    per = one(_("each"), EACH.items())
    basis = one(_("How it is counted"), SAID_BASES.items())


class AvailabilityRow(RowForm):
    share = short(_("Works for so many percent of its hours"), 8, "99.5")
    per = per()
    hours = one(_("In these hours"), ())
    id = short(_("Called"), 6, "V1")
    services = checks(_("Only these services"))


class WorkloadRow(RowForm):
    at_most = short(_("Up to so many tickets"), 8, "200")
    per = per()
    id = short(_("Called"), 6, "W1")
    kinds = checks(_("Only of these kinds"), said(KINDS, plain.KINDS))
    priorities = checks(
        _("Only of these priorities"),
        said(PRIORITIES, plain.PRIORITIES),
    )
    services = checks(_("Only these services"))


class ExceptionRow(RowForm):
    words = forms.CharField(
        label=_("What the promises do not hold for"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": _("Devices that are not ours")}),
    )
    id = short(_("Called"), 6, "X1")


class CreditRow(RowForm):
    clause = short(_("When this is missed"), 6, "R1")
    below = short(_("below so many percent"), 6, help_text=_("Empty: below what is promised."))
    percent = short(_("so many percent of the price come back"), 6, "5")
    amount = short(_("or this amount"), 8)


class CalendarRow(HoursForm):
    """Further hours, with a name by which clauses call them; `was`: its name so far."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["zone"].required = False

    def clean(self) -> dict[str, Any]:
        """A row without a name says nothing, so nothing in it can be wrong."""
        if not self.cleaned_data.get("name"):
            return self.cleaned_data
        return super().clean()


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


class Rows(forms.BaseFormSet):
    """Rows that one can take out again without a script."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this out")
        for field in form.fields.values():
            plainly(field)


def rows(form: type[Any], most: int = 100) -> type[Any]:
    return forms.formset_factory(
        form, Rows, extra=0, can_delete=True, max_num=most, absolute_max=most + 20
    )


ROWS: Mapping[str, type[Any]] = {
    "hours": rows(CalendarRow, 20),
    "clause": rows(ClauseRow),
    "availability": rows(AvailabilityRow),
    "workload": rows(WorkloadRow),
    "exception": rows(ExceptionRow),
    "entitled": rows(EntitledRow, 200),
    "price": rows(PriceRow),
    "credit": rows(CreditRow),
}


def choices_of(field: Any) -> Choices:
    return list(field.choices)


def in_order(choices: Choices, chosen: Iterable[str]) -> Choices:
    """Return choices so that what is chosen keeps its order when it is sent again.

    The text keeps the order in which things were named; a browser sends boxes as they stand.
    """
    wanted = [str(each) for each in chosen]
    stand = [value for value, _label in choices if value in wanted]
    if stand == [each for each in wanted if each in stand]:
        return choices
    labels = dict(choices)
    first = [(each, labels[each]) for each in wanted if each in labels]
    return [*first, *((value, label) for value, label in choices if value not in wanted)]
