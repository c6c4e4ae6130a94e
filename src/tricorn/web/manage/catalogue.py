"""Services: list, add, change; their levels with the targets, as a small form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.models import Level, Service, ServiceHours
from tricorn.catalogue.verbs import (
    KINDS,
    PRIORITIES,
    Promise,
    add_level,
    add_service,
    change_level,
    change_service,
    promises_of,
)
from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadInput, BadTarget, StandingRefused
from tricorn.engine.hours import Target
from tricorn.parties.models import Place
from tricorn.standing.verbs import share
from tricorn.web import labels
from tricorn.web.manage.answers import blame, done, for_all, may, mine, page, posted
from tricorn.web.manage.uncovered import of_service
from tricorn.web.manage.week import look
from tricorn.web.requests import TricornRequest

MEASURES = {
    "first_response": _("First answer"),
    "resolution": _("Resolved"),
    "closing": _("Closed"),
}


INTAKES = [
    ("everybody", _("everybody’s, without signing in")),
    ("signed_in", _("of everybody who has signed in")),
    ("entitled", _("of those who are entitled to it")),
    ("desk", _("only the desk’s")),
]


class ServiceForm(forms.Form):
    """What a service is called, when and where it is served."""

    name = forms.CharField(label=_("What is the service called?"), max_length=120)
    description = forms.CharField(
        label=_("In one sentence, for the people who use it"), max_length=500, required=False
    )
    hours = forms.ModelChoiceField(
        label=_("Service hours"),
        queryset=ServiceHours.objects.all(),
        empty_label=None,
        help_text=_("When somebody is there to help."),
    )
    places = forms.ModelMultipleChoiceField(
        label=_("Where it is met"),
        queryset=Place.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ServiceChangeForm(ServiceForm):
    """And whether it is offered at all."""

    is_open_to_reports = forms.BooleanField(
        label=_("Takes reports from everybody on the Report page"), required=False
    )
    intake = forms.ChoiceField(label=_("On whose forms it stands"), choices=INTAKES, required=False)
    is_private = forms.BooleanField(
        label=_("Private: its tickets are read only by those whose duty names this very service"),
        required=False,
        help_text=_(
            "A duty for all services does not open it, nor does managing everything. "
            "Only who manages this very service can let somebody in, or open it again."
        ),
    )
    is_retired = forms.BooleanField(
        label=_("Retired: no longer offered; what happened stays on record"), required=False
    )


class LevelForm(forms.Form):
    """The hours in which a level is measured, and its price."""

    hours = forms.ModelChoiceField(
        label=_("Measured in these hours"), queryset=ServiceHours.objects.all(), empty_label=None
    )
    price = forms.DecimalField(
        label=_("Price a month"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    currency = forms.RegexField(
        label=_("Currency"),
        regex=r"^[A-Za-z]{3}$",
        required=False,
        help_text=_("Three letters, like EUR."),
        error_messages={"invalid": _("Three letters, like EUR.")},
        widget=forms.TextInput(attrs={"size": 4}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("price") is not None and not data.get("currency") and not self.errors:
            self.add_error("currency", _("In which currency is the price?"))
        return data


class NewLevelForm(LevelForm):
    """A further level needs a name."""

    name = forms.CharField(label=_("What is the level called?"), max_length=80)
    field_order = ("name", "hours", "price", "currency")


class TargetForm(forms.Form):
    """One target: "First answer within 8h", for which tickets, stopped by whom. Empty: none."""

    measure = forms.ChoiceField(label=_("What"), choices=list(MEASURES.items()))
    within = forms.CharField(
        label=_("within"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"size": 8, "placeholder": "8h", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only for these kinds"),
        required=False,
        choices=[(code, labels.kind(code).words) for code in KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    priorities = forms.MultipleChoiceField(
        label=_("Only for these priorities"),
        required=False,
        choices=[(code, labels.priority(code).words) for code in PRIORITIES],
        widget=forms.CheckboxSelectMultiple,
    )
    stopped_by = forms.MultipleChoiceField(
        label=_("The clock stops while we wait for"),
        required=False,
        choices=[
            (holder.value, labels.HOLDERS[holder.value])
            for holder in Holder
            if holder.value != "provider"
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_within(self) -> str:
        text = str(self.cleaned_data["within"]).strip()
        if text:
            try:
                Target.parse(text)
            except BadTarget as problem:
                raise forms.ValidationError(str(problem)) from problem
        return text

    @property
    def promise(self) -> Promise:
        data = self.cleaned_data
        return Promise(
            measure=data["measure"],
            within=data["within"],
            kinds=tuple(data["kinds"]),
            priorities=tuple(data["priorities"]),
            stopped_by=tuple(data["stopped_by"]),
        )


Targets = forms.formset_factory(TargetForm, extra=2, max_num=40, absolute_max=60)
NewTargets = forms.formset_factory(TargetForm, extra=0, max_num=40, absolute_max=60)
# What a new service's form begins with: two rows, to be filled or left empty.
USUAL = [
    {"measure": "first_response", "stopped_by": ["customer", "user"]},
    {"measure": "resolution", "stopped_by": ["customer", "user"]},
]


def services(request: TricornRequest) -> HttpResponse:
    """The services that are yours to manage, retired ones last."""
    found = (
        Service.objects.select_related("hours")
        .prefetch_related("places", "levels__targets")
        .order_by("is_retired", "name")
    )
    rows = [
        {
            "service": each,
            "look": look(schedule(each.hours).hours, request.at),
            "promises": [
                said(promise)
                for level in each.levels.all()
                if level.is_default
                for promise in level.targets.all()
                if promise.until is None
            ],
        }
        for each in found
        if may(request, "edit_catalogue", each.pk)
    ]
    context = {"rows": rows, "may_add": may(request, "edit_catalogue")}
    return page(request, "services_list.html", "services", context)


@for_all("edit_catalogue")
def service_add(request: TricornRequest) -> HttpResponse:
    """Add a service with its standard level: what is promised to everybody."""
    house = request.who.house
    form = ServiceForm(posted(request))
    targets = NewTargets(posted(request), initial=USUAL, prefix="target")
    if house and form.is_bound and form.is_valid() & targets.is_valid():
        data = form.cleaned_data
        try:
            added = add_service(
                by=request.actor,
                at=request.at,
                name=data["name"],
                provider=house.provider,
                hours=data["hours"],
                description=data["description"],
                places=data["places"],
                promises=promises(targets),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("%(name)s is offered from now on.") % {"name": added.name}
            return done(request, sentence, "manage:service", added.pk)
    context = {
        "form": form,
        "targets": targets,
        "has_hours": ServiceHours.objects.exists(),
    }
    return page(request, "service_add.html", "services", context, form)


def service(request: TricornRequest, service: int) -> HttpResponse:
    """One service: its form, its levels in plain words."""
    found = mine(request, service)
    form = ServiceChangeForm(
        posted(request),
        initial={
            "name": found.name,
            "description": found.description,
            "hours": found.hours_id,
            "places": [place.pk for place in found.places.all()],
            "is_open_to_reports": found.is_open_to_reports,
            "is_retired": found.is_retired,
            "is_private": found.is_private,
            "intake": found.intake,
        },
    )
    if form.is_bound and form.is_valid():
        try:
            _change(request, found, form.cleaned_data)
        except (BadInput, StandingRefused) as problem:
            blame(form, problem)
        else:
            sentence = gettext(
                "Changed. What is raised from now on runs by this; running clocks keep theirs."
            )
            return done(request, sentence, "manage:service", found.pk)
    context = {
        "service": found,
        "form": form,
        "look": look(schedule(found.hours).hours, request.at),
        "levels": [
            {"level": level, "promises": [said(each) for each in promises_of(level, request.at)]}
            for level in found.levels.select_related("hours")
        ],
        **of_service(request, found),
    }
    return page(request, "service.html", "services", context, form)


def _change(request: TricornRequest, found: Service, given: dict[str, Any]) -> None:
    """Change the service, and who reads and who asks: both, or neither."""
    who = {"is_private": given["is_private"], "intake": given["intake"] or found.intake}
    rest = {name: value for name, value in given.items() if name not in who}
    with transaction.atomic():
        change_service(found, by=request.actor, at=request.at, **rest)
        share(found, by=request.actor, at=request.at, **who)


def level_add(request: TricornRequest, service: int) -> HttpResponse:
    """Add a level beside the standard one, such as Priority."""
    found = mine(request, service)
    form = NewLevelForm(posted(request), initial={"hours": found.hours_id})
    targets = Targets(posted(request), prefix="target")
    if form.is_bound and form.is_valid() & targets.is_valid():
        data = form.cleaned_data
        try:
            add_level(
                found,
                by=request.actor,
                at=request.at,
                name=data["name"],
                hours=data["hours"],
                price=data["price"],
                currency=data["currency"],
                promises=promises(targets),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("The level %(name)s is there.") % {"name": data["name"]}
            return done(request, sentence, "manage:service", found.pk)
    context = {"service": found, "form": form, "targets": targets, "level": None}
    return page(request, "level.html", "services", context, form)


def level(request: TricornRequest, service: int, level: int) -> HttpResponse:
    """Change a level for what is raised from now on."""
    found = mine(request, service)
    row = get_object_or_404(Level.objects.select_related("hours"), pk=level, service=found)
    form = LevelForm(
        posted(request),
        initial={"hours": row.hours_id, "price": row.price, "currency": row.currency},
    )
    targets = Targets(
        posted(request),
        prefix="target",
        initial=[
            {
                "measure": each.measure,
                "within": each.within,
                "kinds": list(each.kinds),
                "priorities": list(each.priorities),
                "stopped_by": list(each.stopped_by),
            }
            for each in promises_of(row, request.at)
        ],
    )
    if form.is_bound and form.is_valid() & targets.is_valid():
        data = form.cleaned_data
        try:
            change_level(
                row,
                by=request.actor,
                at=request.at,
                hours=data["hours"],
                price=data["price"],
                currency=data["currency"],
                promises=promises(targets),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext(
                "Changed. What is raised from now on runs by this; running clocks keep theirs."
            )
            return done(request, sentence, "manage:service", found.pk)
    context = {"service": found, "form": form, "targets": targets, "level": row}
    return page(request, "level.html", "services", context, form)


def promises(targets: Any) -> list[Promise]:
    """Return the targets of the filled rows; a row without a time is none."""
    return [form.promise for form in targets.forms if form.cleaned_data.get("within")]


def said(promise: Any) -> dict[str, Any]:
    """Return one target in words: what, within, for whom, and while whom we wait for."""
    return {
        "what": MEASURES[promise.measure],
        "within": plain.value("target", promise.within),
        "kinds": [labels.kind(code).words for code in promise.kinds],
        "priorities": [labels.priority(code).words for code in promise.priorities],
        "stopped_by": [labels.HOLDERS[code] for code in promise.stopped_by],
    }
