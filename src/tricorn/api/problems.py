"""What the API says when it refuses: problem details (RFC 9457), the same shape for everything."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tricorn.engine.errors import MoveRefused, Refusal, StandingRefused

MEDIA_TYPE = "application/problem+json"
# As at the other doors: the state says no, the standing says no, else what was given does not fit.
STATUS = {MoveRefused: 409, StandingRefused: 403}
# Where every code is told, and what each status is called.
PAGE = "/api/v1/#"
TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "Not with this token, or not with your standing",
    404: "There is no such thing, or it is not yours",
    405: "This address does not do that",
    409: "Not in the state it is in",
    413: "The request is too large",
    415: "The body is of another kind than this address takes",
    422: "Something that was given does not fit",
    429: "Too many requests",
    500: "Our mistake",
    503: "Not now",
}
CODES = {
    400: "malformed",
    401: "no-token",
    403: "not-allowed",
    404: "not-found",
    405: "no-such-method",
    409: "wrong-state",
    413: "too-large",
    415: "wrong-kind",
    422: "bad-input",
    429: "too-many",
    500: "our-mistake",
    503: "not-now",
}
SENTENCES = {
    400: "The request cannot be read as HTTP with JSON in UTF-8. Check how it is written.",
    401: "Send a token that is valid: Authorization: Bearer tricorn_... Tokens are made on your "
    "page “About me”.",
    404: "There is no such thing, or it is not yours to know of.",
    405: "This address does not do that. The header Allow names what it does.",
    413: "The request is larger than 2 MB. Send less at once.",
    415: "Send the body as JSON, with Content-Type: application/json.",
    429: "This token has asked too often within a minute. Wait as long as Retry-After says.",
    500: "Something went wrong on our side. Nothing was changed. Try again later.",
}

Errors = Sequence[Mapping[str, str | int]]

logger = logging.getLogger("tricorn.api")


class Limited(Exception):
    """The token has used up its requests for now."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    errors: Errors = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return a problem: what is wrong as a status, a code for programs, a sentence for people."""
    code = code or CODES.get(status, CODES[400] if status < 500 else CODES[500])
    said: dict[str, Any] = {
        "type": f"{PAGE}{code}",
        "title": TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail or SENTENCES.get(status, TITLES.get(status, "Refused.")),
        "code": code,
    }
    if errors:
        said["errors"] = [dict(each) for each in errors]
    response = HttpResponse(
        json.dumps(said, ensure_ascii=True), status=status, content_type=MEDIA_TYPE
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Tricorn"'
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def refused(refusal: Refusal) -> HttpResponse:
    """Return a rule's refusal; the field that it speaks of is named where it says so."""
    status = STATUS.get(type(refusal), 422)
    field = str(refusal.facts.get("field", ""))
    errors = refusal.facts.get("errors") or [{"field": field, "detail": str(refusal)}]
    told = cast(Errors, errors) if field and status == 422 else []
    return problem(status, str(refusal), code=refusal.code, errors=told)


def of_exception(request: HttpRequest, problem_: Exception | type[Exception]) -> HttpResponse:
    """Return the problem that an exception is; what no rule expects is our mistake, and raised."""
    if isinstance(problem_, Refusal):
        return refused(problem_)
    if isinstance(problem_, Limited):
        return problem(429, headers={"Retry-After": str(problem_.seconds)})
    if isinstance(problem_, Http404):
        return problem(404)
    if isinstance(problem_, ValidationError):
        return _invalid(problem_)
    if isinstance(problem_, AuthenticationError):
        return problem(401)
    if isinstance(problem_, HttpError):
        return problem(problem_.status_code)
    raise problem_


def _invalid(wrong: ValidationError) -> HttpResponse:
    """Each field with what is wrong; an address with a part that cannot be does not exist."""
    if any(each["loc"][0] == "path" for each in wrong.errors):
        return problem(404)
    errors = [
        {"field": ".".join(str(part) for part in _place(each["loc"])), "detail": str(each["msg"])}
        for each in wrong.errors[:50]
    ]
    named = ", ".join(dict.fromkeys(each["field"] for each in errors if each["field"]))
    sentence = f"{named}: {errors[0]['detail']}." if named else f"{errors[0]['detail']}."
    return problem(422, sentence, errors=errors)


def _place(loc: Sequence[Any]) -> Sequence[Any]:
    """The part of a place that the caller wrote: not where it stood, nor our name for the body."""
    return [part for part in loc[1:] if part != "given"]
