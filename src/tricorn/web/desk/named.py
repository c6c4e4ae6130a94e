"""Saying at the desk that a matter is about somebody of us: it goes to a reviewer, out of sight."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from tricorn.engine.errors import Refusal
from tricorn.tickets import verbs
from tricorn.web.desk.ticket import found
from tricorn.web.inquiries.forms import NameForm
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest


@require_http_methods(["GET", "HEAD", "POST"])
def name_staff(request: TricornRequest, ref: str) -> HttpResponse:
    """Say what will happen, then do it: the ticket is gone from this desk afterwards."""
    ticket = found(request, ref)
    form = NameForm(request.POST or None, at=request.at, required=False)
    if request.method == "POST" and not form.is_bound:
        form = NameForm({}, at=request.at, required=False)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                verbs.name_staff(
                    ticket, form.cleaned_data["persons"], by=request.actor, at=request.at
                )
            except Refusal as refusal:
                field = str(refusal.facts.get("field", ""))
                form.add_error(field if field in form.fields else None, str(refusal))
                status = STATUS.get(type(refusal), 422)
            else:
                said = gettext("%(ref)s is with a reviewer. The desk no longer sees it.")
                messages.success(request, said % {"ref": ticket.ref})
                return redirect("desk:queue")
    context = {"ticket": ticket, "form": form}
    return render(request, "desk/ticket/name_staff.html", context, status=status)
