"""Figures of a month in words: what a client reads, never more than may be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext

from tricorn.agreements.models import Clause
from tricorn.engine import measures
from tricorn.engine.availability import percent
from tricorn.insight.availability import Up
from tricorn.insight.figures import Count, Figures, Part
from tricorn.insight.month import Month
from tricorn.insight.own import Own
from tricorn.insight.scope import Party
from tricorn.web import charts, labels, words
from tricorn.web.decide.plain import number_in_words, promise_of
from tricorn.web.declined import DeclinedShown


@dataclass(frozen=True)
class Line:
    """One figure: the big words, what they are of, and the small print behind them.

    `tone` is "late" where a promise was not kept, "good" where it was, else empty.
    """

    value: str
    what: str
    note: str
    tone: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class OwnLine:
    """The reader's own matter in one sentence."""

    own: Own
    began: str
    is_waited: bool
    closed: timedelta

    @property
    def summary(self) -> str:
        """What it was about, without the full stop: the sentence goes on behind it."""
        return self.own.summary.rstrip(".") or self.own.summary


@dataclass(frozen=True)
class Available:
    """How long one service was up, and the arithmetic behind it."""

    line: Line
    service: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class MonthShown:
    """One agreement's month on the page; `nothing` says why there are no figures, if so."""

    party: Party
    title: str
    promises: tuple[Line, ...]
    lines: tuple[Line, ...]
    pictures: tuple[charts.Share | charts.Bars, ...]
    left_out: str
    own: tuple[OwnLine, ...]
    nothing: str
    available: tuple[Available, ...] = ()
    declined: tuple[DeclinedShown, ...] = ()


def month_name(month: Month) -> str:
    return date_format(month.day, "F Y")


def day_and_time(at: datetime, zone: str) -> str:
    """Return a moment with its weekday: that it was a Saturday is the point."""
    return date_format(at.astimezone(ZoneInfo(zone)), pgettext("weekday and time", "l j F, H:i"))


def many(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)


def counted(count: Count, fewest: int) -> str:
    """Return a count in words: "312", "fewer than five", "five or more", "none"."""
    few = number_in_words(fewest)
    return {
        "exact": many(count.n),
        "part": gettext("%(n)s and a few more") % {"n": many(count.n)},
        "few": gettext("fewer than %(few)s") % {"few": few},
        "hidden": gettext("%(few)s or more") % {"few": few},
        "none": gettext("none"),
    }[count.how]


def month_shown(
    party: Party,
    figures: Figures,
    month: Month,
    own: list[Own],
    fewest: int,
    zone: str,
    *,
    up: Sequence[Up] = (),
    declined: tuple[DeclinedShown, ...] = (),
) -> MonthShown:
    """Return a month in words and pictures. Reads no database."""
    clauses = {clause.pk: clause for clause in party.clauses}
    kept = [(clauses[each.clause], each.part) for each in figures.promises]
    running = {version.pk for version in party.versions_in(month)}
    kept = [(clause, part) for clause, part in kept if clause.version_id in running]
    return MonthShown(
        party=party,
        title=party.latest(month.end(party.zone)).title,
        promises=tuple(
            promise_line(named(party, clause, month), clause, part, fewest) for clause, part in kept
        ),
        lines=(
            reports_line(figures, fewest),
            waited_line(figures, fewest),
            satisfied_line(figures, fewest),
        ),
        pictures=tuple(
            [
                share_picture(named(party, clause, month), clause, part)
                for clause, part in kept
                if part.n is not None and part.whole.n
            ]
            + [volume_picture(figures, fewest)]
            if figures.reports.how != "none"
            else []
        ),
        left_out=left_out(figures, fewest),
        own=own_lines(own, zone),
        nothing=nothing_to_show(figures, fewest),
        available=tuple(available_line(each, party.zone) for each in up),
        declined=declined,
    )


def own_lines(own: Sequence[Own], zone: str) -> tuple[OwnLine, ...]:
    """Return the reader's own matters, each ready for one sentence."""
    return tuple(
        OwnLine(
            each,
            day_and_time(each.began_at, zone),
            each.closed_seconds >= 60,
            timedelta(seconds=each.closed_seconds),
        )
        for each in own
    )


def available_line(up: Up, zone: str) -> Available:
    """Return the availability of a service; nothing recorded is said as that."""
    found = up.found
    what = gettext("available: %(service)s") % {"service": up.service}
    if not found.service:
        value, note = gettext("no figure"), gettext("no service hours in this month")
    elif not found.recorded:
        value = gettext("no outage recorded")
        what = up.service
        note = gettext("in %(hours)s of service; recorded outages only")
    else:
        value = percent(found.up, found.service)
        note = gettext("%(down)s down in %(hours)s of service; recorded outages only")
    none = gettext("nothing")
    note %= {
        "down": words.duration(found.down) if found.down else none,
        "hours": _hours(found.service),
    }
    return Available(Line(value, what, note), up.service, found.explain(zone))


