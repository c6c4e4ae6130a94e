"""Delivered work behind Manage: present it with its evidence, see what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.agreements import deciders, delivered
from tricorn.agreements.models import Work
from tricorn.agreements.verbs import Presented, present_work, take_back_work
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.parties.models import Organisation
from tricorn.tickets.models import Ticket, TicketQuerySet
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, done, for_all, may, page, posted
from tricorn.web.papers import paper_of
from tricorn.web.requests import TricornRequest

LARGEST = 10 * 1024 * 1024


class WorkForm(forms.Form):
    """What was delivered, to whom, with what shows it."""

    client = forms.ModelChoiceField(
        label=_("For which client?"), queryset=Organisation.objects.none(), empty_label=None
    )
    service = forms.ModelChoiceField(
        label=_("Of which service?"), queryset=Service.objects.none(), empty_label=None
    )
    title = forms.CharField(
        label=_("What was delivered?"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    description = forms.CharField(
        label=_("What belongs to it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    tickets = forms.CharField(
        label=_("Tickets that show it"), required=False, help_text=_("Like T-12, T-15.")
    )
    file = forms.FileField(
        label=_("A paper or photo that shows it"),
        required=False,
        help_text=_(
            "PDF, JPEG, PNG or WebP, up to 10 MB. A PDF is kept as it is, with what it tells."
        ),
    )
    amount = forms.DecimalField(
        label=_("Amount"), required=False, max_digits=14, decimal_places=2, min_value=0
    )
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, help_text=_("Three letters, like EUR.")
    )

    def __init__(self, *args: Any, known: TicketQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        fill_choices(
            self,
            client=Organisation.objects.filter(is_provider=False).order_by("name"),
            service=services_on_offer(),
        )

    def clean_tickets(self) -> tuple[str, ...]:
        """Read the references, and say which there are none of."""
        refs = self.cleaned_data["tickets"].replace(",", " ").split()
        found = []
        for ref in dict.fromkeys(refs):
            ticket = self.known.with_ref(ref).first()
            if ticket is None:
                raise forms.ValidationError(
                    gettext("There is no ticket %(ref)s. Leave it out, or correct it.")
                    % {"ref": ref[:20]}
                )
            found.append(ticket.ref)
        return tuple(dict.fromkeys(found))


@for_all("activate_agreement")
def works(request: TricornRequest) -> HttpResponse:
    """All delivered work: what waits for the client first."""
    return page(request, "works.html", "agreements", {"works": delivered.listed()})


@for_all("activate_agreement")
def work_add(request: TricornRequest) -> HttpResponse:
    """Present delivered work to a client."""
    known = Ticket.objects.visible_to(request.actor)
    form = WorkForm(posted(request), request.FILES or None, known=known)
    if form.is_valid():
        given = {**form.cleaned_data}
        file = given.pop("file")
        if file and file.size > LARGEST:
            form.add_error("file", _("The file has more than 10 MB. Send a smaller one."))
        else:
            files = [(file.name, file.read())] if file else []
            try:
                work = present_work(
                    Presented(**given, files=files), by=request.actor, at=request.at
                )
            except BadInput as problem:
                blame(form, problem)
                if problem.facts.get("field") == "photo":
                    form.add_error("file", str(problem))
            else:
                said = gettext("“%(title)s” waits for %(client)s.")
                said %= {"title": work.title, "client": work.client}
                return done(request, said, "manage:work", work.pk)
    return page(request, "work_add.html", "agreements", {"form": form}, form)


@for_all("activate_agreement")
def work(request: TricornRequest, work: int) -> HttpResponse:
    """One piece of delivered work, and what came of it."""
    found = _found(work)
    outcome = getattr(found, "outcome", None)
    who = [] if outcome else deciders.who_may(deciders.of_work(found), at=request.at)
    context = {
        "work": found,
        "outcome": outcome,
        "files": delivered.files_of(found),
        "who": [each.person.name for each in who],
    }
    return page(request, "work.html", "agreements", context)


@for_all("activate_agreement")
@require_POST
def work_take_back(request: TricornRequest, work: int) -> HttpResponse:
    """Take it back, as long as the client has said nothing."""
    found = _found(work)
    take_back_work(found, by=request.actor, at=request.at)
    return done(request, gettext("It is taken back."), "manage:work", found.pk)


def paper(request: TricornRequest, work: int, number: int) -> FileResponse:
    """One file that belongs to the work."""
    if not may(request, "activate_agreement"):
        raise Http404("Not yours.")
    return paper_of(_found(work), number)


def _found(number: int) -> Work:
    rows = Work.objects.select_related("client", "service", "presented_by", "outcome__person")
    return get_object_or_404(rows, pk=number)
