"""Letters that came in, behind Manage: what became of each, and what waits to be looked at."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tricorn.tickets import verbs
from tricorn.tickets.models import REVIEWER, Arrival, Ticket
from tricorn.tickets.models.post import ArrivalQuerySet
from tricorn.tickets.verbs.arrivals import file_of
from tricorn.web.labels import Label
from tricorn.web.mailed import served
from tricorn.web.manage.answers import done, for_all, leaf, page
from tricorn.web.manage.mailboxes import RIGHT
from tricorn.web.requests import TricornRequest

STATES = {
    "quarantined": Label(_("put aside"), "shield-alert", "soon"),
    "filed": Label(_("filed"), "circle-check", "good"),
    "ignored": Label(_("ignored"), "circle-minus"),
    "bounce": Label(_("came back"), "undo-2"),
    "new": Label(_("being filed"), "clock", "wait"),
    "discarded": Label(_("discarded"), "circle-x"),
}
REASONS = {
    "": "",
    "automatic": _("A machine wrote it: nobody is answered, and it is no ticket."),
    "bounce_unknown": _("It says that a letter came back, but names none of ours."),
    "delayed": _("A letter of ours is delayed; the mail server goes on trying."),
    "duplicate": _("The same letter came before."),
    "failed": _("It could not be filed, five times. Its bytes are kept."),
    "no_answer": _("It asks machines not to answer, so it got no receipt."),
    "no_sender": _("It names no sender."),
    "own": _("We sent it ourselves."),
    "spoofed": _("The mail server says that its sender is not who it says (DMARC)."),
    "stranger": _("Its sender is nobody of that ticket: the desk alone reads it."),
    "too_big": _("It is too big: its headers alone are here, the rest is in the mailbox."),
    "too_many": _("Its sender has sent too many within an hour."),
    "unreadable": _("It cannot be read as a letter."),
}


class LetInForm(forms.Form):
    """To which ticket a letter goes; none: it becomes a new one."""

    known = Ticket.objects.none()
    ref = forms.CharField(
        label=_("To which ticket? Empty: a new one"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "T-12"}),
    )

    def clean_ref(self) -> Ticket | None:
        """Find the ticket."""
        ref = self.cleaned_data["ref"]
        found = self.known.with_ref(ref).first() if ref else None
        if ref and found is None:
            raise forms.ValidationError(
                gettext("There is no ticket %(ref)s. Correct it, or leave it empty.") % {"ref": ref}
            )
        return found


@for_all(RIGHT)
@require_safe
def arrivals(request: TricornRequest) -> HttpResponse:
    """All letters, newest first; those that were put aside to begin with."""
    state = request.GET.get("state", "quarantined")
    state = state if state in STATES else ""
    rows = readable(request).with_state(state).order_by("-id")
    shown = leaf(request, rows)
    context = {
        "page": shown,
        "rows": [(each, STATES[each.state], REASONS.get(each.reason, "")) for each in shown],
        "state": state,
        "states": [(code, label.words) for code, label in STATES.items()],
    }
    return page(request, "arrivals.html", "mailboxes", context)


@for_all(RIGHT)
@require_safe
def arrival(request: TricornRequest, arrival: int) -> HttpResponse:
    """One letter: what became of it and why, and what can still be done."""
    return _drawn(request, _found(request, arrival), LetInForm())


@for_all(RIGHT)
@require_POST
def arrival_let_in(request: TricornRequest, arrival: int) -> HttpResponse:
    """File it anyway: as new, or to a ticket."""
    found, form = _found(request, arrival), LetInForm(request.POST)
    form.known = Ticket.objects.visible_to(request.actor)
    if not form.is_valid():
        return _drawn(request, found, form)
    verbs.let_in(found, by=request.actor, at=request.at, ticket=form.cleaned_data["ref"])
    said = gettext("It is being filed. It takes a moment.")
    return done(request, said, "manage:arrival", found.pk)


@for_all(RIGHT)
@require_POST
def arrival_discard(request: TricornRequest, arrival: int) -> HttpResponse:
    """Nothing is to be done about it."""
    verbs.discard_arrival(_found(request, arrival), by=request.actor, at=request.at)
    return redirect("manage:arrivals")


@for_all(RIGHT)
@require_safe
def arrival_raw(request: TricornRequest, arrival: int) -> FileResponse:
    """The letter as it came."""
    return served(file_of(_found(request, arrival)))


def _drawn(request: TricornRequest, found: Arrival, form: LetInForm) -> HttpResponse:
    context = {
        "arrival": found,
        "label": STATES[found.state],
        "reason": REASONS.get(found.reason, ""),
        "form": form,
        "can_decide": found.state != "filed" and not (found.state == "new" and found.order),
    }
    return page(request, "arrival.html", "mailboxes", context, form)


def readable(request: TricornRequest) -> ArrivalQuerySet:
    """Return the letters that a manager may read: none of a private service, of no complaint."""
    hidden = request.who.portrait.hidden if request.who.portrait else ()
    private = Q(mailbox__service__in=hidden) | Q(ticket__service__in=hidden)
    held = Q(ticket__held_for=REVIEWER)
    gone = Arrival.objects.filter(private | held).order_by().values("pk")
    return Arrival.objects.exclude(pk__in=gone).select_related("mailbox", "ticket")


def _found(request: TricornRequest, number: int) -> Arrival:
    return get_object_or_404(readable(request), pk=number)
