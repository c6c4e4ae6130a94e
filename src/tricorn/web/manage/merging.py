"""Two records of one human: find the other one, see which may go, merge and unmerge."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.engine.errors import BadInput
from tricorn.parties.models import Person, PersonsMerged
from tricorn.parties.reads import find_people
from tricorn.tickets.verbs import merge_persons, unmerge_persons
from tricorn.tickets.verbs.persons import held_under, pointing_at
from tricorn.web.manage.answers import done, for_all, page
from tricorn.web.requests import TricornRequest

MOST = 10


@dataclass(frozen=True)
class Record:
    """One of the two, for the page that asks before: what hangs on it, why it must stay."""

    person: Person
    rows: int
    held: str


@for_all("edit_parties")
def merge(request: TricornRequest, person: int) -> HttpResponse:
    """Find the other record, look at both, and let it become part of this one."""
    kept = get_object_or_404(Person, pk=person)
    given = request.POST if request.method == "POST" else request.GET
    other = _other(given.get("other", ""), kept)
    refusal = ""
    if request.method == "POST":
        refusal = gettext("Choose the record that becomes part of this one.")
        if other is not None:
            try:
                merge_persons(kept, other, by=request.actor, at=request.at)
            except BadInput as problem:
                refusal = str(problem)
            else:
                sentence = gettext("%(other)s is part of this record now. It can be undone below.")
                return done(request, sentence % {"other": other}, "manage:person", kept.pk)
    words = given.get("q", kept.name).replace("\0", "")[:200]
    context = {
        "kept": _record(kept, request),
        "other": _record(other, request) if other else None,
        "found": find_people(words).exclude(pk=kept.pk)[:MOST] if words.strip() else (),
        "q": words,
        "refusal": refusal,
    }
    answer = page(request, "person_merge.html", "people", context)
    answer.status_code = 422 if refusal else 200
    return answer


@require_POST
@for_all("edit_parties")
def unmerge(request: TricornRequest, person: int) -> HttpResponse:
    """They are two after all."""
    vanished = get_object_or_404(Person, pk=person)
    unmerge_persons(vanished, by=request.actor, at=request.at)
    sentence = gettext("%(name)s is a record of its own again.") % {"name": vanished}
    return done(request, sentence, "manage:person", vanished.pk)


def came_in(person: Person) -> list[PersonsMerged]:
    """Return what was merged into this record and not undone, newest first. Two queries."""
    rows = PersonsMerged.objects.filter(kept=person, undone_at__isnull=True)
    return list(rows.select_related("vanished").prefetch_related("aliases").order_by("-id"))


def _other(typed: str, kept: Person) -> Person | None:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) < 19
    rows = Person.objects.filter(merged_into=None).exclude(pk=kept.pk)
    return rows.filter(pk=int(typed)).first() if is_number else None


def _record(person: Person, request: TricornRequest) -> Record:
    return Record(person, pointing_at(person), held_under(person, request.at))