def _hours(span: timedelta) -> str:
    """Return a whole month of service in hours: days would be of no set length."""
    return gettext("%(hours)s h") % {"hours": many(span // timedelta(hours=1))}


def nothing_to_show(figures: Figures, fewest: int) -> str:
    """Say why a month has no figures at all; empty when it has some."""
    if figures.reports.how == "none":
        return gettext("Nothing was reported in this month.")
    if figures.reports.how == "few":
        return gettext(
            "What was reported in this month is about fewer than %(few)s people, "
            "so there are no figures."
        ) % {"few": number_in_words(fewest)}
    return ""


def named(party: Party, clause: Clause, month: Month) -> str:
    """Return the clause's short title, with its version where the month had two."""
    title = promise_of(clause).title
    if len(party.versions_in(month)) < 2:
        return title
    number = next(v.number for v in party.versions if v.pk == clause.version_id)
    return gettext("%(title)s (version %(number)d)") % {"title": title, "number": number}


def promised(clause: Clause) -> str:
    if clause.share is None:
        return ""
    return gettext("promised %(share)s") % {"share": words.share(float(clause.share))}


def promise_line(title: str, clause: Clause, part: Part, fewest: int) -> Line:
    """Return how a clause was kept: the share with n and interval, or what may be said of it."""
    target = float(clause.share) if clause.share is not None else None
    what = gettext("on time: %(title)s") % {"title": title}
    value, note = part_in_words(part, target, fewest)
    note = ", ".join(each for each in (promised(clause), note) if each)
    low, high = bounds(part)
    if target is None or low is None or high is None:
        return Line(value, what, note)
    if low >= target:
        return Line(value, what, note, "good", gettext("kept"))
    if high < target:
        return Line(value, what, note, "late", gettext("less than promised"))
    return Line(value, what, note)


def bounds(part: Part) -> tuple[float | None, float | None]:
    """Return between which shares the truth lies, as far as it is shown."""
    if part.n is not None and part.whole.n:
        return part.n / part.whole.n, part.n / part.whole.n
    most = (part.whole.n - 1) / part.whole.n if part.whole.n else None
    if part.at_least is not None:
        return part.at_least, most
    if part.at_most is not None:
        return 1 / part.whole.n, part.at_most
    return None, None


def part_in_words(part: Part, target: float | None, fewest: int) -> tuple[str, str]:
    """Return a share and the small print: n and interval, or why there is none."""
    few = number_in_words(fewest)
    if part.whole.how == "none":
        return gettext("no figure"), gettext("there was nothing to count")
    if part.whole.how == "few":
        return gettext("no figure"), gettext("fewer than %(few)s people") % {"few": few}
    if part.whole.how == "hidden":
        return gettext("no figure"), gettext("it would tell of fewer than %(few)s people") % {
            "few": few
        }
    n = gettext("n %(n)s") % {"n": counted(part.whole, fewest)}
    others = gettext("%(n)s; the rest is about fewer than %(few)s people") % {"n": n, "few": few}
    if part.n is not None:
        found = measures.share(part.n, part.whole.n)
        inside = f"{n}, {words.interval(found.low, found.high)}"
        if found.can_tell:
            return words.share_beside(found.value, target), inside
        return gettext("cannot tell"), gettext("%(inside)s: too few") % {"inside": inside}
    if part.at_least is not None:
        return gettext("at least %(share)s") % {"share": floor(part.at_least)}, others
    if part.at_most is not None:
        return gettext("at most %(share)s") % {"share": ceil(part.at_most)}, others
    return gettext("no figure"), others


def floor(share: float) -> str:
    """Return a lower bound in whole percents, never above the truth."""
    return words.share(int(round(share * 100, 6)) / 100)


def ceil(share: float) -> str:
    return words.share(-int(-round(share * 100, 6) // 1) / 100)


def reports_line(figures: Figures, fewest: int) -> Line:
    return Line(
        counted(figures.reports, fewest), gettext("reports"), kinds_in_words(figures, fewest)
    )


def kinds_in_words(figures: Figures, fewest: int) -> str:
    said = [f"{labels.kind(kind).words} {counted(count, fewest)}" for kind, count in figures.kinds]
    return ", ".join(said)


def waited_line(figures: Figures, fewest: int) -> Line:
    what = gettext("waited while closed")
    if figures.waited.how == "none":
        return Line(gettext("no hours"), what, gettext("nobody waited outside service hours"))
    if figures.closed_seconds is None:
        few = gettext("reports of fewer than %(few)s people") % {"few": number_in_words(fewest)}
        hidden = gettext("it would tell of fewer than %(few)s people") % {
            "few": number_in_words(fewest)
        }
        note = few if figures.waited.how == "few" else hidden
        return Line(gettext("no figure"), what, note)
    hours = gettext("%(hours)s h") % {"hours": many(figures.closed_seconds // 3600)}
    reports = gettext("%(n)s reports; the promise did not run then") % {
        "n": counted(figures.waited, fewest)
    }
    return Line(hours, what, reports)


def satisfied_line(figures: Figures, fewest: int) -> Line:
    value, note = part_in_words(figures.satisfied, None, fewest)
    if figures.satisfied.whole.how == "none":
        return Line(value, gettext("satisfied"), gettext("nobody was asked, or nobody answered"))
    said = gettext("4 or 5 of 5, of those who answered; %(note)s") % {"note": note}
    return Line(value, gettext("satisfied"), said)


def left_out(figures: Figures, fewest: int) -> str:
    """Say what the shares leave out, and how many that are."""
    return gettext("Not in the shares: still undecided %(open)s, cancelled %(cancelled)s.") % {
        "open": counted(figures.undecided, fewest),
        "cancelled": counted(figures.cancelled, fewest),
    }


def share_picture(title: str, clause: Clause, part: Part) -> charts.Share:
    found = measures.share(part.n or 0, part.whole.n)
    return charts.Share(
        gettext("On time: %(title)s") % {"title": title},
        found.value,
        found.low,
        found.high,
        float(clause.share) if clause.share is not None else None,
        found.n,
    )


def volume_picture(figures: Figures, fewest: int) -> charts.Bars:
    return charts.Bars(
        gettext("Reports by kind"),
        tuple(
            charts.Bar(
                str(labels.kind(kind).words).capitalize(),
                float(count.n) if count.how == "exact" else None,
                many(count.n),
                counted(count, fewest),
            )
            for kind, count in figures.kinds
        ),
    )
