"""The OpenAPI document, completed by what ninja does not know; and a page made from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from tricorn.api.pace import MOST, WINDOW
from tricorn.api.problems import CODES, MEDIA_TYPE, SENTENCES, TITLES
from tricorn.engine.errors import MoveRefused, StandingRefused
from tricorn.files.serving import BYTES
from tricorn.files.serving import KNOWN as MEDIA_TYPES
from tricorn.parties.verbs import SCOPES

Page = Callable[[HttpRequest], HttpResponse]
PREFIX = "api/v1/"
ABOUT = (
    "The same verbs and the same reads as in the browser, for programs. Every request carries a "
    "token of a person and may do what that person may, within the token's scopes. Lists are read "
    "page by page; every POST may carry an Idempotency-Key; every refusal is a problem (RFC 9457)."
)
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Why something was refused: problem details (RFC 9457).",
    "type": "object",
    "properties": {
        "type": {"type": "string", "examples": ["/api/v1/#bad-input"]},
        "title": {"type": "string", "examples": [TITLES[422]]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "examples": ["text: The answer is empty."]},
        "code": {"type": "string", "examples": ["bad-input"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                    "position": {
                        "type": "integer",
                        "description": "Where it stands in what was sent, in characters from 0.",
                    },
                },
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request within 24 hours is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "6f1c1f2e-report-17",
}
KNOWN = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that you have: 304 when nothing changed.",
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]*$"},
}
ALLOWANCE = {
    f"RateLimit-{name}": {"description": words, "schema": {"type": "integer"}}
    for name, words in (
        ("Limit", "How many requests a token has in a minute."),
        ("Remaining", "How many are left in this minute."),
        ("Reset", "In how many seconds the next minute begins."),
    )
}


@cache
def described(api: NinjaAPI) -> dict[str, Any]:
    """Return the whole document: every address with every answer that it can give."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    made["info"]["description"] = ABOUT
    made["servers"] = [{"url": "/"}]
    made["components"]["schemas"]["Problem"] = PROBLEM
    made["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of a person, made on their page “About me”. Its scopes: "
            + ", ".join(SCOPES),
        }
    }
    for methods in made["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return made


def _complete(method: str, operation: dict[str, Any]) -> None:
    scope, is_one = operation.pop("x-scope", ""), operation.pop("x-one", False)
    if operation.pop("x-file", False):
        kinds = sorted(MEDIA_TYPES | {BYTES})
        operation["responses"]["200"]["content"] = {kind: {"schema": {}} for kind in kinds}
    operation["security"] = [{"token": [scope] if scope else []}]
    places = {each["in"] for each in operation["parameters"]}
    has_body = "requestBody" in operation
    statuses = [401, 403, 413, 429]
    if "path" in places:
        statuses.append(404)
    if "query" in places or has_body or method != "get" or is_one:
        statuses.append(422)
    if method != "get":
        statuses += [400, 409, 415]
    for answer in operation["responses"].values():
        answer["headers"] = {**ALLOWANCE}
    if method == "post":
        operation["parameters"].append(KEY)
    if is_one:
        operation["parameters"].append(KNOWN)
        operation["responses"]["200"]["headers"]["ETag"] = {"schema": {"type": "string"}}
        operation["responses"]["304"] = {"description": "Nothing changed", "headers": {**ALLOWANCE}}
    for status in sorted(statuses):
        operation["responses"][str(status)] = _refusal(status)
    if "201" in operation["responses"]:
        where = {"description": "Where it is.", "schema": {"type": "string"}}
        operation["responses"]["201"]["headers"]["Location"] = where


def _refusal(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    if status == 429:
        headers = {"Retry-After": {"schema": {"type": "integer"}}, **ALLOWANCE}
    example = {
        "type": f"/api/v1/#{CODES[status]}",
        "title": TITLES[status],
        "status": status,
        "detail": SENTENCES.get(status, f"{TITLES[status]}."),
        "code": CODES[status],
    }
    return {
        "description": TITLES[status],
        "headers": headers,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        },
    }


def document(api: NinjaAPI) -> Page:
    """Return the view of the document; it needs no token, since it tells nothing of anybody."""

    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            json.dumps(described(api), ensure_ascii=False, indent=1),
            content_type="application/json",
        )

    return page


def reference(api: NinjaAPI) -> Page:
    """Return the page for people: every address, what it takes and gives, and every problem."""

    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        made = described(api)
        context = {
            "title": "API",
            "about": ABOUT,
            "groups": _groups(made),
            "problems": _problems(),
            "scopes": SCOPES,
            "most": MOST,
            "window": WINDOW,
        }
        return render(request, "api/reference.html", context)

    return page


def _problems() -> list[tuple[str, int, str]]:
    codes = {code: (status, TITLES[status]) for status, code in CODES.items()}
    codes[MoveRefused.code] = (409, TITLES[409])
    codes[StandingRefused.code] = (403, TITLES[403])
    codes["key-used"] = (422, "The Idempotency-Key was used for another request")
    return [(code, status, title) for code, (status, title) in sorted(codes.items())]


def _groups(made: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in made["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(
                _shown(method, address, operation, made["components"]["schemas"])
            )
    return list(groups.items())


def _shown(
    method: str, address: str, operation: dict[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    body: dict[str, Any] = next(
        iter(operation.get("requestBody", {}).get("content", {}).values()), {}
    )
    good = next(code for code in operation["responses"] if code.startswith("2"))
    given = next(iter(operation["responses"][good]["content"].values()))["schema"]
    return {
        "method": method.upper(),
        "address": address,
        "anchor": operation["operationId"],
        "summary": operation["summary"],
        "scope": "".join(operation["security"][0]["token"]),
        "parameters": [
            (each["name"], _kind(each["schema"]), each.get("description", ""))
            for each in operation["parameters"]
        ],
        "body": _fields(body.get("schema", {}), schemas),
        "gives": _fields(given, schemas),
        "status": good,
        "refusals": [code for code in operation["responses"] if code >= "400"],
    }


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = schemas.get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    needed = set(found.get("required", []))
    return [
        (name if name in needed else f"{name}?", _kind(each), each.get("description", ""))
        for name, each in found.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """Return what a value is, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or schema.get("const") or "anything")
