"""The lists of an agreement as rows to fill in: promises, who is covered, prices, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.engine.agreement import KINDS
from tricorn.engine.clock import Holder
from tricorn.web.manage.hours_form import HoursForm
from tricorn.web.manage.offers_forms import (
    EACH,
    Asked,
    Choices,
    checks,
    one,
    per,
    plainly,
    said,
    short,
)

PRIORITIES = ("critical", "high", "moderate", "low")
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


class EscalationRow(RowForm):
    at = short(
        _("When"),
        12,
        "2h before",
        help_text=_("“80 %” of the time, “2h before”, “late” or “4h after”, in service time."),
    )
    tell = one(_("Tells"), [*plain.TELLS.items(), ("person", _("one person"))])
    person = short(_("Who"), 20, help_text=_("By mail address, where it tells one person."))
    client = forms.BooleanField(label=_("and the client"), required=False)
    id = short(_("Called"), 6, "E1")
    services = checks(_("Only these services"))


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
    "escalation": rows(EscalationRow),
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
