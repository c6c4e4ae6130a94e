"""How Django's forms are drawn: with the form and field templates of the house.

Boxes and lists are drawn without a template, to the same letter: a template of a template for each
attribute of each box was a fifth of a ticket's page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape

WIDGETS = "django/forms/widgets/"
INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time")


class Renderer(DjangoTemplates):
    """Named by the setting FORM_RENDERER; finds Django's widgets and our templates alike."""

    form_template_name = "_form.html"
    field_template_name = "_field.html"

    def render(
        self,
        template_name: str,
        context: Mapping[str, Any],
        request: HttpRequest | None = None,
    ) -> str:
        draw = DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, dict(context), request)
        return draw(context["widget"])


def _attrs(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    kind, name, value = widget["type"], conditional_escape(widget["name"]), widget["value"]
    held = "" if value is None else f' value="{conditional_escape(str(value))}"'
    return f'<input type="{kind}" name="{name}"{held}{_attrs(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    name, text = conditional_escape(widget["name"]), conditional_escape(widget["value"] or "")
    return f'<textarea name="{name}"{_attrs(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    drawn = [f'<select name="{conditional_escape(widget["name"])}"{_attrs(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            drawn.append(f'<optgroup label="{conditional_escape(group)}">')
        drawn += map(_option, options)
        if group:
            drawn.append("</optgroup>")
    return "\n".join([*drawn, "</select>"])


def _option(widget: Mapping[str, Any]) -> str:
    value, label = conditional_escape(str(widget["value"])), conditional_escape(widget["label"])
    return f'<option value="{value}"{_attrs(widget["attrs"])}>{label}</option>'


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{WIDGETS}{name}.html": _input for name in (*INPUTS, "checkbox")},
    f"{WIDGETS}textarea.html": _textarea,
    f"{WIDGETS}select.html": _select,
}
