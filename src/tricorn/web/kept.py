"""Kept words and macros, in two doors: at the desk also one's own, at Manage what services share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, Refusal
from tricorn.engine.steps import Step
from tricorn.engine.wording import VARIABLES
from tricorn.tickets import verbs
from tricorn.tickets.models import Canned, Checklist, Macro
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.aids import kept_by
from tricorn.tickets.reads.desk import agents_anywhere, services_on_offer, services_to_reach, teams
from tricorn.web.choices import fill_choices
from tricorn.web.desk.forms import HOLDER_CHOICES, PRIORITIES, TextField
from tricorn.web.desk.queue import agent_of
from tricorn.web.desk.words import DEED_NAMES
from tricorn.web.manage.answers import sections
from tricorn.web.middleware import STATUS
from tricorn.web.requests import TricornRequest

Choices = list[tuple[str | Promise, Any]]


@dataclass(frozen=True)
class Side:
    """A door: "desk", where one uses them, or "manage", where one looks after what is shared."""

    door: str

    @property
    def page(self) -> str:
        """The template that a page here is drawn into."""
        return f"{self.door}/kept.html"

    @property
    def to(self) -> dict[str, str]:
        """The names of the addresses: `{% url side.to.answer 7 %}`."""
        names = ("answers", "answer", "answer_forget", "macros", "macro", "macro_forget")
        return {each: f"{self.door}:{each.replace('_', '-')}" for each in names}

    def agent(self, request: TricornRequest) -> Agent:
        """Return who asks, with the services whose words they see here."""
        agent = agent_of(request)
        if self.door == "desk" or request.who.portrait is None:
            return agent
        return replace(agent, services=request.who.portrait.served("manage"))

    def kept(
        self, request: TricornRequest, model: type[Canned] | type[Macro], text: str = ""
    ) -> Any:
        found = kept_by(self.agent(request), model, text)
        return found if self.door == "desk" else [each for each in found if each.service_id]

    def draw(
        self, request: TricornRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        named = {"sections": sections(request, "kept")} if self.door == "manage" else {}
        context = {"side": self, **named, **context}
        return render(request, f"kept/{template}", context, status=status)


DESK = Side("desk")
MANAGE = Side("manage")


class ServiceChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Service.objects.none(),
            label=_("Who may use it?"),
            required=False,
            empty_label=_("I alone"),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return gettext("all who serve %(service)s") % {"service": obj}


class KeptForm(forms.Form):
    name = TextField(label=_("Its name"), max_length=80)
    service = ServiceChoice()

    def __init__(self, *args: Any, services: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, service=services)
        if side.door == "manage":
            choice: Any = self.fields["service"]
            choice.required, choice.empty_label = True, None


class AnswerForm(KeptForm):
    text = TextField(label=_("The words"), widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))

    field_order = ("name", "text", "service")


class MacroForm(KeptForm):
    pass


class StepForm(forms.Form):
    """One step: what is done, to or on what, with which words. A row without a deed is none."""

    do = forms.ChoiceField(label=_("What is done"), required=False)
    what = forms.ChoiceField(label=_("To whom, on whom, how"), required=False)
    text = TextField(
        label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )

    def __init__(self, *args: Any, whats: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dos: Choices = [("", "—"), *DEED_NAMES.items()]
        fill_choices(self, do=dos, what=whats)

    @property
    def step(self) -> Step:
        given = self.cleaned_data
        return Step(given.get("do", ""), given.get("text", ""), given.get("what", ""))


Steps = forms.formset_factory(StepForm, extra=3, max_num=12, absolute_max=20)


def whats(request: TricornRequest, side: Side = DESK) -> Choices:
    """Return everything that a step can be to or on, in groups."""
    agent = side.agent(request)
    services = services_to_reach(agent.services)
    own = services_on_offer(agent.services).values("pk")
    lists = Checklist.objects.filter(service__in=own, is_retired=False).select_related("service")
    people = [(f"person:{p.pk}", p.name) for p in agents_anywhere(request.at)]
    return [
        ("", "—"),
        (_("Whom"), [("me", _("whoever does it")), ("nobody", _("nobody")), *people]),
        (_("Priority"), PRIORITIES),
        (_("On hold for"), HOLDER_CHOICES),
        (_("To the service"), [(f"service:{s.pk}", s.name) for s in services]),
        (_("To the team"), [(f"team:{t.pk}", t.name) for t in teams()]),
        (_("Checklist"), [(f"checklist:{c.pk}", f"{c.name}, {c.service}") for c in lists]),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: TricornRequest, side: Side = DESK) -> HttpResponse:
    """The words one can use, found by name or text; keep others."""
    text = request.GET.get("q", "")[:100]
    form = _answer_form(request, side)
    status = 200
    if request.method == "POST":
        if _kept(request, form, None):
            return redirect(side.to["answers"])
        status = 422
    context = {
        "kept": side.kept(request, Canned, text),
        "form": form,
        "q": text,
        "variables": VARIABLES,
    }
    return side.draw(request, "answers.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: TricornRequest, answer: int, side: Side = DESK) -> HttpResponse:
    """Change kept words."""
    found = _one(request, side, Canned, answer)
    form = _answer_form(
        request, side, {"name": found.name, "text": found.text, "service": found.service_id}
    )
    status = 200
    if request.method == "POST":
        if _kept(request, form, found):
            return redirect(side.to["answers"])
        status = 422
    context = {"each": found, "form": form, "variables": VARIABLES}
    return side.draw(request, "answer.html", context, status)


def _answer_form(
    request: TricornRequest, side: Side, initial: dict[str, Any] | None = None
) -> AnswerForm:
    services = services_on_offer(side.agent(request).services)
    return AnswerForm(request.POST or None, services=services, initial=initial, side=side)


def _kept(request: TricornRequest, form: AnswerForm, canned: Canned | None) -> bool:
    if not form.is_valid():
        return False
    try:
        kept = verbs.keep_canned(
            by=request.actor, at=request.at, canned=canned, **form.cleaned_data
        )
    except Refusal as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    messages.success(request, gettext("“%(name)s” is kept.") % {"name": kept.name})
    return True


@require_POST
def forget_answer(request: TricornRequest, answer: int, side: Side = DESK) -> HttpResponse:
    verbs.forget_canned(_one(request, side, Canned, answer), by=request.actor, at=request.at)
    return redirect(side.to["answers"])


@require_http_methods(["GET", "HEAD"])
def macros(request: TricornRequest, side: Side = DESK) -> HttpResponse:
    """The macros one can use."""
    context = {"kept": side.kept(request, Macro)}
    return side.draw(request, "macros.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def macro(request: TricornRequest, macro: int, side: Side = DESK) -> HttpResponse:
    """Write a macro (number 0: a new one), step by step."""
    found = _one(request, side, Macro, macro) if macro else None
    services = services_on_offer(side.agent(request).services)
    data = request.POST or None
    initial = {"name": found.name, "service": found.service_id} if found else {}
    form = MacroForm(data, services=services, initial=initial, side=side)
    rows = found.steps if found else []
    options = {"whats": whats(request, side)}
    steps = Steps(data, initial=rows, prefix="step", form_kwargs=options)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and steps.is_valid():
            try:
                kept = verbs.keep_macro(
                    by=request.actor,
                    at=request.at,
                    macro=found,
                    steps=[row.step for row in steps.forms if row.cleaned_data.get("do")],
                    **form.cleaned_data,
                )
            except Refusal as refusal:
                _blame(form, steps, refusal)
                status = STATUS.get(type(refusal), 422)
            else:
                messages.success(request, gettext("“%(name)s” is kept.") % {"name": kept.name})
                return redirect(side.to["macros"])
    context = {"each": found, "form": form, "steps": steps, "variables": VARIABLES}
    return side.draw(request, "macro.html", context, status)


def _blame(form: MacroForm, steps: Any, refusal: Refusal) -> None:
    """Say beside the step which one is wrong, else above the form."""
    filled = [row for row in steps.forms if row.cleaned_data.get("do")]
    number = refusal.facts.get("step")
    if isinstance(refusal, BadInput) and isinstance(number, int) and number <= len(filled):
        row, field = filled[number - 1], str(refusal.facts.get("field"))
        row.add_error(field if field in row.fields else None, str(refusal))
    else:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, str(refusal))


@require_POST
def forget_macro(request: TricornRequest, macro: int, side: Side = DESK) -> HttpResponse:
    verbs.forget_macro(_one(request, side, Macro, macro), by=request.actor, at=request.at)
    return redirect(side.to["macros"])


def _one(
    request: TricornRequest, side: Side, model: type[Canned] | type[Macro], number: int
) -> Any:
    """Return what this agent may use; 404 for anybody else's."""
    for each in side.kept(request, model):
        if each.pk == number:
            return each
    raise Http404("Not yours.")
