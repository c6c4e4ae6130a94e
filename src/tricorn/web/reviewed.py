"""A review in words: the figures that both sides read, the same behind either door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import rhythm
from tricorn.agreements.models import Clause, Review
from tricorn.agreements.plain import joined, period, share
from tricorn.agreements.reviewed import ActionShown, actions_of
from tricorn.engine.availability import percent
from tricorn.insight.figures import Count, Part
from tricorn.insight.month import Month
from tricorn.insight.sums import Summed, SummedPart
from tricorn.parties.models import Person
from tricorn.web import labels, words
from tricorn.web.choices import fill_choices
from tricorn.web.decide.plain import number_in_words, promise_of
from tricorn.web.decide.shown import Line, counted, many, month_name, part_in_words, promise_line

VERDICTS: dict[str, str | Promise] = {
    "met": _("met"),
    "partly": _("partly met"),
    "not_met": _("not met"),
}
TONES = {"met": "good", "partly": "soon", "not_met": "late"}
SIDES: dict[str, str | Promise] = {"client": _("the client"), "provider": _("the provider")}
ENDS: dict[str, str | Promise] = {"done": _("done"), "dropped": _("dropped")}


@dataclass(frozen=True)
class ByMonth:
    """One promise in each month of the period."""

    title: str
    lines: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class ReviewShown:
    """A review on a page; `nothing` says why there is nothing to judge, if so."""

    review: Review
    period: str
    nothing: str
    lines: tuple[Line, ...]
    by_month: tuple[ByMonth, ...]
    available: tuple[Line, ...]
    limits: tuple[Line, ...]
    credits: tuple[tuple[str, str], ...]
    left_out: str
    actions: tuple[ActionShown, ...]
    is_overdue: bool
    verdict: str
    tone: str
    few: str


class VerdictForm(forms.Form):
    """What the client says of the period, once."""

    verdict = forms.ChoiceField(
        label=_("Was the agreement kept?"),
        choices=list(VERDICTS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: met, partly met, or not met.")},
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class ActionForm(forms.Form):
    """What one side does because of it."""

    words = forms.CharField(
        label=_("What is decided, or to be done?"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("The box is empty. Write what is to be done.")},
    )
    side = forms.ChoiceField(
        label=_("Whose side does it?"), choices=list(SIDES.items()), widget=forms.RadioSelect
    )
    owner = forms.ChoiceField(label=_("Who?"), required=False)
    due_on = forms.DateField(
        label=_("By when?"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(each.pk): each for each in people}
        names = [(pk, each.name) for pk, each in self._people.items()]
        fill_choices(self, owner=[("", gettext("nobody in particular")), *names])

    def clean_owner(self) -> Person | None:
        return self._people.get(self.cleaned_data["owner"])


def review_shown(review: Review, at: datetime) -> ReviewShown:
    """Return a review in words. One query for its actions, if they were not fetched."""
    figures, fewest = review.figures, int(review.figures["fewest"])
    clauses = {clause.name: clause for clause in review.version.clauses.all()}
    nothing = nothing_to_judge(figures)
    return ReviewShown(
        review=review,
        period=period_words(review),
        nothing=nothing,
        lines=() if nothing else tuple(_lines(figures, clauses, review.per, fewest)),
        by_month=() if nothing else tuple(_by_month(figures, clauses, fewest)),
        available=tuple(_available(each) for each in figures["available"]),
        limits=tuple(_limits(figures, fewest)),
        credits=tuple(credit_lines(figures.get("credits", ()))),
        left_out="" if nothing else _left_out(figures, fewest),
        actions=actions_of(review, at),
        is_overdue=not review.verdict and review.due_on < rhythm.local_day(review.version, at),
        verdict=str(VERDICTS.get(review.verdict, "")),
        tone=TONES.get(review.verdict, ""),
        few=number_in_words(fewest),
    )


def nothing_to_judge(figures: Mapping[str, Any]) -> str:
    if figures["reports"]["count"]["how"] == "none":
        return gettext(
            "No tickets in this period: nothing to judge. The review can be held anyway."
        )
    return ""


def period_words(review: Review) -> str:
    """Return the period as one says it: "October 2026", else its first and last day."""
    first, last = review.period_from, review.period_to
    is_whole = first.day == 1 and (last + timedelta(days=1)).day == 1
    if is_whole and (first.year, first.month) == (last.year, last.month):
        return date_format(first, "F Y")
    if is_whole and first.year == last.year:
        return gettext("%(first)s to %(last)s") % {
            "first": date_format(first, "F"),
            "last": date_format(last, "F Y"),
        }
    return gettext("%(first)s to %(last)s") % {"first": said_day(first), "last": said_day(last)}


def said_day(day: date) -> str:
    return date_format(day, pgettext("day of another year", "j F Y"))


def credit_lines(credits: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return what comes back, each with the arithmetic; what is nothing is left out."""
    said = []
    for each in credits:
        if each["amount"] is not None and not Decimal(each["amount"]):
            continue
        amount = gettext("cannot be said here")
        if each["amount"] is not None:
            number = number_format(Decimal(each["amount"]), 2, force_grouping=True)
            amount = f"{number} {each['currency']}"
        elif each["words"] and each["words"][0].endswith("no credit is due."):
            continue
        head = gettext("Clause %(clause)s, %(months)s: %(amount)s") % {
            "clause": each["clause"],
            "months": months_words(each["months"]),
            "amount": amount,
        }
        said.append((head, " ".join(each["words"])))
    return said


