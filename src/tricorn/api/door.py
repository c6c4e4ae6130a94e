"""The way in: token, scope, rate; the same request twice is done once; what is unchanged is said."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import Router
from ninja.security import HttpBearer
from pydantic import BaseModel

from tricorn.api import pace
from tricorn.api.models import Answered
from tricorn.api.problems import Limited, problem
from tricorn.api.reader import Reader
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.parties.verbs import seen_token, token_of

LARGEST = 2 * 1024 * 1024
# A file of 10 MB, and what is said with it.
LARGEST_UPLOAD = 11 * 1024 * 1024
KEPT_FOR = timedelta(hours=24)
KEY = re.compile(r"[!-~]{1,200}")
WITH_BODY = ("POST", "PATCH")


class Bearer(HttpBearer):
    """Authorization: Bearer and a token; never a session, so no other site acts in anybody's name."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Reader | None:
        asked: Any = request
        at: datetime = asked.at
        found = token_of(token, at=at)
        if found is None:
            return None
        asked.limits = pace.count(found.pk, int(at.timestamp()))
        if asked.limits[0] < 0:
            raise Limited(asked.limits[1])
        seen_token(found, at=at)
        if self.scope and self.scope not in found.scopes:
            raise StandingRefused(
                f"This token does not hold the scope {self.scope}. Make one that does.",
                scope=self.scope,
            )
        reader = Reader(found, at)
        asked.actor = reader.actor
        return reader


Answer = BaseModel | tuple[BaseModel, str]


def serve(
    router: Router,
    method: str,
    path: str,
    *,
    gives: type[BaseModel],
    scope: str = "",
    status: int = 200,
    is_one: bool = False,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Put a function at an address: it returns what to tell, and where that is if it is new.

    is_one  A single thing: it has an ETag, and who has it already is told so (304).
    """

    def put(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def served(request: HttpRequest, **given: Any) -> HttpResponse:
            def do() -> HttpResponse:
                return _told(view(request, **given), status)

            if method == "POST":
                return once(request, do)
            return _unless_known(request, do()) if is_one else do()

        # ninja reads the annotations of the function itself, from where it was written.
        served.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        summary = inspect.cleandoc(view.__doc__ or "").split("\n")[0]
        router.api_operation(
            [method],
            path,
            auth=Bearer(scope),
            response={status: gives},
            summary=summary,
            operation_id=view.__name__,
            openapi_extra={"x-scope": scope, "x-one": is_one},
        )(served)
        return view

    return put


def _told(answer: Answer, status: int) -> HttpResponse:
    told, location = answer if isinstance(answer, tuple) else (answer, "")
    response = HttpResponse(
        told.model_dump_json().encode(), status=status, content_type="application/json"
    )
    if location:
        response.headers["Location"] = location
    return response


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    known = request.headers.get("If-None-Match", "")
    if known == "*" or tag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        response = HttpResponse(status=304)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def once(request: HttpRequest, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Do what was asked; with an Idempotency-Key once, however often and by how many it is asked.

    Deed and remembered answer are one transaction. Who asks meanwhile waits for it: for the write
    lock on SQLite, for the unique row on PostgreSQL. What is refused is not remembered.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return do()
    if not KEY.fullmatch(key):
        raise BadInput(
            "An Idempotency-Key is 1 to 200 visible characters of ASCII, like a UUID.",
            field="Idempotency-Key",
        )
    asked: Any = request
    reader: Reader = asked.auth
    mark = hashlib.sha256(b"\0".join([request.path.encode(), _body(request)])).hexdigest()
    with transaction.atomic():
        Answered.objects.filter(at__lt=reader.at - KEPT_FOR).delete()
        row = Answered(token=reader.token, key=key, request=mark, at=reader.at)
        Answered.objects.bulk_create([row], ignore_conflicts=True)
        row = Answered.objects.select_for_update().get(token=reader.token, key=key)
        if row.request != mark:
            return problem(
                422,
                "This Idempotency-Key was used for another request within the last 24 hours. "
                "Take a new key for a new request.",
                code="key-used",
            )
        if row.status:
            return _again(row)
        response = do()
        row.status, row.body = response.status_code, response.content.decode()
        row.location = response.headers.get("Location", "")
        row.save(update_fields=["status", "body", "location"])
    return response


def _body(request: HttpRequest) -> bytes:
    """Return what was asked. What parts the parts of an upload is drawn anew each time."""
    if not _is_upload(request):
        return request.body
    parts = [repr(sorted(request.POST.lists())).encode()]
    sent: dict[str, UploadedFile] = dict(request.FILES.items())  # type: ignore[arg-type]
    for name, file in sorted(sent.items()):
        parts += [repr((name, file.name)).encode(), hashlib.sha256(file.read()).digest()]
        file.seek(0)
    return b"\0".join(parts)


def _again(row: Answered) -> HttpResponse:
    response = HttpResponse(row.body, status=row.status, content_type="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if row.location:
        response.headers["Location"] = row.location
    return response


def serve_file(
    router: Router, path: str, *, scope: str
) -> Callable[[Callable[..., FileResponse]], Callable[..., FileResponse]]:
    """Put a function that returns a stored file at an address."""

    def put(view: Callable[..., FileResponse]) -> Callable[..., FileResponse]:
        router.api_operation(
            ["GET"],
            path,
            auth=Bearer(scope),
            response={200: None},
            summary=inspect.cleandoc(view.__doc__ or "").split("\n")[0],
            operation_id=view.__name__,
            openapi_extra={"x-scope": scope, "x-file": True},
        )(view)
        return view

    return put


def door(view: Callable[..., HttpResponse], *, is_for_files: bool = False) -> Callable[..., Any]:
    """Guard one address before anything is read: the size and kind of the body, HEAD as GET."""

    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wrong := _wrong_body(request, is_for_files):
            return wrong
        if is_head := request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if is_head:
            request.method = "HEAD"
            if not response.streaming:
                response.content = b""
        if limits := getattr(request, "limits", None):
            response.headers["RateLimit-Limit"] = str(pace.MOST)
            response.headers["RateLimit-Remaining"] = str(max(limits[0], 0))
            response.headers["RateLimit-Reset"] = str(limits[1])
        return response

    return entered


def _wrong_body(request: HttpRequest, is_for_files: bool) -> HttpResponse | None:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()):
        return problem(400)
    most = LARGEST_UPLOAD if is_for_files else LARGEST
    if int(length[:12]) > most:
        return problem(413, f"The request is larger than {most // 1048576} MB. Send less at once.")
    if request.method not in WITH_BODY:
        return None
    if is_for_files and not _is_upload(request):
        return problem(415, "Send the file as multipart/form-data, in a part called file.")
    if int(length[:12]) and not is_for_files and not _is_json(request):
        return problem(415)
    return None


def _is_json(request: HttpRequest) -> bool:
    return (request.content_type or "").lower() == "application/json"


def _is_upload(request: HttpRequest) -> bool:
    return (request.content_type or "").lower() == "multipart/form-data"
