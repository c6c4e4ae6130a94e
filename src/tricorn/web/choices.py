"""What the lists of a form offer, where it is known only when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

Offered = QuerySet[Any, Any] | Sequence[tuple[Any, Any]]


def fill_choices(form: forms.BaseForm, **offered: Offered) -> None:
    """Let each field named here offer rows of the database, or pairs of a value and its words."""
    for name, choices in offered.items():
        field = form.fields[name]
        if isinstance(choices, QuerySet):
            assert isinstance(field, forms.ModelChoiceField), name
            field.queryset = choices
        else:
            assert isinstance(field, forms.ChoiceField), name
            field.choices = list(choices)
