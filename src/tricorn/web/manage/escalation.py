"""Escalation behind Manage: for each service, who hears before a promise is late, at it and after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements.models import AgreedStep
from tricorn.automation.chains import Chained
from tricorn.automation.escalated import MOST as MOST_TRIED
from tricorn.automation.escalated import rehearse_chains
from tricorn.automation.models import Chain
from tricorn.automation.people import names
from tricorn.automation.reads import agreed_now
from tricorn.automation.verbs import set_chain
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.escalation import MOST, Step, read
from tricorn.parties.models import Person
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.web.desk.words import MEASURES
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.manage.fields import PersonField
from tricorn.web.manage.rules import DaysForm
from tricorn.web.manage.rules_form import UNITS
from tricorn.web.requests import TricornRequest

SHOWN = 50
WHEN: dict[str, str | Promise] = {
    "": _("no step"),
    "before": _("so long before it is due"),
    "share": _("when so many percent of the time are used"),
    "late": _("as soon as it is late"),
    "after": _("so long after it is late"),
}
SAID: dict[str, str | Promise] = {
    "before": _("%(amount)s before it is due"),
    "share": _("when %(amount)s of the time are used"),
    "late": _("as soon as it is late"),
    "after": _("%(amount)s after it is late"),
}
WHOM: dict[str, str | Promise] = {
    "assignee": _("who has it"),
    "team": _("its team"),
    "manager": _("the manager of the service"),
    "person": _("one person"),
}


class StepForm(forms.Form):
    """One step: when, how much of it, whom it tells."""

    when = forms.ChoiceField(label=_("When"), choices=list(WHEN.items()), required=False)
    amount = forms.IntegerField(label=_("How much"), required=False, min_value=1, max_value=527_040)
    unit = forms.ChoiceField(
        label=_("Unit"),
        choices=[*((size, UNITS[size]) for size in ("1", "60"))],
        required=False,
        help_text=_("Of service time; percent need none."),
    )
    whom = forms.ChoiceField(label=_("Tells"), choices=list(WHOM.items()), required=False)
    person = PersonField(label=_("This person"), required=False)

    @property
    def step(self) -> Step | None:
        data = self.cleaned_data
        if not data.get("when"):
            return None
        size = 1 if data["when"] == "share" else int(data.get("unit") or 1)
        person = data.get("person")
        return Step(
            data["when"],
            (data.get("amount") or 0) * size,
            data.get("whom") or "assignee",
            person.pk if person else 0,
        )


Steps = forms.formset_factory(StepForm, extra=2, max_num=MOST, absolute_max=MOST + 2)


@for_all("edit_rules")
def escalation(request: TricornRequest) -> HttpResponse:
    """Every service with its chain."""
    chains = {chain.service_id: read(chain.steps) for chain in Chain.objects.all()}
    known = names(step.person for steps in chains.values() for step in steps if step.person)
    rows = [
        {
            "service": each,
            "steps": [said(step, known) for step in chains.get(each.pk, ())],
        }
        for each in services_on_offer()
    ]
    agreed = [
        {"version": each.version, "steps": [_agreed(step) for step in each.steps]}
        for each in agreed_now(request.at)
    ]
    return page(request, "escalation.html", "rules", {"rows": rows, "agreed": agreed})


@for_all("edit_rules")
def escalation_of(request: TricornRequest, service: int) -> HttpResponse:
    """The chain of one service."""
    kept = get_object_or_404(Service, pk=service)
    chain = Chain.objects.filter(service=kept).first()
    steps = Steps(posted(request), initial=_initial(read(chain.steps) if chain else ()))
    form = forms.Form(posted(request))
    if steps.is_bound and steps.is_valid() and form.is_valid():
        wanted = [each.step for each in steps if each.step is not None]
        try:
            set_chain(kept, wanted, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            sentence = gettext("Kept for %(service)s.") % {"service": kept.name}
            return done(request, sentence, "manage:escalation")
    context = {"service": kept, "steps": steps, "form": form}
    return page(request, "escalation_of.html", "rules", context, form)


@for_all("edit_rules")
def escalation_try(request: TricornRequest, service: int) -> HttpResponse:
    """What the chains that count for a service would have done over the last days: read-only."""
    if request.method not in ("GET", "HEAD"):
        raise Http404("Only to be looked at.")
    kept = get_object_or_404(Service, pk=service)
    form = DaysForm(request.GET if "days" in request.GET else None)
    days = form.cleaned_data["days"] if form.is_valid() else 30
    tried = rehearse_chains(kept, days=days, by=request.actor, at=request.at)
    steps = [each for each, _times in tried.counts]
    known = names(each.step.person for each in steps if each.step.person)
    rows = [
        {
            "ticket": each.ticket,
            "at": each.at,
            "words": _chained(each.chained, known),
            "measure": str(MEASURES[each.measure]).lower(),
        }
        for each in tried.taken[:SHOWN]
    ]
    context = {
        "service": kept,
        "form": form,
        "tried": tried,
        "counts": [(_chained(each, known), times) for each, times in tried.counts],
        "rows": rows,
        "more": max(len(tried.taken) - SHOWN, 0),
        "most": MOST_TRIED,
    }
    return page(request, "escalation_try.html", "rules", context, form)


def _chained(chained: Chained, known: dict[int, str]) -> str:
    """Return a step in words with the agreement that it is of, if it is."""
    words = said(chained.step, known)
    if chained.agreed is None:
        return words
    if chained.agreed.tells_client:
        words = gettext("%(words)s and the client") % {"words": words}
    return gettext("%(agreement)s, clause %(clause)s: %(words)s") % {
        "agreement": chained.agreed.version.agreement.ref,
        "clause": chained.agreed.name,
        "words": words,
    }


def said(step: Step, known: dict[int, str]) -> str:
    """Return a step in words: "30 minutes before it is due: who has it"."""
    hours, rest = divmod(step.amount, 60)
    if step.when == "share":
        amount = gettext("%(n)s percent") % {"n": step.amount}
    elif rest or not hours:
        amount = gettext("%(n)s min") % {"n": step.amount}
    else:
        amount = gettext("%(n)s h") % {"n": hours}
    whom = known.get(step.person, "") if step.whom == "person" else WHOM[step.whom]
    return f"{SAID[step.when] % {'amount': amount}}: {whom}"


def _agreed(step: AgreedStep) -> str:
    """Return an agreed step in words, as `said`, with its name in the text."""
    person = step.person_id or 0
    known = {person: step.person.name} if step.person else {}
    words = said(Step(step.when, step.amount, step.whom, person), known)
    if step.tells_client:
        words = gettext("%(words)s and the client") % {"words": words}
    return f"{step.name}: {words}"


def _initial(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    people = {
        each.pk: each.email or each.name
        for each in Person.objects.filter(pk__in=[s.person for s in steps if s.person])
    }
    found = []
    for step in steps:
        size = 60 if step.when != "share" and step.amount and step.amount % 60 == 0 else 1
        found.append(
            {
                "when": step.when,
                "amount": step.amount // size or None,
                "unit": str(size),
                "whom": step.whom,
                "person": people.get(step.person, ""),
            }
        )
    return found
