"""Words kept for later, with variables: which there are, whether a text uses others, filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import BadInput

# Each variable with what it becomes. The list is fixed, so that a text never fails when it is used.
VARIABLES: Mapping[str, str] = {
    "name": "who asks",
    "ref": "the name of the matter, such as T-2041",
    "summary": "what it is about",
    "service": "the service",
    "place": "the place",
    "due": "when it is due",
    "agent": "who writes",
    "link": "the private page of the matter",
    "provider": "who provides the service",
}
# Spaces around a name are taken off afterwards: a pattern that does it takes minutes for many.
_WRITTEN = re.compile(r"\{\{([^{}]*)\}\}")
_SPACED = re.compile(r"( ?)\{\{([^{}]*)\}\}")


def used(text: str) -> list[str]:
    """Return the variables of a text in order, each once."""
    return list(dict.fromkeys(name.strip() for name in _WRITTEN.findall(text)))


def check_variables(text: str, *, field: str = "text") -> None:
    """Refuse a text with variables that do not exist, or braces that were left open.

    Errors  BadInput that names them, and those there are.
    """
    listed = ", ".join(f"{{{{ {name} }}}}" for name in VARIABLES)
    if unknown := [name for name in used(text) if name not in VARIABLES]:
        names = ", ".join(f"{{{{ {name[:30]} }}}}" for name in unknown[:5])
        raise BadInput(f"There is no variable {names}. There are: {listed}.", field=field)
    rest = _WRITTEN.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise BadInput(
            f"A variable stands between two pairs of braces. There are: {listed}.", field=field
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its variables filled in, once: what is filled in is not read again.

    Nothing known takes the space before it along: "Hello {{ name }}," becomes "Hello,".
    """

    def one(match: re.Match[str]) -> str:
        value = values.get(match[2].strip(), "")
        return f"{match[1]}{value}" if value else ""

    return _SPACED.sub(one, text)
