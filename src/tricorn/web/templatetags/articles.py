"""How an article stands and for whom it is, as chips; what points to it from a reply."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tricorn.knowledge.models import Article
from tricorn.web.desk.article_forms import AUDIENCES, STATES
from tricorn.web.desk.beside import link_text
from tricorn.web.labels import Label
from tricorn.web.templatetags.signs import drawn

register = template.Library()


def _chip(label: Label) -> SafeString:
    return format_html(
        '<span class="chip" data-tone="{}">{}{}</span>', label.tone, drawn(label.sign), label.words
    )


@register.simple_tag
def article_chip(state: str) -> SafeString:
    return _chip(STATES[state])


@register.simple_tag
def audience_chip(audience: str) -> SafeString:
    return _chip(AUDIENCES[audience])


@register.simple_tag(takes_context=True)
def article_link(context: Context, article: Article) -> str:
    """{% article_link each %}: "Mail on a new phone: https://help.example.org/help/mail-.../"."""
    return link_text(context["request"], article)
