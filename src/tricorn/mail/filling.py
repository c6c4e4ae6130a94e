"""Filling in a letter's words: named places between double braces, and nothing else.

Nothing that people typed is ever run. A line that names something there is nothing of is left
out, and with it the paragraph, when none of the lines that name something is left.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext

from tricorn.engine.errors import BadInput

NAME = re.compile(r"\{\{ *([a-z_]{1,30}) *\}\}")
# What looks like more than a name: no commands, no filters, no half of a pair of braces.
STRAY = re.compile(r"\{\{.{0,30}|.{0,30}\}\}|\{[%#].{0,30}")
LONGEST_TEXT = 10_000
LONGEST_SUBJECT = 150


def names_in(text: str) -> set[str]:
    """Return the names that a text asks for."""
    return set(NAME.findall(text))


def check(text: str, known: Collection[str], *, field: str) -> None:
    """Refuse a text that names what there is not, or that tries more than names.

    Errors  BadInput, with the names that there are.
    """
    listed = ", ".join(f"{{{{ {name} }}}}" for name in sorted(known))
    if unknown := sorted(names_in(text) - set(known)):
        raise BadInput(
            gettext("There is no %(name)s in this letter. There are: %(listed)s.")
            % {"name": f"{{{{ {unknown[0]} }}}}", "listed": listed},
            field=field,
        )
    if stray := STRAY.search(NAME.sub("", text)):
        raise BadInput(
            gettext(
                "“%(words)s” is not understood: between double braces stands one name and nothing "
                "else. There are: %(listed)s."
            )
            % {"words": stray[0].strip(), "listed": listed},
            field=field,
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its names filled in, without the lines that have nothing to say.

    Errors  KeyError for a name that has no value, not even an empty one.
    """
    filled = (_paragraph(lines.split("\n"), values) for lines in re.split(r"\n[ \t]*\n+", text))
    return "\n\n".join(each for each in filled if each.strip()).strip("\n")


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """Return one line, such as a subject, with its names filled in."""
    return " ".join(_named(text, values).split())


def _paragraph(lines: list[str], values: Mapping[str, str]) -> str:
    naming = [line for line in lines if NAME.search(line)]
    empty = [line for line in naming if any(not values[name] for name in names_in(line))]
    if naming and len(empty) == len(naming):
        return ""
    return "\n".join(_named(line, values) for line in lines if line not in empty)


def _named(text: str, values: Mapping[str, str]) -> str:
    return NAME.sub(lambda found: values[found[1]], text)
