"""Agreements: those in force, a dry look at a signed text, putting it into force, reading one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.agreements import plain, terms
from tricorn.agreements.bridge import content_of
from tricorn.agreements.models import Version
from tricorn.agreements.rehearsal import rehearse
from tricorn.agreements.verbs import activate
from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput
from tricorn.parties.models import Place
from tricorn.web import files
from tricorn.web.manage.answers import blame, done, for_all, page
from tricorn.web.manage.week import week
from tricorn.web.requests import TricornRequest

LARGEST = 1024 * 1024


class TextForm(forms.Form):
    """A signed agreement as TOML: pasted, or as a file."""

    text = forms.CharField(
        label=_("The signed text"),
        required=False,
        max_length=LARGEST,
        strip=False,
        help_text=_("TOML, with [[signed]] saying who signed, in which capacity and when."),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a file"), required=False, help_text=_(".toml"))

    def clean(self) -> dict[str, Any]:
        """Bring the file's text into `text`, so that it stays to be seen and corrected."""
        data = super().clean() or {}
        file = data.get("file")
        if file and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 1 MB. An agreement fits in less."))
        elif file:
            try:
                data["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not a text in UTF-8. Save it as UTF-8."))
        elif not data.get("text", "").strip():
            self.add_error("text", _("Paste the signed text, or choose a file."))
        return data


@for_all("activate_agreement")
def agreements(request: TricornRequest) -> HttpResponse:
    """Every version: those in force first, then what is to come and what is over."""
    versions = Version.objects.select_related(
        "agreement__client", "agreement__provider"
    ).prefetch_related("services", "signatures__person")
    in_force = list(versions.in_force(request.at).order_by("agreement__ref"))
    held = {each.pk for each in in_force}
    others = list(versions.exclude(pk__in=held).order_by("-from_at", "-id")[:100])
    context = {
        "in_force": in_force,
        "coming": [each for each in others if each.from_at > request.at],
        "over": [each for each in others if each.from_at <= request.at],
    }
    return page(request, "agreements.html", "agreements", context)


@for_all("activate_agreement")
def agreement_add(request: TricornRequest) -> HttpResponse:
    """Take a text and show what would come into force. Nothing is kept yet."""
    if request.method != "POST":
        return page(request, "agreement_add.html", "agreements", {"form": TextForm()})
    form = TextForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            content = text.Agreement.from_toml(form.cleaned_data["text"], gettext("The text"))
            found = rehearse(content, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            context = {
                "rehearsal": found,
                "said": in_words(content),
                "form": TextForm(initial={"text": form.cleaned_data["text"]}),
            }
            return page(request, "agreement_look.html", "agreements", context)
        # What came in a file is shown in the box, so that it can be corrected there.
        typed = request.POST.copy()
        typed["text"] = form.cleaned_data.get("text", "")
        form.data = typed
    return page(request, "agreement_add.html", "agreements", {"form": form}, form)


@for_all("activate_agreement")
@require_POST
def agreement_activate(request: TricornRequest) -> HttpResponse:
    """Put the text that was looked at into force; the same text twice is once."""
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            content = text.Agreement.from_toml(form.cleaned_data["text"], gettext("The text"))
            activated = activate(content, by=request.actor, at=request.at)
        except BadInput as problem:
            blame(form, problem)
        else:
            if activated.is_new:
                sentence = gettext("%(version)s is on record and holds from its date on.")
            else:
                sentence = gettext("%(version)s was on record already, word for word.")
            said = sentence % {"version": activated.version}
            return done(request, said, "manage:agreement", activated.version.pk)
    return page(request, "agreement_add.html", "agreements", {"form": form}, form)


@for_all("activate_agreement")
def agreement(request: TricornRequest, version: int) -> HttpResponse:
    """One version: what it promises, whom it covers, who signed, its text."""
    found = get_object_or_404(
        Version.objects.select_related("agreement__client", "agreement__provider"), pk=version
    )
    context = {
        "version": found,
        "said": in_words(content_of(found)),
        "signatures": found.signatures.select_related("person"),
        "versions": found.agreement.versions.order_by("-number"),
        "is_in_force": Version.objects.in_force(request.at).filter(pk=found.pk).exists(),
    }
    return page(request, "agreement.html", "agreements", context)


@for_all("activate_agreement")
def agreement_file(request: TricornRequest, version: int, ending: str) -> HttpResponse:
    """The signed version as a file: json, toml or pdf."""
    found = get_object_or_404(Version.objects.select_related("agreement"), pk=version)
    return files.answer(found, ending)


@dataclass(frozen=True)
class Names:
    """The names on record of what texts call by its short name (in its address)."""

    services: dict[str, str]
    places: dict[str, str]


def names_of(*contents: text.Agreement) -> Names:
    """Return the names of the services and places of these texts. Two queries."""
    services = {name for content in contents for name in content.services}
    covered = (each for content in contents for each in content.entitled)
    places = {each.name for each in covered if each.scope == "place"}
    return Names(
        dict(Service.objects.filter(slug__in=services).values_list("slug", "name")),
        dict(Place.objects.filter(slug__in=places).values_list("slug", "name")),
    )


def in_words(content: text.Agreement, names: Names | None = None) -> dict[str, Any]:
    """Return what an agreement says, in words for people; without `names` two queries find them."""
    names = names or names_of(content)
    services = {each: names.services.get(each, each) for each in content.services}
    return {
        "content": content,
        "services": list(services.values()),
        "clauses": [_clause(clause, content) for clause in content.clauses],
        "hours": [
            {"name": name, "note": plain.zone_and_holidays(hours), "windows": week(hours)}
            for name, hours in content.hours.items()
        ],
        "entitled": [
            plain.entitled(
                each, content, names.places.get(each.name, "") if each.scope == "place" else ""
            )
            for each in content.entitled
        ],
        "prices": [plain.price(each) for each in content.prices],
        "sections": terms.sections(content, services),
        "signed": [plain.signed(each) for each in content.signed],
    }


def _clause(clause: text.Clause, content: text.Agreement) -> dict[str, str]:
    said = plain.promise(clause)
    return {"id": said.name, "sentence": f"{said.sentence}{plain.hours_of(clause, content)}"}
