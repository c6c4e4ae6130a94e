"""The forms that say how a ticket relates: another one by reference or words, and in which way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.tickets.models import Message, Ticket
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.relations import REF, Relation, Relations, find_others
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import PeopleForm, TextField

# What a link is called, as read from this ticket to the other one.
WORDS: dict[str, str | Promise] = {
    "duplicate_of": _("is a duplicate of"),
    "has_duplicate": _("has the duplicate"),
    "caused_by": _("is caused by"),
    "causes": _("causes"),
    "blocked_by": _("is blocked by"),
    "blocks": _("blocks"),
    "related": _("is related to"),
}
MERGE, CHILD, PARENT = "merge", "child_of", "parent_of"
CHOICES: list[tuple[str, str | Promise]] = [
    (MERGE, _("is the same matter: merge it into")),
    *((each, WORDS[each]) for each in ("related", "duplicate_of", "has_duplicate", "caused_by")),
    *((each, WORDS[each]) for each in ("causes", "blocked_by", "blocks")),
    (CHILD, _("is a part of")),
    (PARENT, _("has as a part")),
]


class OtherField(TextField):
    """Another ticket, by its reference or by words of its summary; the browser offers some."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "list": "tickets",
            "autocomplete": "off",
            "dir": "auto",
            "hx-get": "/desk/tickets/",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#tickets",
            "hx-swap": "outerHTML",
        }
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)


class OtherForm(forms.Form):
    """Finds the ticket that its box names; where several match, asks which one."""

    other = OtherField(
        label=_("Which ticket?"),
        help_text=_("Its reference, such as T-2041, or words of its summary."),
        error_messages={"required": _("Give the reference of a ticket, or words of its summary.")},
    )

    def __init__(self, *args: Any, agent: Agent, ticket: Ticket | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent, self.ticket = agent, ticket
        self.which: list[Ticket] = []
        self.found: Ticket | None = None

    def clean_other(self) -> str:
        text = self.cleaned_data["other"]
        found = find_others(self.agent, self.ticket, self.data.get("other_is") or text)
        if len(found) == 1:
            self.found = found[0]
        elif found:
            self.which = found
            raise forms.ValidationError(gettext("Several tickets match. Which one is it?"))
        elif self.ticket and (named := REF.match(text)) and named[1].upper() == self.ticket.ref:
            raise forms.ValidationError(gettext("This is that ticket itself. Give another one."))
        if self.found is None:
            raise forms.ValidationError(
                gettext(
                    "No ticket at this desk matches “%(text)s”. Look its reference up in the queue."
                )
                % {"text": text[:80]}
            )
        return str(text)


class RelateForm(OtherForm):
    """How this ticket relates to another one."""

    field_order = ["kind", "other"]
    kind = forms.ChoiceField(label=_("This ticket"), choices=CHOICES, initial="related")


class SplitForm(PeopleForm):
    """Which messages are another matter, of which service, and whose it is."""

    field_order = ["messages", "service", "requester", "affected"]
    messages = forms.TypedMultipleChoiceField(
        label=_("What goes to the new ticket?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one message.")},
    )
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), empty_label=None)
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, said: list[Message], services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), _line(each)) for each in said]
        fill_choices(self, messages=choices, service=services)


def _line(message: Message) -> str:
    text = " ".join(message.text.split())
    who = message.author.name if message.author else gettext("Somebody without a name")
    kind = "" if message.is_public else gettext(" (note)")
    return f"{who}{kind}: {text[:160]}{'…' if len(text) > 160 else ''}"


def link_words(relations: Relations) -> list[tuple[str | Promise, Relation]]:
    """Return the links with their words, in the order of the choices."""
    order = list(WORDS)
    links = sorted(relations.links, key=lambda each: order.index(each.kind))
    return [(WORDS[each.kind], each) for each in links]
