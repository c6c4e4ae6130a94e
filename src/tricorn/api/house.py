"""The API as one thing: its routers, what answers refusals, where it stands."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tricorn.api import agreements, articles, catalogue, notices, organisations, people
from tricorn.api.document import document, reference
from tricorn.api.door import door
from tricorn.api.problems import Limited, of_exception, problem
from tricorn.api.tickets import (
    aids,
    attachments,
    deeds,
    drafts,
    many,
    problems,
    relations,
    reporting,
)
from tricorn.engine.errors import Refusal

api = NinjaAPI(
    title="Tricorn",
    version="1",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
)
ROUTERS = (
    *(reporting, attachments, deeds, relations, aids, many, drafts, problems, articles, notices),
    *(people, organisations, catalogue, agreements),
)
for each in ROUTERS:
    api.add_router("", each.router)
for kind in (Refusal, Limited, Http404, ValidationError, HttpError):
    api.add_exception_handler(kind, of_exception)


def addresses() -> list[URLPattern]:
    """Every address of the API, guarded; what has none is said as everything else is."""
    guarded = [
        path(
            str(pattern.pattern),
            door(pattern.callback, is_for_files=str(pattern.pattern).endswith("/attachments")),
            name=pattern.name,
        )
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    return [
        path("", reference(api), name="reference"),
        path("openapi.json", document(api), name="document"),
        *guarded,
        re_path(r"^.*$", nothing, name="nothing"),
    ]


@door
def nothing(request: HttpRequest) -> HttpResponse:
    return problem(404)
