"""Django's own `translate` and `url`, remembered where they can only come out as they did before.

A page of the desk says a hundred fixed words and names sixty addresses without arguments. What
comes out depends on the language, or on the addresses in force, and on nothing else.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language

register = template.Library()


class Said(TranslateNode):
    """`{% translate "Sign in" %}`: the same words for each reader of a language."""

    def __init__(self, *parsed: Any) -> None:
        super().__init__(*parsed)
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        words = self.said.get(language)
        if words is None:
            words = super().render(context)
            if self.asvar:
                words = context[self.asvar]
            self.said[language] = words
        return kept(context, self.asvar, words)


class Address(URLNode):
    """`{% url "desk:queue" %}`: the same while the same addresses are in force."""

    def __init__(self, *parsed: Any) -> None:
        super().__init__(*parsed)
        self.found: dict[tuple[str, str], str] = {}

    def render(self, context: Context) -> str:
        key = (get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
        address = self.found.get(key)
        if address is None:
            address = super().render(context)
            if self.asvar:
                address = context[self.asvar]
            self.found[key] = address
        return kept(context, self.asvar, address)


def kept(context: Context, name: str | None, words: str) -> str:
    """Return what a tag shows: the words, or nothing when they are kept under a name."""
    if name is None:
        return words
    context[name] = words
    return ""


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Parse as Django does; words that are literal, without filter and context, are remembered."""
    node = do_translate(parser, token)
    spoken = node.filter_expression
    if spoken.var.literal is None or spoken.filters or node.message_context is not None:
        return node
    return Said(spoken, node.noop, node.asvar)


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """Parse as Django does; an address named by a literal, without arguments, is remembered."""
    node = parse_url(parser, token)
    name = node.view_name
    if not isinstance(name.var, str) or name.filters or node.args or node.kwargs:
        return node
    return Address(name, [], {}, node.asvar)
