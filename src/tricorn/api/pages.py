"""Lists page by page, along a number or a moment of the rows: the last page costs what the first does."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from django.db.models import Model, Q, QuerySet
from pydantic import BaseModel, Field

from tricorn.engine.errors import BadInput

MOST = 100
USUAL = 50
POINT = re.compile(rb"([nuce])(?:(\d{1,18})-)?(\d{1,18})", re.ASCII)
# The end of the year 2199, as no row is later.
MOST_MICROS = 7_258_118_400_000_000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str,
    Field(
        max_length=60,
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
        _, after = _read(paged.cursor, letter)
        rows = rows.filter(pk__lt=after) if is_down else rows.filter(pk__gt=after)
    found: list[Row] = list(rows.order_by("-pk" if is_down else "pk")[: paged.limit + 1])
    shown = found[: paged.limit]
    is_more = len(found) > paged.limit
    return shown, _write(b"%s%d" % (letter, shown[-1].pk)) if is_more else None


def leaf_by_change(
    rows: QuerySet[Row], paged: Paged, *, is_down: bool = False
) -> tuple[list[Row], str | None]:
    """Return one page of rows by `changed_at`, then number: along the index of the two.

    What changes meanwhile comes again, later in the list or in the next walk.
    """
    letter = b"e" if is_down else b"c"
    if paged.cursor:
        micros, number = _read(paged.cursor, letter)
        moment = BEGINNING + timedelta(microseconds=micros)
        if is_down:
            behind = Q(changed_at__lt=moment) | Q(pk__lt=number)
            rows = rows.filter(behind, changed_at__lte=moment)
        else:
            behind = Q(changed_at__gt=moment) | Q(pk__gt=number)
            rows = rows.filter(behind, changed_at__gte=moment)
    order = ("-changed_at", "-pk") if is_down else ("changed_at", "pk")
    found: list[Any] = list(rows.order_by(*order)[: paged.limit + 1])
    shown = found[: paged.limit]
    if len(found) <= paged.limit:
        return shown, None
    micros = (shown[-1].changed_at - BEGINNING) // timedelta(microseconds=1)
    return shown, _write(b"%s%d-%d" % (letter, micros, shown[-1].pk))


def _read(cursor: str, letter: bytes) -> tuple[int, int]:
    """Return the moment (0 where the list has none) and the number that a cursor holds."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        text = b""
    found = POINT.fullmatch(text)
    micros = int(found[2] or 0) if found else 0
    if found is None or found[1] != letter or micros > MOST_MICROS:
        raise BadInput(
            "This cursor is of no page here. Take `next` of the page before, or leave it out.",
            field="cursor",
        )
    return micros, int(found[3])


def _write(point: bytes) -> str:
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
