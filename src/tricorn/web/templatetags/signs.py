"""Icons and the mark: what a page can show that knows no installation, like the report."""

import re
from functools import cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()


@cache
def drawn(name: str) -> SafeString:
    """Return a Lucide icon as inline SVG; only templates name icons, so the cache stays small."""
    svg = lucide(name, size=None, aria_hidden="true", focusable="false", **{"class": "icon"})
    return mark_safe(re.sub(r"\s*\n\s*", "", svg))


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "phone" %}: always beside a word, so it is hidden from who listens."""
    return drawn(name)


@register.inclusion_tag("_mark.html")
def mark(key: str = "") -> dict[str, str]:
    """{% mark door %}: the hat with the corner of that door filled."""
    return {"key": key}
