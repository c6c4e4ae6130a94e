"""What is due about agreements, as next steps: overdue reviews and actions, terms that end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tricorn.agreements import reviewed
from tricorn.agreements.jobs import endings_to_announce
from tricorn.agreements.models import Trial, TrialOffer
from tricorn.agreements.rhythm import Ending
from tricorn.web.reviewed import period_words, said_day

# Words, the button, the address.
Due = tuple[str, str, str]


def due(at: datetime) -> list[Due]:
    """Return what is due, the most pressing first. Five queries at most."""
    return [*_reviews(at), *_endings(at), *_wanted()]


def _reviews(at: datetime) -> Iterator[Due]:
    for row in reviewed.rows(at):
        review = row.review
        name = {
            "client": review.agreement.client,
            "title": review.version.title,
            "period": period_words(review),
        }
        url = reverse("manage:review", args=[review.pk])
        if row.is_overdue:
            said = gettext("%(client)s has not said how %(title)s was in %(period)s.") % name
            yield said, gettext("See the review"), url
        if n := row.overdue_actions:
            said = ngettext(
                "%(n)s action of the review of %(title)s, %(period)s, is overdue.",
                "%(n)s actions of the review of %(title)s, %(period)s, are overdue.",
                n,
            )
            yield said % {**name, "n": n}, gettext("See the review"), url


def _endings(at: datetime) -> Iterator[Due]:
    for version, ending in endings_to_announce(at):
        words = gettext("See the agreement")
        yield _ending(version.title, ending), words, reverse("manage:agreement", args=[version.pk])


def _ending(title: str, ending: Ending) -> str:
    name = {"title": title, "last": said_day(ending.last_day)}
    if ending.renews:
        said = gettext("%(title)s goes on by itself after %(last)s.") % name
    else:
        said = gettext("%(title)s ends on %(last)s; nothing follows it yet.") % name
    if ending.notice_by:
        day = {"day": said_day(ending.notice_by)}
        said = f"{said} {gettext('The last day for notice is %(day)s.') % day}"
    return said


def _wanted() -> Iterator[Due]:
    """Who asked for an offer after a trial, as long as that trial is open."""
    open_ones = TrialOffer.objects.filter(ended_at__isnull=True)
    rows = Trial.objects.filter(offer_asked_at__isnull=False, offer__in=open_ones)
    for trial in rows.select_related("service", "wants_offer_for").order_by("offer_asked_at"):
        said = gettext("%(client)s would like an offer for %(service)s.") % {
            "client": trial.wants_offer_for,
            "service": trial.service,
        }
        yield said, gettext("See the trial"), reverse("manage:trials")
