"""The outermost word of the API: whatever goes wrong anywhere below it, the answer is a problem."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tricorn.api.problems import MEDIA_TYPE, problem

PREFIX = "/api/"
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class Problems:
    """Turns every refusal under /api/ that is none yet into a problem; elsewhere it does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        kept = {name: response.headers[name] for name in KEPT if name in response.headers}
        return problem(response.status_code, headers=kept)
