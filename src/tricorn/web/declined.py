"""Declined options that come back, in words: what was kept, and what happened. Both, calmly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, pgettext

from tricorn.agreements.models import Option
from tricorn.engine.declined import Kept
from tricorn.insight.considered import Down
from tricorn.insight.declined import CameBack, OwnCovered
from tricorn.insight.figures import Prevented
from tricorn.web import words


@dataclass(frozen=True)
class DeclinedShown:
    """One declined option: that it was considered and what was kept, then what happened.

    `about_nobody` is whether an outage speaks for it: no single person is concerned by that.
    """

    option: Option
    considered: str
    happened: tuple[str, ...]
    about_nobody: bool
    asked_again: str
    on_file: str


def declined_shown(
    found: Iterable[CameBack],
    *,
    few: str,
    month: str,
    at: datetime,
    zone: str,
    is_provider: bool = False,
) -> tuple[DeclinedShown, ...]:
    """Return the options that came back, each in words. `month` is that of the reports."""
    there = ZoneInfo(zone)
    return tuple(_shown(each, (few, month), at, there, is_provider) for each in found)


def _shown(
    each: CameBack, named: tuple[str, str], at: datetime, zone: ZoneInfo, is_provider: bool
) -> DeclinedShown:
    today = at.astimezone(zone).date()
    happened = [own_sentence(one, zone) for one in each.own]
    if each.prevented is not None:
        happened.append(reports_sentence(each.prevented, *named))
    happened += [down_sentence(one, at, zone) for one in each.downs]
    asked = ""
    if each.asked_at is not None:
        asked = gettext("It was asked for again on %(day)s.") % {
            "day": day(each.asked_at.astimezone(zone).date(), today)
        }
    return DeclinedShown(
        option=each.considered.option,
        considered=considered_sentence(each, today),
        happened=tuple(happened),
        about_nobody=bool(each.downs),
        asked_again=asked,
        on_file=_on_file(each.considered.option.offer_id, is_provider),
    )


def considered_sentence(each: CameBack, today: date) -> str:
    """Say that it was considered, for how much, and what was kept: "... 400 EUR a month. Since ..."."""
    named = {
        "name": each.considered.option.name,
        "day": day(each.considered.declined_on, today),
    }
    found = each.kept
    if found is None:
        return gettext("“%(name)s” was considered on %(day)s.") % named
    if found.per_month is None or found.total is None:
        return (
            gettext("“%(name)s” was considered on %(day)s. What was kept since, we cannot tell.")
            % named
        )
    named["price"] = _price(found)
    said = (
        gettext("“%(name)s” was considered on %(day)s: %(price)s a month more.")
        if found.is_more
        else gettext("“%(name)s” was considered on %(day)s: %(price)s a month.")
    ) % named
    if found.per_month <= 0:
        return gettext("“%(name)s” was considered on %(day)s.") % named
    return " ".join([said, *_kept(found, each.considered.declined_on, today)])


def _price(found: Kept) -> str:
    return money(found.per_month or Decimal(0), found.currency)


def _kept(found: Kept, declined_on: date, today: date) -> list[str]:
    if not found.months:
        return []
    months = ngettext("%(n)d month", "%(n)d months", found.months) % {"n": found.months}
    named = {
        "months": months,
        "total": money(found.total or Decimal(0), found.currency),
        "day": day(found.since, today),
    }
    if found.since > declined_on:
        return [gettext("Since %(day)s %(months)s, %(total)s kept.") % named]
    return [gettext("Since then %(months)s, %(total)s kept.") % named]


def own_sentence(each: OwnCovered, zone: ZoneInfo) -> str:
    """Say what it would have covered of the reader's own matter."""
    named = {
        "began": moment(each.own.began_at, zone),
        "inside": words.duration(timedelta(seconds=each.covered.seconds)),
        "all": words.duration(timedelta(seconds=each.own.closed_seconds)),
    }
    said = gettext(
        "It would have covered yours of %(began)s: %(inside)s of the %(all)s while closed."
    )
    if each.covered.seconds >= each.own.closed_seconds - 1:
        said = gettext("It would have covered yours of %(began)s: all %(all)s while closed.")
    if each.covered.started_at is None:
        return said % named
    start = gettext("Help would have started %(moment)s.") % {
        "moment": moment(each.covered.started_at, zone)
    }
    if each.covered.started_at <= each.own.reported_at:
        start = gettext("Help would have started at once.")
    return f"{said % named} {start}"


def reports_sentence(each: Prevented, few: str, month: str) -> str:
    """Say how many reports it would have covered; never a number about a few people."""
    if each.reports.how != "exact":
        return gettext("It would have covered %(few)s or more reports of %(month)s.") % {
            "few": few,
            "month": month,
        }
    n = number_format(each.reports.n, use_l10n=True, force_grouping=True)
    if each.seconds is None:
        return gettext("It would have covered %(n)s reports of %(month)s.") % {
            "n": n,
            "month": month,
        }
    hours = number_format(each.seconds // 3600, use_l10n=True, force_grouping=True)
    return gettext(
        "It would have covered %(n)s reports of %(month)s: %(hours)s h of what they waited while "
        "closed."
    ) % {"n": n, "month": month, "hours": hours}


def down_sentence(each: Down, at: datetime, zone: ZoneInfo) -> str:
    """Say that a service was down, and how much of that lay in the option's hours alone."""
    named = {
        "service": each.service,
        "began": moment(each.began_at, zone),
        "inside": words.duration(timedelta(seconds=each.seconds)),
    }
    if each.ended_at is None or each.ended_at > at:
        return (
            gettext(
                "%(service)s has been down since %(began)s. It would have covered %(inside)s of it."
            )
            % named
        )
    named["ended"] = moment(each.ended_at, zone)
    return (
        gettext(
            "%(service)s was down from %(began)s to %(ended)s. "
            "It would have covered %(inside)s of it."
        )
        % named
    )


def money(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency; hundredths only where there are some."""
    places = 0 if amount == amount.to_integral_value() else 2
    said = number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{said} {currency}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment with its weekday: that it was a Saturday is the point."""
    return date_format(at.astimezone(zone), pgettext("weekday and time", "l j F, H:i"))


def day(on: date, today: date) -> str:
    """Return "4 May", with the year when it is another."""
    if on.year == today.year:
        return date_format(on, pgettext("day of this year", "j F"))
    return date_format(on, pgettext("day of another year", "j F Y"))


def _on_file(offer: int, is_provider: bool) -> str:
    """Return the address of the offer on file; empty where there is no page for it."""
    try:
        return reverse("manage:offer" if is_provider else "decide:offer", args=[offer])
    except NoReverseMatch:
        return ""
