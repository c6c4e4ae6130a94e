"""The replay's report as one file: the pages' own parts with their style sheets inside."""

from functools import cache
from pathlib import Path

from django.template.loader import render_to_string

from tricorn.pictures.page import Page

SHEETS = ("tokens.css", "tricorn.css", "work.css")
STATIC = Path(__file__).parent / "static" / "tricorn"


@cache
def style_sheets() -> str:
    """Return the style sheets of the house as one text; they load nothing themselves."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SHEETS)


def report_page(page: Page) -> str:
    """Return the report as HTML that needs neither server nor network."""
    return render_to_string("replay/report.html", {"page": page, "css": style_sheets()}).lstrip()
