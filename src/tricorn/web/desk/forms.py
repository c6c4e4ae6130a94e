"""The forms of the desk. What a rule refuses comes back in them, with what was typed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person, Place
from tricorn.tickets.models import HOLDERS
from tricorn.tickets.reads.people import Found, find_people, people
from tricorn.web import labels
from tricorn.web.choices import fill_choices
from tricorn.web.desk.words import CHANNELS

Choices = list[tuple[str, str | Promise]]
KINDS: Choices = [(code, label.words) for code, label in labels.KINDS.items()]
PRIORITIES: Choices = [(code, label.words) for code, label in labels.PRIORITIES.items()]
HOLDER_ORDER = ("user", "customer", "client", "supplier", "provider")
HOLDER_CHOICES: Choices = [(code, labels.HOLDERS[code]) for code in HOLDER_ORDER if code in HOLDERS]
IMPACT: Choices = [("1", _("much of the work")), ("2", _("some of it")), ("3", _("little of it"))]
URGENCY: Choices = [("1", _("at once")), ("2", _("soon")), ("3", _("it can wait"))]


class TextField(forms.CharField):
    """Words as somebody typed them; NUL bytes, which no database keeps, are left out."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\0", "")


def moment_of(typed: datetime | None, zone: str) -> datetime | None:
    """Return the moment of a time on the wall; one that the clock jumped over is asked for again."""
    if typed is None:
        return None
    wall = typed.replace(tzinfo=None, fold=0)
    try:
        moment = wall.replace(tzinfo=ZoneInfo(zone))
        utc = moment.astimezone(ZoneInfo("UTC"))
    except OverflowError as problem:
        raise forms.ValidationError(gettext("Give a date that is nearer to today.")) from problem
    if utc.astimezone(moment.tzinfo).replace(tzinfo=None) != wall:
        raise forms.ValidationError(
            gettext(
                "This time did not exist in %(zone)s: the clock jumped over it. "
                "Give a time before or after."
            )
            % {"zone": zone}
        )
    return utc


class SayForm(forms.Form):
    """A reply to the person, or the words that go with resolving."""

    text = TextField(
        label=_("Reply"),
        widget=forms.Textarea(attrs={"rows": 4, "data-key": "r", "dir": "auto"}),
        error_messages={"required": _("Write what you want to say, then send it.")},
    )
    # The newest message on the page when it was read; what is newer, one has not seen.
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    # What blocks it, once that was said: who sends it again resolves it all the same.
    despite = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    text = TextField(
        label=_("Note, seen by the desk alone"),
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "n", "dir": "auto"}),
        error_messages={"required": _("Write the note, then keep it.")},
    )


class WaitForm(forms.Form):
    holder = forms.ChoiceField(label=_("Who holds it up?"), choices=HOLDER_CHOICES)


class PriorityForm(forms.Form):
    priority = forms.ChoiceField(label=_("Priority"), choices=PRIORITIES)


class CountForm(forms.Form):
    count = forms.IntegerField(
        label=_("How many people are affected?"), min_value=1, max_value=100_000
    )


class TimeForm(forms.Form):
    minutes = forms.IntegerField(label=_("Minutes worked"), min_value=1, max_value=1440)


