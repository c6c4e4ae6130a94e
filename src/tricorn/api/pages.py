"""Lists page by page, along the number of the rows: the last page costs what the first does."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from pydantic import BaseModel, Field

from tricorn.engine.errors import BadInput

MOST = 100
USUAL = 50
POINT = re.compile(rb"([nu])(\d{1,18})", re.ASCII)

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str,
    Field(
        max_length=40,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Where the page begins: `next` of the page before.",
    ),
]
Row = TypeVar("Row", bound=Model)


class Paged(BaseModel):
    """Every list has these two."""

    cursor: Cursor = ""
    limit: Limit = USUAL


def leaf(
    rows: QuerySet[Row], paged: Paged, *, is_down: bool = False
) -> tuple[list[Row], str | None]:
    """Return one page of rows by their number, and the cursor of the next page, if there is one.

    Errors  BadInput for a cursor that no list of this kind gave out.
    """
    letter = b"n" if is_down else b"u"
    if paged.cursor:
        after = _read(paged.cursor, letter)
        rows = rows.filter(pk__lt=after) if is_down else rows.filter(pk__gt=after)
    found: list[Row] = list(rows.order_by("-pk" if is_down else "pk")[: paged.limit + 1])
    shown = found[: paged.limit]
    return shown, _write(letter, shown) if len(found) > paged.limit else None


def _read(cursor: str, letter: bytes) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        text = b""
    found = POINT.fullmatch(text)
    if found is None or found[1] != letter:
        raise BadInput(
            "This cursor is of no page here. Take `next` of the page before, or leave it out.",
            field="cursor",
        )
    return int(found[2])


def _write(letter: bytes, shown: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(b"%s%d" % (letter, shown[-1].pk)).rstrip(b"=").decode()
