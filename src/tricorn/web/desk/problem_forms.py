"""The forms of problems: what is known, what solved it, whom to tell."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.tickets.models import Problem, Ticket
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.problems import listed, named_by
from tricorn.tickets.verbs import Described
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import TextField
from tricorn.web.desk.outage_forms import LinkForm

# What is typed, or chosen among what the browser offers: "P-3 The disk fills up".
REF = re.compile(r"P-([1-9][0-9]{0,14})\b|([1-9][0-9]{0,14})$", re.ASCII | re.IGNORECASE)
MOST_NAMED = 8


class ProblemForm(forms.Form):
    """What is known of a problem."""

    title = TextField(
        label=_("What goes wrong, in a line?"),
        max_length=200,
        help_text=_("Words that the people who report it use too: by these it is found again."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write in a line what goes wrong.")},
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        label=_("Services in which it shows"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the services in which it shows.")},
    )
    cause = TextField(
        label=_("Cause, once it is understood"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    workaround = TextField(
        label=_("Workaround: what helps until it is solved"),
        required=False,
        help_text=_("As one says it to the person: it can be put into an answer. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    is_known_error = forms.BooleanField(
        label=_("It is a known error: offer the workaround on tickets that are alike"),
        required=False,
    )
    ticket = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, services=services)

    def described(self) -> Described:
        """Return what a valid form says."""
        given = self.cleaned_data
        return Described(
            title=given["title"],
            services=tuple(given["services"]),
            cause=given["cause"],
            workaround=given["workaround"],
            is_known_error=given["is_known_error"],
        )

    @staticmethod
    def filled(problem: Problem) -> dict[str, Any]:
        """Return what the boxes hold for a problem."""
        names = ("title", "cause", "workaround", "is_known_error")
        return {
            **{name: getattr(problem, name) for name in names},
            "services": [each.pk for each in problem.services.all()],
        }


class SolveForm(forms.Form):
    text = TextField(
        label=_("What solved it?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write what solved it.")},
    )


class TellForm(forms.Form):
    """Which open tickets to resolve, and with which words."""

    tickets = forms.TypedMultipleChoiceField(
        label=_("Whom to tell"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one ticket.")},
    )
    text = TextField(
        label=_("What do they read?"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Write what fixed it, for the people to read.")},
    )

    def __init__(self, *args: Any, tickets: list[Ticket], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), f"{each.ref} {each.summary}") for each in tickets]
        fill_choices(self, tickets=choices)


class CausedForm(LinkForm):
    """A ticket by its reference."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ref"].label = gettext("A ticket that it caused")


class ProblemOfTicketForm(forms.Form):
    """A problem by its reference or by words of its title; the browser offers some."""

    problem = TextField(
        label=_("Which problem?"),
        max_length=300,
        help_text=_("Its reference, such as P-3, or words of its title."),
        widget=forms.TextInput(
            attrs={
                "list": "problem-names",
                "autocomplete": "off",
                "dir": "auto",
                "hx-get": "/desk/problems/names/",
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#problem-names",
                "hx-swap": "outerHTML",
            }
        ),
        error_messages={"required": _("Give the reference of a problem, or words of its title.")},
    )

    def found(self, agent: Agent) -> Problem | None:
        """Return the problem that a valid form names; what is not clear is said beside its box."""
        text = self.cleaned_data["problem"]
        named = REF.match(text)
        rows = (
            named_by(agent, int(named[1] or named[2]))
            if named
            else listed(agent, show="open", words=text)
        )
        problems = list(rows[:MOST_NAMED])
        if len(problems) == 1:
            return problems[0]
        if problems:
            refs = ", ".join(f"{each.ref} {each.title[:60]}" for each in problems)
            several = gettext("Several problems match. Give the reference of one: %(refs)s.")
            self.add_error("problem", several % {"refs": refs})
        else:
            words = gettext("There is no problem “%(text)s” at this desk. Look it up in the list.")
            self.add_error("problem", words % {"text": text[:80]})
        return None
