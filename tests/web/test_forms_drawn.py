"""Boxes and lists are drawn as Django's own templates draw them."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from tricorn.web.forms import Renderer

ODD = "\"><b>'& é"
CHOICES = [("", "-"), ("a", ODD), (mark_safe("b&amp;"), mark_safe("<i>"))]
WIDGETS = [
    forms.TextInput({"class": ODD, "required": True, "hidden": False, "data-n": 3}),
    forms.NumberInput({"min": 0}),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(),
    forms.DateTimeInput({"type": "datetime-local"}),
    forms.TimeInput(),
    forms.CheckboxInput(),
    forms.Textarea({"rows": 3}),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=[(ODD, [("a", "A"), ("b", "B")]), ("c", "C")]),
    forms.NullBooleanSelect(),
    forms.RadioSelect(choices=CHOICES),
]


def plain(html):
    return re.sub(r">\s+<", "><", html)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", [None, "", "a", 0, ODD, mark_safe("&amp;")], ids=repr)
def test_a_widget_is_drawn_to_the_same_letter(widget, value):
    ours = widget.render(ODD, value, {"id": "x"}, renderer=Renderer())
    assert plain(ours) == plain(widget.render(ODD, value, {"id": "x"}, renderer=DjangoTemplates()))
