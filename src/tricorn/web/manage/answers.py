"""What every page of Manage shares: who may, how a page is drawn, where a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.errors import Refusal
from tricorn.engine.roles import rule
from tricorn.web.requests import TricornRequest

# No service has this number, so only a duty for all services counts.
EVERYWHERE = 0
PER_PAGE = 50

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[TricornRequest, P], R]


@dataclass(frozen=True)
class Section:
    """One part of Manage: its page, its word, and the right that opens it (none: everybody here)."""

    key: str
    url_name: str
    name: str | Promise
    right: str = ""


SECTIONS = (
    Section("front", "manage:front", _("Overview")),
    Section("services", "manage:services", _("Services")),
    Section("hours", "manage:hours-list", _("Hours")),
    Section("people", "manage:people", _("People"), "edit_parties"),
    Section("organisations", "manage:organisations", _("Organisations"), "edit_parties"),
    Section("places", "manage:places", _("Places"), "edit_parties"),
    Section("tags", "manage:tags", _("Tags"), "edit_tags"),
    Section("kept", "manage:macros", _("Macros and words")),
    Section("rules", "manage:rules", _("Rules"), "edit_rules"),
    Section("offers", "manage:offers", _("Offers")),
    Section("replays", "manage:replays", _("Past months")),
    Section("reports", "manage:reports", _("Reports")),
    Section("agreements", "manage:agreements", _("Agreements"), "activate_agreement"),
    Section("mailboxes", "manage:mailboxes", _("Mail"), "edit_words"),
    Section("letters", "manage:letters", _("Letters"), "edit_words"),
    Section("import", "manage:import", _("Import"), "import"),
    Section("settings", "manage:settings", _("Settings"), "edit_words"),
)


def may(request: TricornRequest, right: str, service_id: int = EVERYWHERE) -> bool:
    """Whether the table of rights lets whoever asks do this, for one service or for all."""
    known = request.who.portrait
    return known is not None and rule(known.standing(service_id), right).allowed


def mine(request: TricornRequest, pk: int) -> Service:
    """Return a service that whoever asks manages; any other one does not exist for them."""
    if not may(request, "edit_catalogue", pk):
        raise Http404("Not yours.")
    return get_object_or_404(Service.objects.select_related("hours"), pk=pk)


def mine_to_read(request: TricornRequest, pk: int) -> Service:
    """Return a service whose tickets one may read as its manager: a private one only by its name."""
    known = request.who.portrait
    if known is None or not known.serves(pk, "manage"):
        raise Http404("Not yours.")
    return mine(request, pk)


def for_all(right: str) -> Callable[[View[P, R]], View[P, R]]:
    """Open a page to who has this right for all services; to anybody else it does not exist."""

    def guard(view: View[P, R]) -> View[P, R]:
        @wraps(view)
        def guarded(request: TricornRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            if not may(request, right):
                raise Http404("Not yours.")
            return view(request, *args, **kwargs)

        return guarded

    return guard


def page(
    request: TricornRequest,
    template: str,
    section: str,
    context: dict[str, Any],
    *forms: BaseForm | None,
) -> HttpResponse:
    """Draw a page under its section; 422 when a form or formset is wrong."""
    is_wrong = any(form is not None and form.is_bound and form.errors for form in forms) or any(
        each.is_bound and each.total_error_count()
        for each in context.values()
        if isinstance(each, BaseFormSet)
    )
    context = {"sections": sections(request, section), "at": request.at, **context}
    return render(request, f"manage/{template}", context, status=422 if is_wrong else 200)


def sections(request: TricornRequest, current: str) -> list[dict[str, Any]]:
    return [
        {"url": reverse(each.url_name), "name": each.name, "current": each.key == current}
        for each in SECTIONS
        if not each.right or may(request, each.right)
    ]


def done(request: TricornRequest, sentence: str, to: str, *args: object) -> HttpResponse:
    """Say what happened, and go to the page that shows it."""
    messages.success(request, sentence)
    return redirect(to, *args)


def posted(request: TricornRequest) -> Any:
    """Return what was posted, or None while the form is only being looked at."""
    return request.POST if request.method == "POST" else None


def blame(form: Any, problem: Refusal) -> None:
    """Put a refusal beside the field that it speaks of, else above the form."""
    said = str(problem.facts.get("field", ""))
    candidates = [said, *said.split(), *problem.facts]
    field = next((name for name in candidates if name in form.fields), None)
    form.add_error(field, str(problem))


def leaf(request: TricornRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return the page of rows that the address asks for; a number that is none is the first."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
