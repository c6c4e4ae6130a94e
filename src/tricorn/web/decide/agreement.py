"""One agreement: its text in plain words, how each promise was kept, the text itself."""

from __future__ import annotations

from collections import defaultdict

from django.http import Http404, HttpResponse
from django.shortcuts import render

from tricorn.agreements.models import Version
from tricorn.engine import measures
from tricorn.insight.covered import Covered, covered_by, signatures_of, unused
from tricorn.insight.figures import Figures, Part
from tricorn.insight.jobs import MONTHS_BACK
from tricorn.insight.month import Month, last_full
from tricorn.insight.months import months
from tricorn.insight.scope import Party, parties
from tricorn.web import charts, files, words
from tricorn.web.decide import plain
from tricorn.web.decide.front import known
from tricorn.web.decide.shown import Line, counted, month_name, promise_line
from tricorn.web.requests import TricornRequest


def newest(request: TricornRequest, ref: str) -> HttpResponse:
    """Show the version in force, else the last one."""
    party = party_of(request, ref)
    return page(request, party, party.latest(request.at))


def version(request: TricornRequest, ref: str, number: int) -> HttpResponse:
    """Show one version of the agreement."""
    party = party_of(request, ref)
    return page(request, party, numbered(party, number))


def as_file(request: TricornRequest, ref: str, number: int, ending: str) -> HttpResponse:
    """Hand out a version as a file that proves itself: json, toml or pdf."""
    number_of = numbered(party_of(request, ref), number).pk
    return files.answer(Version.objects.select_related("agreement").get(pk=number_of), ending)


def party_of(request: TricornRequest, ref: str) -> Party:
    """Return the agreement if the reader is a party to it; for anybody else it is not there."""
    portrait, _, _ = known(request)
    for party in parties(portrait):
        if party.agreement.ref == ref:
            return party
    raise Http404("There is no such agreement.")


def numbered(party: Party, number: int) -> Version:
    for found in party.versions:
        if found.number == number:
            return found
    raise Http404("There is no such version.")


def page(request: TricornRequest, party: Party, found: Version) -> HttpResponse:
    _, _, house = known(request)
    full = Version.objects.get(pk=found.pk)
    read_to = last_full(request.at, party.zone)
    back = [read_to.plus(-n) for n in reversed(range(MONTHS_BACK))]
    read = months([party], back, at=request.at, fewest=house.fewest)
    figures = {month: each for (_, month), each in read.items()}
    people = unused(full, at=read_to.end(party.zone), fewest=house.fewest)
    return render(
        request,
        "decide/agreement.html",
        {
            "terms": plain.terms_of(
                party,
                found,
                plain.text_of(full),
                covered_by([found.pk]).get(found.pk, Covered()),
                signatures_of([found.pk]).get(found.pk, []),
                fewest=house.fewest,
            ),
            "is_in_force": party.version_at(request.at) == found,
            "versions": party.versions,
            "years": years(party, found, back, figures, house.fewest),
            "entitled": counted(people.entitled, house.fewest),
            "never": counted(people.never, house.fewest),
            "is_for_everyone": people.everyone,
            "is_anybody_named": people.entitled.how != "none",
        },
    )


def years(
    party: Party,
    found: Version,
    back: list[Month],
    figures: dict[Month, Figures],
    fewest: int,
) -> list[tuple[charts.Months, list[tuple[str, Line]]]]:
    """Return a picture and a table of the last months for every clause of the version.

    A clause that other versions called the same is one row of months.
    """
    same: dict[str, set[int]] = defaultdict(set)
    for clause in party.clauses:
        same[clause.name].add(clause.pk)
    drawn = []
    for clause in party.clauses_of(found):
        parts = {
            month: part
            for month in back
            if (part := part_of(figures.get(month), same[clause.name])) is not None
        }
        title = plain.promise_of(clause).title
        picture = charts.Months(
            title,
            tuple(point(month, parts.get(month)) for month in back),
            float(clause.share) if clause.share is not None else None,
        )
        lines = [
            (month_name(month), promise_line(title, clause, part, fewest))
            for month, part in parts.items()
            if part.whole.how != "none"
        ]
        drawn.append((picture, lines))
    return drawn


def part_of(figures: Figures | None, clauses: set[int]) -> Part | None:
    """Return how the clause was kept; of two versions in one month, the one that had more."""
    kept = figures.promises if figures else ()
    parts = [each.part for each in kept if each.clause in clauses]
    return max(parts, key=lambda part: (part.whole.how != "none", part.whole.n), default=None)


def point(month: Month, part: Part | None) -> charts.Month:
    """Return a month for the picture: nothing where no exact share may be said or none can."""
    label = words.date_format(month.day, "M")
    if part is None or part.n is None or not part.whole.n:
        return charts.Month(label, None)
    found = measures.share(part.n, part.whole.n)
    if not found.can_tell:
        return charts.Month(label, None, n=found.n)
    return charts.Month(label, found.value, found.low, found.high, found.n)
