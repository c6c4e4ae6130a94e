"""The kinds of value that the API takes, each bounded, so that no database meets what it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

BIGGEST = 2**63 - 1
YEARS = range(1970, 2200)
REF = r"^T-[1-9][0-9]{0,14}$"
SLUG = r"^[-a-zA-Z0-9_]{1,80}$"
# No database keeps a NUL; a lone half of a surrogate pair is no text, and is refused by itself.
PLAIN = r"^[^\u0000]*$"


def moment(value: Any) -> datetime:
    """Read a moment with its offset: 2026-10-12T08:00:00+02:00."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("Write a moment like 2026-10-12T08:00:00Z")
    try:
        # The plus of an offset is a space where an address did not escape it.
        read = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
        if read.tzinfo is None:
            raise ValueError("It says no offset")
        utc = read.astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise ValueError("Write a moment with its offset, like 2026-10-12T08:00:00Z") from problem
    if utc.year not in YEARS:
        raise ValueError("The year is from 1970 to 2199")
    return utc


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("It holds a NUL character, which no database keeps")
    return text


Number = Annotated[StrictInt, Field(ge=1, le=BIGGEST, examples=[12])]
# In an address everything is text, so these are read from it.
PathNumber = Annotated[int, Field(ge=1, le=BIGGEST)]
Ref = Annotated[str, Field(pattern=REF, examples=["T-2041"])]
Slug = Annotated[str, Field(pattern=SLUG, examples=["mail"])]
Moment = Annotated[
    datetime,
    BeforeValidator(moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-10-12T06:00:00Z"]}),
]


@dataclass(frozen=True)
class Line:
    """One line of text, at most so long: `Annotated[str, Line(200, "Finance")]`."""

    longest: int
    example: str = ""
    shortest: int = 0

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        text = core_schema.str_schema(
            strict=True, min_length=self.shortest, max_length=self.longest
        )
        return core_schema.no_info_after_validator_function(_no_nul, text)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {
            "type": "string",
            "minLength": self.shortest,
            "maxLength": self.longest,
            "pattern": PLAIN,
            **({"examples": [self.example]} if self.example else {}),
        }


Text = Annotated[
    StrictStr, Field(min_length=1, max_length=100_000, examples=["Mail is slow since Monday."])
]
Flag = StrictBool


class Given(BaseModel):
    """What a request brings: nothing that has no name here."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Told(BaseModel):
    """What an answer holds. Every key is always there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)
