"""The forms of outages: what is noted, when it ended, which ticket told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.parties.models import Place
from tricorn.tickets.models import Outage
from tricorn.tickets.verbs import Noted
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import TextField, moment_of
from tricorn.web.desk.words import FOUND_BY

WALL = "%Y-%m-%dT%H:%M"


def wall_field(label: Any) -> forms.DateTimeField:
    """A time on the wall, to the minute; left empty it means what the hint says."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WALL)
    return forms.DateTimeField(label=label, required=False, widget=widget)


class OutageForm(forms.Form):
    """Everything that is noted of an outage; empty times are now and still."""

    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        label=_("What does not work?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the services that do not work.")},
    )
    places = forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label=_("Only at these places"),
        required=False,
        help_text=_("None chosen: everywhere."),
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )
    began_at = wall_field(_("Since when?"))
    ended_at = wall_field(_("Until when?"))
    summary = TextField(
        label=_("In a few words"),
        required=False,
        help_text=_("Everybody reads this on the report page, so name nobody."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    found_by = forms.ChoiceField(label=_("Who found it?"), choices=list(FOUND_BY.items()))
    is_planned = forms.BooleanField(
        label=_("Planned work: it is announced, and not counted as down"), required=False
    )
    ticket = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        services: Any,
        places: Any,
        zone: str,
        at: datetime,
        outage: Outage | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.at, self.outage = zone, at, outage
        fill_choices(self, services=services, places=places)
        hint = gettext("Left empty: now. The time on the wall in %(zone)s.")
        if self.outage:
            hint = gettext("The time on the wall in %(zone)s.")
        self.fields["began_at"].help_text = hint % {"zone": zone}
        self.fields["ended_at"].help_text = gettext(
            "Left empty: it still lasts. Planned work needs an end."
        )

    def clean_began_at(self) -> datetime:
        moment = self._moment("began_at")
        if moment is None:
            return self.outage.began_at if self.outage else self.at
        return moment

    def clean_ended_at(self) -> datetime | None:
        return self._moment("ended_at")

    def _moment(self, name: str) -> datetime | None:
        """Return what a box says; a box that nobody touched keeps its seconds."""
        moment = moment_of(self.cleaned_data[name], self.zone)
        known: datetime | None = getattr(self.outage, name) if self.outage else None
        if (
            known is not None
            and moment is not None
            and on_wall(known, self.zone) == on_wall(moment, self.zone)
        ):
            return known
        return moment

    def noted(self) -> Noted:
        """Return what a valid form says."""
        given = self.cleaned_data
        return Noted(
            services=tuple(given["services"]),
            places=tuple(given["places"]),
            began_at=given["began_at"],
            ended_at=given["ended_at"],
            found_by=given["found_by"],
            is_planned=given["is_planned"],
            summary=given["summary"],
        )


def filled(outage: Outage, zone: str) -> dict[str, Any]:
    """Return what the boxes hold for an outage."""
    return {
        "services": [each.pk for each in outage.services.all()],
        "places": [each.pk for each in outage.places.all()],
        "began_at": on_wall(outage.began_at, zone),
        "ended_at": on_wall(outage.ended_at, zone) if outage.ended_at else None,
        "summary": outage.summary,
        "found_by": outage.found_by,
        "is_planned": outage.is_planned,
    }


def on_wall(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):{WALL}}"


class EndForm(forms.Form):
    """When it was over; empty: now."""

    ended_at = wall_field(_("When did it work again?"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["ended_at"].help_text = gettext(
            "Left empty: now. The time on the wall in %(zone)s."
        ) % {"zone": zone}

    def clean_ended_at(self) -> datetime | None:
        return moment_of(self.cleaned_data["ended_at"], self.zone)


class LinkForm(forms.Form):
    """A ticket by its reference."""

    ref = TextField(
        label=_("A ticket that told of it"),
        max_length=20,
        widget=forms.TextInput(attrs={"size": 10, "placeholder": "T-2041", "autocomplete": "off"}),
        error_messages={"required": _("Give the reference of a ticket, like T-2041.")},
    )