class AssignForm(forms.Form):
    to = forms.TypedChoiceField(
        label=_("Who takes it?"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, agents: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Choices = [(str(each.pk), each.name) for each in agents]
        fill_choices(self, to=[("", _("nobody yet")), *choices])


class OtherService(forms.ModelChoiceField):
    """A service to hand over to; said of each private one what becomes of the ticket there."""

    def __init__(self, services: Any, served: Collection[int] | None) -> None:
        super().__init__(services, label=_("Service"), empty_label=None)
        self.served = served
        if any(not self.is_read(each) for each in services):
            self.help_text = _(
                "What goes into a private service is out of your sight from then on, "
                "with all that was said on it."
            )

    def is_read(self, service: Service) -> bool:
        return not service.is_private or (self.served is not None and service.pk in self.served)

    def label_from_instance(self, obj: Any) -> str:
        if self.is_read(obj):
            return str(obj)
        return gettext("%(service)s (private: you will not see it any more)") % {"service": obj}


class HandOverForm(forms.Form):
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), empty_label=None)
    team = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Team"), required=False, empty_label=_("no team")
    )
    text = TextField(
        label=_("What must they know?"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("A note, seen by the desk alone."),
        error_messages={"required": _("Write what the others must know, then hand it over.")},
    )

    def __init__(
        self,
        *args: Any,
        services: Any,
        teams: Any,
        served: Collection[int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = OtherService(services, served)
        self.order_fields(("service", "team", "text"))
        fill_choices(self, team=teams)


class PersonField(TextField):
    """A person by name or address, typed; the browser offers whom it may mean."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "list": "people",
            "autocomplete": "off",
            "hx-get": "/desk/people/",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#people",
            "hx-swap": "outerHTML",
        }
        widget = forms.TextInput(attrs=attrs)
        super().__init__(required=False, max_length=300, widget=widget, **kwargs)


class PeopleForm(forms.Form):
    """Finds the persons that its boxes name; where several match, asks which one."""

    person_fields: tuple[str, ...] = ("requester", "affected")
    requester = PersonField(label=_("Who asks?"), help_text=_("A name or a mail address."))
    affected = PersonField(label=_("For whom, if for somebody else?"))

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.which: dict[str, tuple[Found, ...]] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = {name: self._meant(name, cleaned.get(name) or "") for name in self.person_fields}
        ids = [found.id for found in chosen.values() if found]
        rows = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
        for name, found in chosen.items():
            cleaned[name] = rows.get(found.id) if found else None
        return cleaned

    def _meant(self, name: str, text: str) -> Found | None:
        if not text.strip():
            return None
        found = find_people(text, at=self.at)
        if chosen := [each for each in found if str(each.id) == self.data.get(f"{name}_is")]:
            return chosen[0]
        same = [each for each in found if each.name.casefold() == text.strip().casefold()]
        if len(found) == 1 or len(same) == 1:
            return (same or list(found))[0]
        if found:
            self.which[name] = tuple(same or found)
            self.add_error(name, gettext("Several people match. Which one is it?"))
        else:
            self.add_error(
                name,
                gettext(
                    "Nobody we know matches “%(text)s”. Type the beginning of a name or the "
                    "mail address, or leave it empty."
                )
                % {"text": text[:80]},
            )
        return None

    @property
    def questions(self) -> list[tuple[str, tuple[Found, ...]]]:
        """Each box that several people match, with them."""
        return [(f"{name}_is", found) for name, found in self.which.items()]

    @staticmethod
    def typed(*persons: Person | None, at: datetime) -> list[str]:
        """Return what the boxes hold for these persons."""
        found = {each.id: each for each in people([p.pk for p in persons if p], at=at)}
        return [found[p.pk].typed if p else "" for p in persons]


class NewForm(PeopleForm):
    """A report that somebody hands in on paper, by phone or in person, typed in by the desk."""

    field_order = ["text", "service", "kind", "place", "requester", "affected", "contact_email"]
    text = TextField(
        label=_("What is wrong, or what do they need?"),
        error_messages={"required": _("The box is empty. Write what is wrong, or what they need.")},
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Service"),
        empty_label=None,
        widget=forms.Select(
            attrs={
                "hx-get": "/desk/new/questions/",
                "hx-trigger": "change",
                "hx-target": "#questions",
                "hx-swap": "outerHTML",
            }
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="incident")
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("Place"), required=False, empty_label=_("no place")
    )
    contact_email = forms.EmailField(
        label=_("Mail for the answer"),
        required=False,
        max_length=254,
        help_text=_("For somebody whom we do not know."),
    )
    channel = forms.ChoiceField(
        label=_("How did it come?"), choices=list(CHANNELS.items()), initial="phone"
    )
    began = forms.DateTimeField(
        label=_("When did it begin?"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    impact = forms.TypedChoiceField(
        label=_("How much of the work is affected?"), choices=IMPACT, coerce=int, initial="2"
    )
    urgency = forms.TypedChoiceField(
        label=_("How soon is it needed?"), choices=URGENCY, coerce=int, initial="2"
    )
    affected_count = forms.IntegerField(
        label=_("How many people are affected?"),
        min_value=1,
        max_value=100_000,
        initial=1,
        error_messages={"min_value": _("At least one person is affected.")},
    )
    about_staff = forms.BooleanField(
        label=_("It is about somebody who works here"),
        required=False,
        help_text=_("Then a reviewer reads it, and the desk does not see it any more."),
    )
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        services: Any,
        places: Any,
        zone: str,
        reviewed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        if not reviewed:
            del self.fields["about_staff"]
        fill_choices(self, service=services, place=places)
        self.fields["began"].help_text = gettext(
            "Left empty: now. The time on the wall in %(zone)s."
        ) % {"zone": zone}

    def clean_began(self) -> datetime | None:
        return moment_of(self.cleaned_data["began"], self.zone)
