"""Safe headers, who and when, doors by namespace, refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tricorn.engine.errors import MoveRefused, Refusal, StandingRefused
from tricorn.engine.roles import Door
from tricorn.web.requests import Who, now

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# The namespaces whose every address asks for an open door. Report is open to anybody.
GUARDED = {door.value: door for door in (Door.MY, Door.DECIDE, Door.DESK, Door.MANAGE)}
STATUS = {MoveRefused: 409, StandingRefused: 403}


class SafePages:
    """Nothing is loaded from elsewhere, framed, or kept by what lies between us and the reader."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class WhoAndWhen:
    """Gives the request its `at`, `who` and `actor`, and checks the door once per prefix."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        # No database keeps a NUL, and none is asked for one; the API says so by itself.
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query and not request.path_info.startswith("/api/"):
            request.META["QUERY_STRING"] = query.replace("%00", "")
        asked.at = now()
        asked.who = Who(request, asked.at)
        asked.actor = None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Let in whom the door opens to; send a stranger to sign in, anybody else away (404)."""
        asked: Any = request
        match = request.resolver_match
        if match and match.namespaces[:1] == ["api"]:
            return None  # programs show a token there; a session opens nothing
        asked.actor = asked.who.actor
        door = GUARDED.get(match.namespaces[0]) if match and match.namespaces else None
        if asked.who.house is None and not (match and match.url_name in ("setup", "health")):
            return redirect("setup")
        if door is None:
            return None
        if asked.who.person is None:
            if getattr(request, "htmx", False):
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            return redirect_to_login(request.get_full_path())
        if door not in asked.who.doors:
            raise Http404("This door is not open to you.")
        return None


class Refusals:
    """Turns a refusal that no view caught into a sentence on a page, with its status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, Refusal):
            return None
        context = {"sentence": str(problem), "code": problem.code, **_way_back(request)}
        status = STATUS.get(type(problem), 422)
        if getattr(request, "htmx", False):
            response = render(request, "_refusal.html", context, status=status)
            response.headers["HX-Retarget"] = "#messages"
            response.headers["HX-Reswap"] = "innerHTML"
            return response
        return render(request, "refusal.html", context, status=status)


def _way_back(request: HttpRequest) -> dict[str, str]:
    """Return where the person came from, when that was a page of this house."""
    host, _, path = request.headers.get("Referer", "").partition("://")[2].partition("/")
    if host != request.get_host():
        return {}
    # One slash: with two, a browser would take what follows for a host.
    return {"next_url": f"/{path.lstrip('/')}", "next_words": gettext("Go back")}
