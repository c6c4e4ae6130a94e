"""What comes again, behind Manage: the list, a form with the next dates, a pause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.automation import verbs
from tricorn.automation.models import Recurring
from tricorn.automation.verbs import Again
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.recurring import Rhythm, following
from tricorn.parties.models import Organisation
from tricorn.parties.verbs import known_zone
from tricorn.tickets.reads.desk import services_on_offer, teams
from tricorn.web import labels
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.manage.fields import DayField, PersonField
from tricorn.web.manage.hours_form import zones
from tricorn.web.requests import TricornRequest

UNITS = {"day": _("days"), "week": _("weeks"), "month": _("months")}
PREVIEWED = 5


class RecurringForm(forms.Form):
    """What comes again, for whom, to whom it goes, and when."""

    service = forms.ModelChoiceField(
        label=_("Which service?"), queryset=Service.objects.none(), empty_label=None
    )
    text = forms.CharField(
        label=_("What is to be done?"),
        max_length=100_000,
        help_text=_("The first line is its title."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(code, each.words) for code, each in labels.KINDS.items()],
        initial="request",
    )
    requester = PersonField(label=_("Who asks?"), required=False)
    affected = PersonField(label=_("For whom, if for somebody else?"), required=False)
    team = forms.ModelChoiceField(
        label=_("Goes to this team"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("no team in particular"),
    )
    assignee = PersonField(label=_("Goes to this person"), required=False)
    checklist = forms.CharField(
        label=_("With this checklist"), required=False, max_length=120, help_text=_("Its name.")
    )
    from_on = DayField(label=_("From this day on"))
    at_time = forms.TimeField(
        label=_("At"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    zone = forms.CharField(
        label=_("By the clock of"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=366, initial=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=list(UNITS.items()), initial="week")
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days of the week"),
        required=False,
        coerce=int,
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.IntegerField(
        label=_("On this day of the month"),
        required=False,
        min_value=1,
        max_value=31,
        help_text=_("The last day where a month is shorter. Left empty: as the first day."),
    )
    skips_while_open = forms.BooleanField(
        label=_("Leave it out while the last one is not done"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, service=services_on_offer(), team=teams())
        self.fields["from_on"].required = True

    def clean_zone(self) -> str:
        try:
            return known_zone(self.cleaned_data["zone"])
        except BadInput as problem:
            raise forms.ValidationError(str(problem)) from problem

    @property
    def rhythm(self) -> Rhythm:
        """Return when it comes. Errors  BadInput."""
        data = self.cleaned_data
        return Rhythm(
            from_on=data["from_on"],
            at=data["at_time"],
            zone=data["zone"],
            unit=data["unit"],
            every=data["every"],
            weekdays=tuple(data["weekdays"]) if data["unit"] == "week" else (),
            day=(data.get("day") or 0) if data["unit"] == "month" else 0,
        )

    @property
    def again(self) -> Again:
        data = self.cleaned_data
        names = ("service", "text", "kind", "requester", "affected", "team", "assignee")
        more = {name: data[name] for name in (*names, "checklist", "skips_while_open")}
        return Again(rhythm=self.rhythm, **more)

    def ahead(self, at: datetime) -> list[datetime]:
        """Return the next dates, as far as enough is filled in to know them."""
        needed = ("from_on", "at_time", "zone", "unit", "every", "weekdays")
        if any(name not in self.cleaned_data for name in needed):
            return []
        try:
            return following(self.rhythm, at, PREVIEWED)
        except BadInput:
            return []


@for_all("edit_rules")
def recurrings(request: TricornRequest) -> HttpResponse:
    """Everything that comes again."""
    rows = Recurring.objects.select_related("service", "team", "assignee", "last")
    return page(request, "recurrings.html", "rules", {"rows": rows.order_by("service__name", "id")})


@for_all("edit_rules")
def recurring_add(request: TricornRequest) -> HttpResponse:
    """Let something come again."""
    initial = {"zone": request.who.house_zone, "from_on": request.at.date()}
    form = RecurringForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            verbs.add_recurring(form.again, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("It comes again from now on."), "manage:recurrings")
    return page(request, "recurring.html", "rules", _context(request, form), form)


@for_all("edit_rules")
def recurring(request: TricornRequest, recurring: int) -> HttpResponse:
    """One of them: its form, the next dates, a pause."""
    row = get_object_or_404(Recurring.objects.select_related("last"), pk=recurring)
    form = RecurringForm(posted(request), initial=_initial(row))
    if form.is_bound and form.is_valid():
        try:
            verbs.change_recurring(row, form.again, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            return done(request, gettext("Changed."), "manage:recurring", row.pk)
    return page(request, "recurring.html", "rules", _context(request, form, row), form)


@for_all("edit_rules")
@require_POST
def recurring_preview(request: TricornRequest) -> HttpResponse:
    """The next five dates of what is being filled in."""
    form = RecurringForm(request.POST)
    form.is_valid()
    context = {"ahead": form.ahead(request.at), "at": request.at}
    return render(request, "manage/_recurring_ahead.html", context)


@for_all("edit_rules")
@require_POST
def recurring_switch(request: TricornRequest, recurring: int) -> HttpResponse:
    """Pause it, or let it come again."""
    row = get_object_or_404(Recurring, pk=recurring)
    if request.POST.get("to") == "on":
        verbs.resume_recurring(row, by=request.actor, at=request.at)
        return done(request, gettext("It comes again."), "manage:recurrings")
    verbs.pause_recurring(row, by=request.actor, at=request.at)
    return done(request, gettext("Paused."), "manage:recurrings")


def _context(
    request: TricornRequest, form: RecurringForm, row: Recurring | None = None
) -> dict[str, Any]:
    if form.is_bound:
        ahead = form.ahead(request.at)
    else:
        ahead = following(row.rhythm, request.at, PREVIEWED) if row else []
    return {"form": form, "row": row, "ahead": ahead, "zones": zones()}


def _initial(row: Recurring) -> dict[str, Any]:
    def typed(person: Any) -> str:
        return (person.email or person.name) if person else ""

    names = ("service", "team", "text", "kind", "checklist", "from_on", "at_time", "zone")
    shown = {name: getattr(row, name) for name in (*names, "every", "unit", "skips_while_open")}
    return {
        **shown,
        "requester": typed(row.requester),
        "affected": typed(row.affected) if row.affected_id != row.requester_id else "",
        "assignee": typed(row.assignee),
        "weekdays": [str(each) for each in row.weekdays],
        "day": row.day or None,
    }
