"""Reports: volume, backlog, age, promises kept, whose turn it was; by service, agreement or team."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, takewhile
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.insight.month import Month
from tricorn.insight.reports import REPORTS, Cell, Line, Question, Sheet
from tricorn.parties.models import House
from tricorn.web import charts, labels, words
from tricorn.web.manage.answers import blame, page
from tricorn.web.requests import TricornRequest

SHOWN_MONTHS = 12
NAMES = {
    "reported": _("Came in"),
    "done": _("Done"),
    "backlog": _("Left to do"),
    "age": _("How old it is"),
    "on-time": _("On time"),
    "by-holder": _("Whose turn it was"),
    "reopened": _("Came back"),
    "first-contact": _("Done at once"),
    "satisfied": _("Satisfied"),
    "reasons": _("What was not good"),
}
MEANS = {
    "reported": _("What people reported or asked for, by the month in which we heard of it."),
    "done": _("What was resolved, closed or no longer needed, by the month in which that was."),
    "backlog": _("What was still to be done at the end of each month; of the present one, now."),
    "age": _("What is to be done now, by how long ago it was reported."),
    "on-time": _(
        "Promises kept of those decided, by the month of the report. What may still be kept is not counted."
    ),
    "by-holder": _(
        "Time to the outcome of what was resolved, by who held it up: once on the clock, in the "
        "hours that were promised, and once on the wall, where all hours count. All that is nobody "
        "else’s is ours."
    ),
    "reopened": _("How often something that was resolved turned out not to be."),
    "first-contact": _(
        "Resolved with the first answer and not reopened, of all that was resolved."
    ),
    "satisfied": _(
        "Good and very good, of all who said how it was, for each role by itself: what one role "
        "says stands for no other. Who reports without a name, and who taps at a place, is a visitor."
    ),
    "reasons": _("What people said was not good, where it was so-so or bad."),
}
AGES = {
    "day": _("under a day"),
    "week": _("1 to 7 days"),
    "month": _("7 to 30 days"),
    "quarter": _("30 to 90 days"),
    "older": _("over 90 days"),
}
REASONS = {
    "functionality": _("does not do what is needed"),
    "reliability": _("fails too often"),
    "support": _("how people were helped"),
}
CLOCKS = {
    "on clock": _("%(holder)s, on the clock"),
    "on wall": _("%(holder)s, on the wall"),
}
GROUPS = [
    ("", _("all together")),
    ("service", _("service")),
    ("agreement", _("agreement")),
    ("team", _("team")),
]
# What a spreadsheet would take for a formula is written as text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Choices(forms.Form):
    """From when to when, of which service, grouped by what. What is wrong is said and left out."""

    first = forms.CharField(label=_("From"), required=False, max_length=7)
    last = forms.CharField(label=_("To"), required=False, max_length=7)
    by = forms.ChoiceField(label=_("Split by"), required=False, choices=GROUPS)

    def __init__(self, *args: Any, services: list[Service], **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = forms.ChoiceField(label=_("Service"), required=False)
        chosen.choices = [
            ("", gettext("all of them")),
            *((str(each.pk), each.name) for each in services),
        ]
        self.fields["service"] = chosen
        for name in ("first", "last"):
            self.fields[name].widget.input_type = "month"

    def months(self, present: Month) -> tuple[Month, Month]:
        """Return the months asked for; twelve with the present one where nothing was."""
        given = self.cleaned_data if self.is_valid() else {}
        last = Month.parse(given["last"]) if given.get("last") else present
        first = Month.parse(given["first"]) if given.get("first") else last.plus(1 - SHOWN_MONTHS)
        return first, last


@dataclass(frozen=True)
class Row:
    """One group in words: its name, its cells, its total."""

    name: str
    cells: tuple[str, ...]
    total: str


@require_safe
def reports(request: TricornRequest, name: str = "reported") -> HttpResponse:
    """One report as picture and table."""
    form, question = _asked(request, name)
    sheet = REPORTS[name](question, request.at)
    if not request.GET.get("first"):
        sheet = begun(sheet)
    query = request.GET.urlencode()
    # Bars say their figures themselves: a table is beside them only where groups are compared.
    is_table = bool(sheet.lines) or isinstance(sheet.across[0], Month)
    said_title = str(NAMES[name]) if is_table else ""
    context = {
        "form": form,
        "name": name,
        "title": NAMES[name],
        "means": MEANS[name],
        "sheet": sheet,
        "picture": None if sheet.is_empty else picture(sheet, said_title, request.who.house),
        "is_table": is_table,
        "heads": [head(each, sheet.name, request.who.house) for each in sheet.across],
        "has_total": sheet.whole.total is not None,
        "rows": [row(each, sheet.kind) for each in sheet.lines],
        "whole": row(sheet.whole, sheet.kind),
        "tabs": [
            {
                "name": NAMES[each],
                "url": _url("manage:report", each, query),
                "current": each == name,
            }
            for each in REPORTS
        ],
        "csv_url": _url("manage:report-csv", name, query),
        "few": question.fewest if question.by == "team" else 0,
    }
    return page(request, "reports.html", "reports", context, form)


@require_safe
def report_csv(request: TricornRequest, name: str) -> HttpResponse:
    """The same figures as a table for a spreadsheet: one row for each group and month."""
    form, question = _asked(request, name)
    if form.errors:
        raise Http404("; ".join(str(each) for errors in form.errors.values() for each in errors))
    sheet = REPORTS[name](question, request.at)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["group", "column", "n", "of", "seconds"])
    writer.writerows(_csv_rows(sheet))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _csv_rows(sheet: Sheet) -> Iterator[list[object]]:
    for line in (*sheet.lines, sheet.whole):
        name = gettext("all") if line is sheet.whole else name_of(line)
        safe = f"'{name}" if name.startswith(FORMULA) else name
        for column, cell in zip(sheet.across, line.cells, strict=True):
            rest = ["" if each is None else each for each in (cell.of, cell.seconds)]
            yield [safe, str(column), cell.n, *rest]


def _url(view: str, name: str, query: str) -> str:
    return reverse(view, args=[name]) + (f"?{query}" if query else "")


def _asked(request: TricornRequest, name: str) -> tuple[Choices, Question]:
    """Return the choices and the question; where a choice is wrong, the question is without it."""
    if name not in REPORTS:
        raise Http404("There is no such report.")
    house = request.who.house
    assert house is not None
    assert request.who.portrait is not None
    managed = request.who.portrait.served("manage")
    known = Service.objects.order_by("name")
    services = list(known if managed is None else known.filter(pk__in=managed))
    form = Choices(request.GET, services=services, auto_id="report_%s")
    present = Month.of(request.at, house.zone)
    more: dict[str, Any] = {"zone": house.zone, "fewest": house.fewest}
    given = form.cleaned_data if form.is_valid() else {}
    if given.get("service"):
        managed = frozenset({int(given["service"])})
    try:
        first, last = form.months(present)
        question = Question(first, last, services=managed, by=given.get("by", ""), **more)
    except BadInput as problem:
        blame(form, problem)
        question = Question(present.plus(1 - SHOWN_MONTHS), present, services=managed, **more)
    return form, question


def begun(sheet: Sheet) -> Sheet:
    """Return a report without the months before anything was on record."""
    if sheet.is_empty or not isinstance(sheet.across[0], Month):
        return sheet
    lines = (*sheet.lines, sheet.whole)
    empty = takewhile(lambda k: all(_is_nothing(each.cells[k]) for each in lines), count())
    skipped = len(list(empty))

    def cut(line: Line) -> Line:
        return replace(line, cells=line.cells[skipped:])

    cut_lines = tuple(cut(each) for each in sheet.lines)
    return replace(sheet, across=sheet.across[skipped:], lines=cut_lines, whole=cut(sheet.whole))


def _is_nothing(cell: Cell) -> bool:
    return not (cell.n or cell.of or cell.seconds)


def head(column: Month | str, name: str = "", house: House | None = None) -> str | Promise:
    """Return a column's name: "Oct 2026", an age, a reason, a holder, or what a role is called."""
    if isinstance(column, Month):
        return date_format(column.day, pgettext("month of a table", "M Y"))
    if name == "satisfied":
        return labels.role_label(house, column, "fm")
    if name == "by-holder":
        holder, _comma, clock = column.partition(", ")
        return CLOCKS[clock] % {"holder": labels.HOLDERS[holder]}
    return {**AGES, **REASONS}[column]


