"""What authors and readers type, made clean; the sentence of each refusal."""

from __future__ import annotations

import unicodedata

from tricorn.engine.errors import BadInput

LONGEST_TEXT = 50_000
LONGEST_COMMENT = 2_000


def clean_text(text: str, what: str, longest: int, *, field: str) -> str:
    """Return the text with plain line ends and without control characters.

    Errors  BadInput when it is empty or too long.
    """
    if len(text) > 2 * longest:
        raise _too_long(text, what, longest, field)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    text = "".join(kept).strip("\n").rstrip()
    if not any(c.isprintable() and not c.isspace() for c in text):
        raise BadInput(f"The {what} is empty. Write it down.", field=field)
    if len(text) > longest:
        raise _too_long(text, what, longest, field)
    return text


def _too_long(text: str, what: str, longest: int, field: str) -> BadInput:
    return BadInput(
        f"The {what} has {len(text):,} characters; at most {longest:,} fit. Shorten it.",
        field=field,
    )
