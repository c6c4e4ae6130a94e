"""Hours: list, add, change, the picture of the week while one types, text in and out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.countries import subdivisions
from tricorn.catalogue.models import Service, ServiceHours
from tricorn.catalogue.verbs import add_hours, change_hours
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Hours
from tricorn.web.manage.answers import blame, done, may, page, posted
from tricorn.web.manage.hours_form import HoursForm, initial, zones
from tricorn.web.manage.week import Look, look
from tricorn.web.requests import TricornRequest

LARGEST = 1024 * 1024


class ReadForm(forms.Form):
    """Hours as a text: typed in, or as a file."""

    text = forms.CharField(
        label=_("The text"),
        required=False,
        max_length=LARGEST,
        help_text=_("An H.toml, or a calendar (iCalendar) that shows when you serve."),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a file"), required=False, help_text=_(".toml or .ics"))
    zone = forms.CharField(
        label=_("Time zone, where a calendar names none"),
        required=False,
        max_length=64,
        help_text=_("An IANA name like Europe/Berlin."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text") and not data.get("file"):
            raise forms.ValidationError(_("Paste a text, or choose a file."))
        return data

    @property
    def given(self) -> str:
        """The text, wherever it came from. Errors: BadInput when the file is no text."""
        file = self.cleaned_data.get("file")
        if not file:
            return str(self.cleaned_data["text"])
        if file.size > LARGEST:
            raise BadInput("The file is larger than 1 MB. Hours fit into far less.", file="")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as problem:
            raise BadInput(
                "The file is not a text in UTF-8. Save it as UTF-8 and choose it again.", file=""
            ) from problem


def hours_list(request: TricornRequest) -> HttpResponse:
    """All hours, each with its week, whether open now, and who uses it."""
    rows = [
        {
            "hours": each,
            "look": look(schedule(each).hours, request.at),
            "services": [service.name for service in each.services.all()],
        }
        for each in ServiceHours.objects.prefetch_related("services")
    ]
    return page(request, "hours_list.html", "hours", {"rows": rows})


def hours_add(request: TricornRequest) -> HttpResponse:
    """Add hours; the preview shows the week while one types, or by its button."""
    zone = request.who.house_zone
    form = HoursForm(posted(request), initial={"zone": zone})
    if "show" not in request.POST and form.is_bound and form.is_valid() and form.hours:
        try:
            added = add_hours(
                by=request.actor,
                at=request.at,
                name=form.cleaned_data["name"],
                spec=form.hours.to_data(),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("%(name)s is there. Choose it for a service.") % {"name": added}
            return done(request, sentence, "manage:hours", added.pk)
    return page(request, "hours_form.html", "hours", _form_context(request, form), form)


def hours(request: TricornRequest, hours: int) -> HttpResponse:
    """One calendar: its picture, who uses it, and the form to change it where it is yours."""
    found = get_object_or_404(ServiceHours, pk=hours)
    value = schedule(found).hours
    is_mine = may_change(request, found)
    if request.method == "POST" and not is_mine:
        raise Http404("Not yours to change.")
    form = HoursForm(posted(request), initial=initial(value, found.name))
    if "show" not in request.POST and form.is_bound and form.is_valid() and form.hours:
        try:
            change_hours(
                found,
                by=request.actor,
                at=request.at,
                name=form.cleaned_data["name"],
                spec=form.hours.to_data(),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext(
                "Changed. What is raised from now on runs by this; running clocks keep theirs."
            )
            return done(request, sentence, "manage:hours", found.pk)
    context = {
        **_form_context(request, form, value),
        "hours": found,
        "is_mine": is_mine,
        "services": found.services.order_by("name"),
    }
    return page(request, "hours_form.html", "hours", context, form)


@require_POST
def hours_preview(request: TricornRequest) -> HttpResponse:
    """The picture of what is typed so far, and the parts of the country chosen."""
    typed = request.POST.copy()
    parts = dict(subdivisions(typed.get("country", "")))
    if typed.get("subdivision") not in parts:
        typed["subdivision"] = ""
    form = HoursForm(typed)
    return render(request, "manage/_hours_answer.html", _form_context(request, form))


def hours_toml(request: TricornRequest, hours: int) -> HttpResponse:
    """The hours as an H.toml to keep, to edit, or to try with `tricorn hours`."""
    found = get_object_or_404(ServiceHours, pk=hours)
    name = slugify(found.name) or f"hours-{found.pk}"
    return HttpResponse(
        schedule(found).hours.to_toml(),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.toml"'},
    )


def hours_read(request: TricornRequest, hours: int | None = None) -> HttpResponse:
    """Read hours from a text or file into the form. Nothing is kept before it is saved there."""
    found = get_object_or_404(ServiceHours, pk=hours) if hours else None
    if found and not may_change(request, found):
        raise Http404("Not yours to change.")
    form = ReadForm(posted(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            value = read(form.given, form.cleaned_data["zone"].strip())
        except BadInput as problem:
            blame(form, problem)
        else:
            file = form.cleaned_data["file"]
            title = str(file.name).rpartition(".")[0][:120] if file else ""
            name = found.name if found else title
            filled = HoursForm(initial=initial(value, name))
            context = {
                **_form_context(request, filled, value),
                "hours": found,
                "is_mine": True,
                "is_read": True,
            }
            return page(request, "hours_form.html", "hours", context)
    return page(request, "hours_read.html", "hours", {"form": form, "hours": found}, form)


def read(text: str, zone: str) -> Hours:
    """Read an H.toml or an iCalendar text; `zone` is for a calendar that names none."""
    if "BEGIN:VCALENDAR" in text[:10_000].upper():
        return Hours.from_ical(text, zone or None)
    return Hours.from_toml(text)


def may_change(request: TricornRequest, hours: ServiceHours) -> bool:
    """Hours are yours when you manage every service that runs by them; unused ones are free."""
    if may(request, "edit_catalogue"):
        return True
    users = set(hours.services.values_list("pk", flat=True))
    users |= set(Service.objects.filter(levels__hours=hours).values_list("pk", flat=True))
    return all(may(request, "edit_catalogue", service) for service in users)


def _form_context(
    request: TricornRequest, form: HoursForm, value: Hours | None = None
) -> dict[str, Any]:
    seen: Look | None = None
    if form.is_bound:
        form.is_valid()
        value = form.hours
    if value is not None:
        seen = look(value, request.at)
    return {"form": form, "look": seen, "zones": zones(), "is_mine": True}
