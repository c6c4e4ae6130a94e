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


MOST_KEYS = 20


class Remembered(Node):
    """A node of Django's whose outcome depends on its `key` alone: worked out once for each."""

    asvar: str | None

    def __init__(self, *parsed: Any) -> None:
        super().__init__(*parsed)
        self.known: dict[object, str] = {}

    @staticmethod
    def key() -> object:
        raise NotImplementedError

    def render(self, context: Context) -> str:
        key = self.key()
        shown = self.known.get(key)
        if shown is None:
            shown = super().render(context)
            if self.asvar:
                shown = context[self.asvar]
            if len(self.known) >= MOST_KEYS:  # a server in front says the prefix
                self.known.clear()
            self.known[key] = shown
        if not self.asvar:
            return shown
        context[self.asvar] = shown
        return ""


class Said(Remembered, TranslateNode):
    """`{% translate "Sign in" %}`: the same words for each reader of a language."""

    key = staticmethod(get_language)


class Address(Remembered, URLNode):
    """`{% url "desk:queue" %}`: the same while the same addresses are in force."""

    @staticmethod
    def key() -> object:
        return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


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
