"""The form of what a service asks beside the one box: the same at Report, My services and Desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.questions import Question, answers, read, shown
from tricorn.tickets.models import Ticket

PREFIX = "ask-"
YESNO = [("", "—"), ("yes", _("yes")), ("no", _("no"))]


def questions_for(service: Service | None, asked: str) -> tuple[Question, ...]:
    """Return what somebody at this side is asked about a service; nothing without one."""
    return shown(read(service.questions), asked) if service else ()


class AskedForm(forms.Form):
    """A box for each question. After `is_valid`, `answers` holds what is kept, by key."""

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Sequence[Question],
        asked: str,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        initial = {PREFIX + key: _typed(value) for key, value in (values or {}).items()}
        super().__init__(data, initial=initial)
        self.questions = questions
        self.answers: dict[str, Any] = {}
        for each in questions:
            self.fields[PREFIX + each.key] = _field(each, asked)

    @property
    def given(self) -> dict[str, object]:
        """What was typed, by the keys of the questions."""
        return {each.key: self.cleaned_data.get(PREFIX + each.key) for each in self.questions}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.answers, problems = answers(self.questions, self.given)
        for key, sentence in problems.items():
            if PREFIX + key not in self.errors:
                self.add_error(PREFIX + key, sentence)
        return cleaned


class _Box(forms.CharField):
    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\0", "")


def _field(question: Question, asked: str) -> forms.Field:
    return _Box(
        label=question.label,
        help_text=question.help,
        required=question.is_required_of(asked),
        widget=_widget(question),
        error_messages={"required": _("This is needed to help you. Please answer it.")},
    )


def _widget(question: Question) -> forms.Widget:
    if question.kind == "long":
        return forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    if question.kind == "number":
        return forms.TextInput(attrs={"inputmode": "decimal", "size": 12, "autocomplete": "off"})
    if question.kind == "date":
        return forms.DateInput(attrs={"type": "date"})
    if question.kind == "yesno":
        return forms.Select(choices=YESNO)
    if question.kind == "choice":
        return forms.Select(choices=[("", "—"), *((each, each) for each in question.choices)])
    return forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})


def typed_in(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a form that is only looked at holds so far, by the keys of the questions."""
    given = (data or {}).items()
    return {name.removeprefix(PREFIX): value for name, value in given if name.startswith(PREFIX)}


def said(value: Any) -> str | Promise:
    """Return an answer as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def said_of(question: Question, value: Any) -> str | Promise:
    """Return the answer to a question as people read it; a day in words."""
    if question.kind == "date" and isinstance(value, str):
        try:
            return date_format(date.fromisoformat(value), "j F Y")
        except ValueError:
            return value
    return said(value)


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def answered(ticket: Ticket) -> list[tuple[str, str | Promise]]:
    """Return what was answered on a ticket, as whose matter it is may read it."""
    return [
        (each.label, said_of(each, ticket.fields[each.key]))
        for each in read(ticket.service.questions)
        if each.key in ticket.fields and not each.is_desk_only
    ]
