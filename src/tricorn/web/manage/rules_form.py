"""The form of a rule: when, if, then. Whatever is left empty is not asked and not done."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.rules import Written
from tricorn.engine.wording import VARIABLES
from tricorn.parties.models import Organisation, Place
from tricorn.tickets.models import Problem
from tricorn.tickets.reads.desk import services_on_offer, teams
from tricorn.web import labels
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame
from tricorn.web.manage.fields import PersonField
from tricorn.web.manage.rules_written import FIELD_OF, written_of

Words = str | Promise
MOST_PROBLEMS = 100
WHEN: dict[str, Words] = {
    "reported": _("somebody reports it"),
    "answered_by_them": _("they answer"),
    "answered_by_us": _("we answer"),
    "assigned": _("it is given to somebody"),
    "handed_over": _("it is handed over"),
    "prioritised": _("its priority changes"),
    "waited": _("it is put on hold"),
    "went_on": _("it goes on"),
    "persons_changed": _("whose matter it is changes"),
    "linked_to_outage": _("it is linked to an outage"),
    "linked_to_problem": _("it is linked to a problem"),
    "resolved": _("it is resolved"),
    "reopened": _("it is reopened"),
    "closed": _("it is closed"),
    "cancelled": _("it is cancelled"),
    "waiting_since": _("it has waited for so long"),
    "resolved_since": _("it has stayed resolved for so long"),
    "due_in": _("it is due within so much service time"),
    "late": _("it is late"),
}
# The same where it is known how long.
WHEN_TIMED: dict[str, Words] = {
    "waiting_since": _("it has waited for %(long)s"),
    "resolved_since": _("it has stayed resolved for %(long)s"),
    "due_in": _("it is due within %(long)s of service time"),
}
UNITS: dict[str, Words] = {"1": _("minutes"), "60": _("hours"), "1440": _("days")}
EITHER = {"": _("does not matter"), "yes": _("yes"), "no": _("no")}
CHANNELS: dict[str, Words] = {
    "web": _("on a page"),
    "mail": _("by mail"),
    "phone": _("by phone"),
    "desk": _("at the desk"),
    "paper": _("on paper"),
    "api": _("from another program"),
    "recurring": _("by itself, because it comes again"),
}
ASSIGN: dict[str, Words] = {
    "": _("nobody new"),
    "load": _("whoever has the least on the table"),
    "turn": _("everybody in turn"),
    "person": _("one person"),
}
NOTIFY: dict[str, Words] = {
    "": _("nobody"),
    "assignee": _("who has it"),
    "team": _("its team"),
    "manager": _("the manager of the service"),
    "person": _("one person"),
}
VARIED = format_lazy(
    "{} {}",
    _("Variables:"),
    ", ".join(f"{{{{ {name} }}}}" for name in VARIABLES),
)
LINE = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
SEVERAL = forms.CheckboxSelectMultiple


def _problems(hidden: Collection[int]) -> list[Problem]:
    """Problems that something new may be linked to, the newest first; none of these services."""
    rows = Problem.objects.unsolved()
    if hidden:
        rows = rows.exclude(pk__in=Problem.objects.filter(services__in=hidden).values("pk"))
    return list(rows.order_by("-id")[:MOST_PROBLEMS])


def _box() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "dir": "auto"})


def _either(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(EITHER.items()), required=False)


def _several(label: Any, choices: list[tuple[str, Words]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=SEVERAL)


def _rows(label: Any, model: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label, queryset=model.objects.order_by("name"), required=False
    )


class RuleForm(forms.Form):
    """A rule, in three parts that the page draws one below the other."""

    name = forms.CharField(label=_("What is the rule called?"), max_length=80, widget=LINE)
    when = forms.ChoiceField(label=_("When"), choices=list(WHEN.items()))
    amount = forms.IntegerField(
        label=_("For how long"),
        required=False,
        min_value=1,
        max_value=527_040,
        help_text=_("Only for what has lasted, or is due within a time."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=list(UNITS.items()), required=False)

    service = _rows(_("Service"), Service)
    kind = _several(_("Kind"), [(code, each.words) for code, each in labels.KINDS.items()])
    priority = _several(
        _("Priority"), [(code, each.words) for code, each in labels.PRIORITIES.items()]
    )
    words = forms.CharField(
        label=_("The text says one of"),
        required=False,
        max_length=1000,
        help_text=_("Words or beginnings of words, with commas between: printer, toner"),
        widget=LINE,
    )
    words_not = forms.CharField(
        label=_("And none of"), required=False, max_length=1000, widget=LINE
    )
    place = _rows(_("Place"), Place)
    organisation = _rows(_("Organisation, with what is below it"), Organisation)
    team = _rows(_("Team that has it"), Organisation)
    channel = _several(_("How it came"), list(CHANNELS.items()))
    tag = forms.CharField(
        label=_("It has one of the tags"), required=False, max_length=1000, widget=LINE
    )
    covered = _either(_("Covered by an agreement"))
    assigned = _either(_("Somebody has it"))
    open = _either(_("Within service hours"))
    outage = _either(_("Linked to an outage"))
    problem = _either(_("Linked to a problem"))

    set_priority = forms.ChoiceField(
        label=_("Set the priority"),
        required=False,
        choices=[("", _("leave it")), *((c, each.words) for c, each in labels.PRIORITIES.items())],
    )
    add_tag = forms.CharField(label=_("Add a tag"), required=False, max_length=40, widget=LINE)
    link_to = forms.ChoiceField(
        label=_("Link it to"),
        required=False,
        help_text=_("Of a service’s outages the one that lasts where it is."),
    )
    hand_to = forms.ChoiceField(label=_("Hand it over to"), required=False)
    hand_note = forms.CharField(label=_("With this note"), required=False, widget=_box())
    assign = forms.ChoiceField(label=_("Give it to"), choices=list(ASSIGN.items()), required=False)
    assign_team = forms.ModelChoiceField(
        label=_("Of this team"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("everybody at the desk of the service"),
    )
    assign_person = PersonField(label=_("This person"), required=False)
    note = forms.CharField(
        label=_("Keep a note for the desk"), required=False, widget=_box(), help_text=VARIED
    )
    answer = forms.CharField(
        label=_("Answer with"),
        required=False,
        widget=_box(),
        help_text=format_lazy(
            "{} {}", _("It is sent to who asks. It does not count as the first answer."), VARIED
        ),
    )
    wait_for = forms.ChoiceField(
        label=_("Put it on hold, waiting for"),
        required=False,
        choices=[("", _("nobody")), *labels.HOLDERS.items()],
    )
    close = forms.BooleanField(label=_("Close it for good"), required=False)
    notify = forms.ChoiceField(label=_("Tell"), choices=list(NOTIFY.items()), required=False)
    notify_person = PersonField(label=_("This person"), required=False)
    most_an_hour = forms.IntegerField(
        label=_("At most this many times an hour"), min_value=1, max_value=100_000, initial=1000
    )

    BEGINNING = ("name", "when", "amount", "unit")
    ASKED = (
        *("service", "kind", "priority", "words", "words_not", "covered", "assigned", "open"),
        *("outage", "problem", "place", "organisation", "team", "channel", "tag"),
    )
    DONE = (
        *("set_priority", "add_tag", "link_to", "hand_to", "hand_note", "assign", "assign_team"),
        *("assign_person", "note", "answer", "wait_for", "close", "notify", "notify_person"),
    )

    def __init__(self, *args: Any, hidden: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = [(f"team:{each.pk}", each.name) for each in teams()]
        where += [(f"service:{each.pk}", each.name) for each in services_on_offer()]
        known = [(f"problem:{each.pk}", f"{each.ref} {each.title}") for each in _problems(hidden)]
        outage = ("outage", gettext("the outage that lasts now"))
        fill_choices(
            self,
            hand_to=[("", gettext("nobody else")), *where],
            link_to=[("", gettext("nothing")), outage, *known],
            assign_team=teams(),
            team=teams(),
        )

    def _parts(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def beginning(self) -> list[forms.BoundField]:
        return self._parts(self.BEGINNING)

    @property
    def asked(self) -> list[forms.BoundField]:
        return self._parts(self.ASKED)

    @property
    def done(self) -> list[forms.BoundField]:
        return self._parts(self.DONE)

    @property
    def written(self) -> Written:
        """Return what was filled in as a rule, not checked yet."""
        return written_of(self.cleaned_data)

    @property
    def given(self) -> dict[str, Any]:
        """Return what the verbs of rules take of a valid form."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "written": self.written,
            "most_an_hour": data["most_an_hour"],
        }

    def blame(self, problem: BadInput) -> None:
        """Put what the engine says of a rule beside the field that it speaks of."""
        field = str(problem.facts.get("field", ""))
        said = BadInput(str(problem), field=FIELD_OF.get(field, field))
        blame(self, said)
