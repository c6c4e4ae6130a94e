"""What the aids on a ticket's page need to be drawn: their forms, and what is there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.aids import aids_of, presets
from tricorn.web.asked import AskedForm, questions_for, said_of
from tricorn.web.desk.forms import TextField
from tricorn.web.desk.queue import agent_of
from tricorn.web.requests import TricornRequest


def asked_form(ticket: Ticket, data: Any = None) -> AskedForm:
    """Return the form of what the ticket's service asks, filled with what was answered."""
    questions = questions_for(ticket.service, "desk")
    return AskedForm(data, questions=questions, asked="desk", values=ticket.fields)


class RemindForm(forms.Form):
    """When, why, and whether it leaves one's view until then."""

    due = forms.DateTimeField(
        label=_("Or at a time of your own"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = TextField(label=_("What for?"), required=False, max_length=200)
    is_snooze = forms.BooleanField(
        label=_("Until then it is not under Mine"), required=False, initial=True
    )


PRESETS: dict[str, str | Promise] = {
    "hours": _("In 2 hours"),
    "tomorrow": _("Next service day"),
    "monday": _("Next week"),
}


def context_of(request: TricornRequest, ticket: Ticket) -> dict[str, Any]:
    """Return what the aids on a ticket's page need."""
    aids = aids_of(ticket, agent_of(request))
    times = presets(ticket.service, at=request.at, zone=request.who.zone)
    return {
        "aids": aids,
        "asked": [(a.question, said_of(a.question, a.value)) for a in aids.asked],
        "asked_form": asked_form(ticket),
        "remind": RemindForm(auto_id="remind_%s"),
        "presets": [(each.code, PRESETS[each.code], each.due_at) for each in times],
        "is_reminded": aids.reminder is not None and aids.reminder.due_at <= request.at,
    }


def keeps_draft(form: forms.Form, ticket: Ticket, kind: str) -> None:
    """Let a box keep what is typed into it."""
    form.fields["text"].widget.attrs |= {
        "hx-post": reverse("desk:ticket-draft", args=[ticket.ref]),
        "hx-trigger": "input changed delay:3s, blur changed",
        "hx-target": f"#draft-{kind}",
        "hx-swap": "outerHTML",
        "hx-vals": f'{{"kind": "{kind}"}}',
    }
