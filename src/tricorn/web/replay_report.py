"""The replay's report as one file: the pages' own parts with their style sheets inside."""

from functools import cache
from pathlib import Path

from django.template import Context, Engine

from tricorn.pictures.page import Page

SHEETS = ("tokens.css", "tricorn.css", "work.css")
HERE = Path(__file__).parent
STATIC = HERE / "static" / "tricorn"
# An engine of its own: the report is written where there is no installation, too.
ENGINE = Engine(
    dirs=[str(HERE / "templates")],
    libraries={
        "i18n": "django.templatetags.i18n",
        "signs": "tricorn.web.templatetags.signs",
    },
)


@cache
def style_sheets() -> str:
    """Return the style sheets of the house as one text; they load nothing themselves."""
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SHEETS)


def report_page(page: Page) -> str:
    """Return the report as HTML that needs neither server nor network."""
    report = ENGINE.get_template("replay/report.html")
    return report.render(Context({"page": page, "css": style_sheets()})).lstrip()
