"""An agreement of a run as a form: hours as short text, targets, promised shares, a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput, BadTarget
from tricorn.engine.hours import Target
from tricorn.web.manage.fields import CurrencyField
from tricorn.web.manage.hours_form import HoursForm, initial

LONGEST_TEXT = 100_000
BEGINNING = """
[agreement]
ref = "today"
title = "Business days 8 to 17"
services = ["service"]
from = 2020-01-01

[parties]
client = "Client"
provider = "Provider"

[hours.desk]
zone = "{zone}"
[hours.desk.weekly]
mon = ["08:00-17:00"]
tue = ["08:00-17:00"]
wed = ["08:00-17:00"]
thu = ["08:00-17:00"]
fri = ["08:00-17:00"]

[[clause]]
id = "R1"
stop = "resolved"
hours = "desk"
target = "8h"
share = 0.9
"""


def plain_beginning(zone: str) -> text.Agreement:
    """Return business days 8 to 17 and one promise: something to change, where nothing is known."""
    return text.Agreement.from_toml(BEGINNING.format(zone=zone), "the beginning")


class PromiseForm(forms.Form):
    """One promise: within which time, and for which share."""

    target = forms.CharField(
        label=_("Within"),
        max_length=20,
        widget=forms.TextInput(attrs={"size": 8, "autocomplete": "off"}),
    )
    share = forms.DecimalField(
        label=_("For how many in a hundred"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=7,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
    )

    def __init__(self, *args: Any, clause: text.Clause, **kwargs: Any) -> None:
        self.clause = clause
        said = "" if clause.share is None else f"{(clause.share * 100).normalize():f}"
        kwargs["initial"] = {"target": str(clause.target), "share": said}
        super().__init__(*args, **kwargs)

    @property
    def title(self) -> str:
        said = f"{self.clause.id}: {plain.promise(self.clause).title.rpartition(': ')[0]}"
        names = plain.joined([str(plain.PRIORITIES[each]) for each in self.clause.priorities])
        return f"{said} ({names})" if names else said

    def clean_target(self) -> Target:
        try:
            return Target.parse(self.cleaned_data["target"])
        except BadTarget as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean_share(self) -> Decimal | None:
        share = self.cleaned_data["share"]
        if share == 0:
            raise forms.ValidationError(_("Leave it empty to promise no share."))
        return None if share is None else share / 100

    @property
    def said(self) -> text.Clause:
        data = self.cleaned_data
        return replace(self.clause, target=data["target"], share=data["share"])


class HeadForm(forms.Form):
    """What an option is called and what a month of it costs."""

    name = forms.CharField(
        label=_("What is it called?"),
        max_length=120,
        error_messages={"required": _("Give it a name, so that the figures can be told apart.")},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    amount = forms.DecimalField(
        label=_("Price"),
        required=False,
        min_value=0,
        max_digits=14,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10}),
    )
    currency = CurrencyField()

    def __init__(self, *args: Any, prices: Sequence[text.Price], **kwargs: Any) -> None:
        self.prices = prices
        super().__init__(*args, **kwargs)
        if len(prices) > 1:
            del self.fields["amount"], self.fields["currency"]
            return
        per = prices[0].per if prices else "month"
        self.fields["amount"].label = gettext("Price each %(per)s") % {"per": plain.period(per)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("amount") is not None and not data.get("currency") and not self.errors:
            self.add_error("currency", _("Say the currency, like EUR."))
        return data

    @property
    def said(self) -> tuple[text.Price, ...]:
        data = self.cleaned_data
        if len(self.prices) > 1:
            return tuple(self.prices)
        if data["amount"] is None:
            return ()
        begun = self.prices[0] if self.prices else text.Price(Decimal(0), "EUR")
        return (replace(begun, amount=data["amount"], currency=data["currency"].upper()),)


class TextForm(forms.Form):
    """The same as text: it may say what the boxes cannot."""

    toml = forms.CharField(
        label=_("The agreement as text (TOML)"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )


@dataclass
class OptionEdit:
    """The forms of one agreement together. `content` after `is_valid` is what they say.

    key   tells the boxes of one agreement from another's: "today", or the option's letter
    """

    key: str
    name: str
    before: text.Agreement
    data: QueryDict | None = None
    content: text.Agreement | None = None

    def __post_init__(self) -> None:
        price = self.before.prices[0] if self.before.prices else None
        first = {
            "name": self.name,
            "amount": f"{price.amount:f}" if price else "",
            "currency": price.currency if price else "",
        }
        is_text = self.data is not None and self.data.get("deed") == "text"
        boxes = None if is_text else self.data
        key = self.key
        self.head = HeadForm(boxes, prices=self.before.prices, initial=first, prefix=key)
        self.promises = [
            PromiseForm(boxes, clause=clause, prefix=f"{key}-c{n}")
            for n, clause in enumerate(self.before.clauses)
        ]
        self.hours = [
            HoursForm(boxes, initial=initial(hours, name[:120]), prefix=f"{key}-h{n}")
            for n, (name, hours) in enumerate(self.before.hours.items())
        ]
        for form in self.hours:
            form.fields["name"].required = False
            form.fields["name"].widget = forms.HiddenInput()
        if key == "today":
            self.head.fields["name"].required = False
            self.head.fields["name"].widget = forms.HiddenInput()
        self.text = TextForm(
            self.data if is_text else None,
            initial={"toml": self.before.to_toml()},
            prefix=f"{key}-text",
        )

    @property
    def forms(self) -> list[forms.Form]:
        return [self.head, *self.promises, *self.hours, self.text]

    def is_valid(self) -> bool:
        """Read the boxes, or the text; complaints stand beside what they are about."""
        if self.text.is_bound:
            return self._is_text_valid()
        valid = [form.is_valid() for form in (self.head, *self.promises, *self.hours)]
        if not all(valid):
            return False
        self.name = self.head.cleaned_data["name"] or self.name
        content = replace(
            self.before,
            hours={
                name: form.hours or hours
                for (name, hours), form in zip(self.before.hours.items(), self.hours, strict=True)
            },
            clauses=tuple(form.said for form in self.promises),
            prices=self.head.said,
            signed=(),
        )
        try:
            self.content = text.Agreement.from_toml(content.to_toml(), gettext("The agreement"))
        except BadInput as problem:
            self.head.add_error(None, str(problem))
        return self.content is not None

    def _is_text_valid(self) -> bool:
        if self.text.is_valid():
            try:
                said = self.text.cleaned_data["toml"]
                self.content = text.Agreement.from_toml(said, gettext("The text"))
            except BadInput as problem:
                self.text.add_error("toml", str(problem))
        return self.content is not None
