"""Rules behind Manage: the list in its order, a rule's form, what it would have done, its log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.automation import verbs
from tricorn.automation.models import Rule, Run
from tricorn.automation.reads import rule_rows, runs_shown
from tricorn.automation.rehearsal import LONGEST_DAYS, MOST, rehearse
from tricorn.engine.errors import BadInput
from tricorn.engine.rules import checked, read
from tricorn.web import words
from tricorn.web.manage.answers import done, for_all, leaf, page, posted
from tricorn.web.manage.rules_form import WHEN, WHEN_TIMED, RuleForm
from tricorn.web.manage.rules_written import initial_of
from tricorn.web.requests import TricornRequest

SHOWN = 100
DEEDS = {
    "prioritise": _("set the priority"),
    "tag": _("added a tag"),
    "link": _("linked it to"),
    "hand_over": _("handed it over"),
    "assign": _("gave it to"),
    "add_note": _("kept a note"),
    "answer": _("answered"),
    "wait": _("put it on hold"),
    "close": _("closed it"),
    "notify": _("told"),
}
OUTCOMES = {
    "done": (_("done"), "circle-check", "good"),
    "refused": (_("refused"), "circle-x", "soon"),
    "stopped": (_("stopped"), "circle-pause", "wait"),
    "capped": (_("at its limit"), "circle-alert", "late"),
}


class DaysForm(forms.Form):
    """Over how many days to try it."""

    days = forms.IntegerField(
        label=_("Over the last days"), min_value=1, max_value=LONGEST_DAYS, initial=30
    )


def found(rule: int) -> Rule:
    return get_object_or_404(Rule.objects.kept(), pk=rule)


def _hidden(request: TricornRequest) -> frozenset[int]:
    """The private services of which the reader is to see nothing."""
    assert request.who.portrait is not None
    return request.who.portrait.hidden


def _when(rule: Rule) -> str:
    """Return what sets a rule off: "somebody reports it", "it has waited for 3 days"."""
    minutes = rule.written.get("minutes")
    if rule.when not in WHEN_TIMED or minutes is None:
        return str(WHEN[rule.when])
    return str(WHEN_TIMED[rule.when]) % {"long": words.duration(timedelta(minutes=minutes))}


@for_all("edit_rules")
def rules(request: TricornRequest) -> HttpResponse:
    """Every rule in the order in which they run."""
    found = rule_rows(_hidden(request))
    rows = [{"row": row, "when": _when(row.rule)} for row in found]
    return page(request, "rules.html", "rules", {"rows": rows})


@for_all("edit_rules")
def rule_add(request: TricornRequest) -> HttpResponse:
    """Write a rule; it is switched off until somebody has looked at what it would do."""
    form = RuleForm(posted(request), hidden=_hidden(request))
    if form.is_bound and form.is_valid():
        try:
            added = verbs.add_rule(by=request.actor, at=request.at, **form.given)
        except BadInput as problem:
            form.blame(problem)
        else:
            said = gettext("Kept, and still off. Look at what it would have done.")
            return done(request, said, "manage:rule-try", added.pk)
    return page(request, "rule.html", "rules", {"form": form}, form)


@for_all("edit_rules")
def rule(request: TricornRequest, rule: int) -> HttpResponse:
    """One rule: change it, switch it, remove it."""
    kept = found(rule)
    form = RuleForm(posted(request), initial=initial_of(kept), hidden=_hidden(request))
    if form.is_bound and form.is_valid():
        try:
            verbs.change_rule(kept, by=request.actor, at=request.at, **form.given)
        except BadInput as problem:
            form.blame(problem)
        else:
            return done(request, gettext("Changed."), "manage:rule", kept.pk)
    return page(request, "rule.html", "rules", {"form": form, "rule": kept}, form)


@for_all("edit_rules")
@require_POST
def rule_switch(request: TricornRequest, rule: int) -> HttpResponse:
    """Switch a rule on or off."""
    is_on = request.POST.get("to") == "on"
    kept = verbs.switch_rule(found(rule), by=request.actor, at=request.at, is_on=is_on)
    said = gettext("“%(name)s” is on.") if is_on else gettext("“%(name)s” is off.")
    return done(request, said % {"name": kept.name}, "manage:rules")


@for_all("edit_rules")
@require_POST
def rule_move(request: TricornRequest, rule: int) -> HttpResponse:
    """Let a rule run earlier or later."""
    is_up = request.POST.get("to") == "up"
    kept = verbs.move_rule(found(rule), by=request.actor, at=request.at, is_up=is_up)
    said = gettext("“%(name)s” runs in another place now.") % {"name": kept.name}
    return done(request, said, "manage:rules")


@for_all("edit_rules")
@require_POST
def rule_remove(request: TricornRequest, rule: int) -> HttpResponse:
    """Remove a rule; its log stays on record."""
    kept = verbs.remove_rule(found(rule), by=request.actor, at=request.at)
    return done(request, gettext("“%(name)s” is removed.") % {"name": kept.name}, "manage:rules")


@for_all("edit_rules")
def rule_try(request: TricornRequest, rule: int) -> HttpResponse:
    """What it would have done over the last days: read-only, with why and why not."""
    if request.method not in ("GET", "HEAD"):
        raise Http404("Only to be looked at.")
    kept = found(rule)
    form = DaysForm(request.GET if "days" in request.GET else None)
    days = form.cleaned_data["days"] if form.is_valid() else 30
    tried = rehearse(checked(read(kept.written)), days=days, by=request.actor, at=request.at)
    would = [each for each in tried.tried if each.holds]
    context: dict[str, Any] = {
        "rule": kept,
        "form": form,
        "days": days,
        "tried": tried,
        "would": would[:SHOWN],
        "more": max(len(would) - SHOWN, 0),
        "others": [each for each in tried.tried if not each.holds][:SHOWN],
        "most": MOST,
    }
    return page(request, "rule_try.html", "rules", context, form)


@for_all("edit_rules")
def rule_log(request: TricornRequest, rule: int) -> HttpResponse:
    """Every run of a rule, newest first: what it did, or why not."""
    kept = found(rule)
    runs = (
        Run.objects.filter(rule=kept)
        .seen_by(request.actor)
        .select_related("ticket")
        .order_by("-at", "-id")
    )
    pages = leaf(request, runs)
    shown = [
        {
            "shown": each,
            "outcome": OUTCOMES[each.run.outcome],
            "done": [(DEEDS.get(done.get("do", ""), ""), done) for done in each.done],
        }
        for each in runs_shown(list(pages))
    ]
    context = {"rule": kept, "page": pages, "rows": shown}
    return page(request, "rule_log.html", "rules", context)