def name_of(line: Line) -> str:
    if line.is_small:
        return gettext("smaller teams together")
    return line.name or gettext("none of them")


def row(line: Line, kind: str) -> Row:
    cells = tuple(said(cell, kind) for cell in line.cells)
    return Row(name_of(line), cells, said(line.total, kind) if line.total else "")


def said(cell: Cell, kind: str) -> str:
    """Return a figure in words: "312", "96.2 % of 312", "46 h"."""
    if kind == "share":
        share = cell.share
        if share is None:
            return "–"
        return gettext("%(share)s of %(n)s") % {"share": words.share(share.value), "n": share.n}
    if kind == "time":
        return words.duration(timedelta(seconds=cell.seconds)) if cell.seconds else "–"
    return str(cell.n) if cell.n else "–"


def picture(sheet: Sheet, title: str, house: House | None = None) -> charts.Bars | charts.Months:
    """Draw all groups together: months in a row, or ages, holders, roles as bars."""
    if isinstance(sheet.across[0], Month):
        points = zip(sheet.across, sheet.whole.cells, strict=True)
        unit = "share" if sheet.kind == "share" else "count"
        return charts.Months(title, tuple(_point(m, c) for m, c in points), unit=unit)
    bars = []
    for column, cell in zip(sheet.across, sheet.whole.cells, strict=True):
        value: float | None = float(cell.seconds or 0) if sheet.kind == "time" else float(cell.n)
        if sheet.kind == "share":
            value = cell.share.value if cell.share else None
        bars.append(charts.Bar(str(head(column, sheet.name, house)), value, said(cell, sheet.kind)))
    return charts.Bars(title, tuple(bars))


def _point(month: Month, cell: Cell) -> charts.Month:
    label = date_format(month.day, pgettext("month of a chart", "M"))
    if cell.of is None:
        return charts.Month(label, float(cell.n))
    share = cell.share
    if share is None:
        return charts.Month(label, None)
    return charts.Month(label, share.value, share.low, share.high, share.n)
