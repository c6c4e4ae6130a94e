"""How Django's forms are drawn: with the form template of the house.

Fields, boxes and lists are drawn without a template, boxes and lists to the letter of Django's: a
template of a template for each attribute of each box was a fifth of a ticket's page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tricorn.web.templatetags.signs import drawn

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
        if template_name == self.field_template_name:
            return group(context["field"])
        draw = DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, dict(context), request)
        return draw(context["widget"])


def group(field: BoundField, *, is_plain: bool = False) -> SafeString:
    """Return one field: label, hint, errors, box; Django wires the aria ids.

    With `is_plain` it is not said that the field may stay empty: most beside it may. A choice of
    one says it itself, by what stands first in it.
    """
    classes = "field field-wrong" if field.errors else "field"
    hint, wrong = _hint(field), _wrong(field)
    if field.widget_type == "checkbox":
        return format_html(
            CHECK, classes, field.id_for_label, field, field.label, hint=hint, wrong=wrong
        )
    must = field.field.required or is_plain or field.widget_type == "select"
    optional = "" if must else format_html(OPTIONAL, gettext("(if you want)"))
    if field.use_fieldset:
        told = field.aria_describedby
        told = format_html(' aria-describedby="{}"', told) if told else ""
        label = format_html("<legend>{}{}</legend>", field.label, optional) if field.label else ""
        return format_html(SET, classes, told, label, hint, wrong, field)
    label = format_html(LABEL, field.id_for_label, field.label, optional) if field.label else ""
    return format_html(BOX, classes, label, hint, wrong, field)


CHECK = '<div class="field-check {}"><label for="{}">{} <span>{}</span></label>{hint}{wrong}</div>'
LABEL = '<label for="{}">{}{}</label>'
OPTIONAL = ' <span class="optional">{}</span>'
BOX = '<div class="{}">{}{}{}{}</div>'
SET = '<div class="{}"><fieldset{}>{}{}{}{}</fieldset></div>'
HINT = '<div class="hint" id="{}_helptext">{}</div>'
WRONG = '<div class="error" id="{}_error">{}<div>{}</div></div>'


def _hint(field: BoundField) -> str:
    return format_html(HINT, field.auto_id, field.help_text) if field.help_text else ""


def _wrong(field: BoundField) -> str:
    if not field.errors:
        return ""
    said = format_html_join("", "<p>{}</p>", ((error,) for error in field.errors))
    return format_html(WRONG, field.auto_id, drawn("circle-alert"), said)


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
