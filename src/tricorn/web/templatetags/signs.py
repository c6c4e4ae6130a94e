"""Icons and the mark: what a page can show that knows no installation, like the report."""

import re
from functools import cache
from importlib import resources
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


# Beside what the package says of each icon.
SAID = {"aria-hidden": "true", "focusable": "false", "class": "icon"}


@cache
def _shelf() -> ZipFile:
    """The package's icons, opened once: its own way reads the list of all 1,700 for each."""
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


@cache
def drawn(name: str) -> SafeString:
    """Return a Lucide icon as inline SVG; only templates name icons, so the cache stays small."""
    svg = ElementTree.fromstring(_shelf().read(f"{name}.svg"))  # noqa: S314 - the package's own
    for node in svg.iter():
        node.tag = node.tag.rpartition("}")[2]
    svg.attrib.update(SAID)
    text = ElementTree.tostring(svg, encoding="unicode")
    return mark_safe(re.sub(r"\s*\n\s*", "", text))


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "phone" %}: always beside a word, so it is hidden from who listens."""
    return drawn(name)


@register.inclusion_tag("_mark.html")
def mark(key: str = "") -> dict[str, str]:
    """{% mark door %}: the hat with the corner of that door filled."""
    return {"key": key}