def months_words(months: Sequence[str]) -> str:
    return joined([month_name(Month.parse(each)) for each in months])


def _lines(
    figures: Mapping[str, Any], clauses: Mapping[str, Clause], per: str, fewest: int
) -> list[Line]:
    found = [
        _with_left_out(_promise(each, clauses[each["clause"]], per, fewest), each["without"])
        for each in figures["kept"]
    ]
    reports = Summed.from_data(figures["reports"])
    kinds = ", ".join(
        f"{labels.kind(kind).words} {counted(Count(**each['count']), fewest)}"
        for kind, each in figures["kinds"]
    )
    line = Line(counted(reports.count, fewest), gettext("reports"), kinds)
    found.append(_with_left_out(line, reports.without))
    found.append(_waited(figures, fewest))
    satisfied = SummedPart.from_data(figures["satisfied"])
    value, note = part_in_words(satisfied.part, None, fewest)
    if satisfied.part.whole.how == "none":
        value, note = gettext("cannot tell"), gettext("nobody was asked, or nobody answered")
    else:
        note = gettext("4 or 5 of 5, of those who answered; %(note)s") % {"note": note}
    found.append(_with_left_out(Line(value, gettext("satisfied"), note), satisfied.without))
    return found


def _promise(each: Mapping[str, Any], clause: Clause, per: str, fewest: int) -> Line:
    """How a clause was kept over the period, judged only where it is promised for such a one."""
    part = SummedPart.from_data(each).part
    line = promise_line(promise_of(clause).title, clause, part, fewest)
    late = part.whole.n - part.n if part.n is not None and part.whole.how == "exact" else None
    if late:
        said = ngettext("%(n)s late", "%(n)s late", late) % {"n": many(late)}
        line = replace(line, note=f"{line.note}, {said}")
    if clause.per == per or len(each["by_month"]) == 1:
        return line
    return replace(line, tone="", verdict="")


def _by_month(
    figures: Mapping[str, Any], clauses: Mapping[str, Clause], fewest: int
) -> list[ByMonth]:
    if len(figures["months"]) < 2:
        return []
    return [
        ByMonth(
            promise_of(clauses[each["clause"]]).title,
            tuple(
                (
                    month_name(Month.parse(month)),
                    promise_line("", clauses[each["clause"]], _part(part), fewest),
                )
                for month, part in each["by_month"]
            ),
        )
        for each in figures["kept"]
    ]


def _part(data: Mapping[str, Any]) -> Part:
    return Part(**{**data, "whole": Count(**data["whole"])})


def _waited(figures: Mapping[str, Any], fewest: int) -> Line:
    what = gettext("waited while closed")
    waited = Summed.from_data(figures["waited"])
    if waited.count.how == "none":
        return Line(gettext("no hours"), what, gettext("nobody waited outside service hours"))
    if figures["closed_seconds"] is None or waited.count.how not in ("exact", "part"):
        return Line(gettext("no figure"), what, gettext("it would tell of too few people"))
    hours = gettext("%(hours)s h") % {"hours": many(figures["closed_seconds"] // 3600)}
    note = gettext("%(n)s reports; the promise did not run then") % {
        "n": counted(waited.count, fewest)
    }
    return _with_left_out(Line(hours, what, note), waited.without)


def _with_left_out(line: Line, without: Sequence[str]) -> Line:
    if not without:
        return line
    said = gettext("without %(months)s, which would tell of too few people") % {
        "months": months_words(without)
    }
    return replace(line, note=f"{line.note}; {said}" if line.note else said)


def _left_out(figures: Mapping[str, Any], fewest: int) -> str:
    return gettext("Not in the shares: still undecided %(open)s, cancelled %(cancelled)s.") % {
        "open": counted(Count(**figures["undecided"]["count"]), fewest),
        "cancelled": counted(Count(**figures["cancelled"]["count"]), fewest),
    }


def _available(each: Mapping[str, Any]) -> Line:
    """How long a service was up in its span, against what was promised for that span."""
    service = timedelta(seconds=each["service_seconds"])
    down = timedelta(seconds=each["down_seconds"])
    span = gettext("%(first)s to %(last)s") % {
        "first": said_day(date.fromisoformat(each["from"])),
        "last": said_day(date.fromisoformat(each["to"])),
    }
    what = gettext("available: %(service)s") % {"service": each["service"]}
    if not service:
        return Line(
            gettext("no figure"), what, gettext("%(span)s: no service hours") % {"span": span}
        )
    hours = gettext("%(hours)s h") % {"hours": many(service // timedelta(hours=1))}
    said = gettext("%(span)s: %(down)s down in %(hours)s of service; recorded outages only") % {
        "span": span,
        "down": words.duration(down) if down else gettext("nothing"),
        "hours": hours,
    }
    value = percent(service - down, service) if each["recorded"] else gettext("no outage recorded")
    if each["share"] is None:
        return Line(value, what, said)
    promised = Decimal(each["share"])
    note = gettext("promised %(share)s a %(per)s, %(said)s") % {
        "share": share(promised),
        "per": period(each["per"]),
        "said": said,
    }
    if not each["recorded"]:
        # That nobody recorded an outage proves no promise.
        return Line(value, what, note)
    if each["service_seconds"] - each["down_seconds"] >= promised * each["service_seconds"]:
        return Line(value, what, note, "good", gettext("kept"))
    return Line(value, what, note, "late", gettext("less than promised"))


def _limits(figures: Mapping[str, Any], fewest: int) -> list[Line]:
    """How many there were beside how many the promises hold for."""
    found = []
    for each in figures["workloads"]:
        kinds = joined([str(labels.kind(kind).words) for kind in each["kinds"]])
        what = gettext("of at most %(n)s a %(per)s") % {
            "n": many(each["at_most"]),
            "per": period(each["per"]),
        }
        for span in each["spans"]:
            summed = Summed.from_data(span)
            note = ", ".join(filter(None, (kinds, months_words(span["months"]))))
            line = Line(counted(summed.count, fewest), what, note)
            if summed.count.how == "hidden":
                line = replace(line, value=gettext("no figure"))
            elif summed.count.how in ("exact", "part") and summed.count.n > each["at_most"]:
                line = replace(line, tone="late", verdict=gettext("more than agreed"))
            found.append(line)
    return found
