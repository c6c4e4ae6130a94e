"""Times and figures as people say them, at fixed moments."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context

from tricorn.web import labels, words
from tricorn.web.templatetags import tricorn as tags

VIENNA = ZoneInfo("Europe/Vienna")
SATURDAY = datetime(2026, 11, 21, 13, 10, tzinfo=UTC)  # 14:10 in Vienna


def vienna(*parts):
    return datetime(*parts, tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=40, seconds=59), "40 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=10, minutes=59), "10 h"),
        (timedelta(hours=46), "46 h"),
        (timedelta(hours=71, minutes=59), "71 h"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=1, hours=-24), "under a minute"),
        (timedelta(hours=-46), "46 h"),
    ],
)
def test_a_span_is_said_in_few_words_and_never_rounded_up(span, said):
    assert words.duration(span) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (vienna(2026, 11, 21, 14, 10), "today 14:10"),
        (vienna(2026, 11, 21, 0, 0), "today 00:00"),
        (vienna(2026, 11, 22, 0, 0), "tomorrow 00:00"),
        (vienna(2026, 11, 20, 23, 59), "yesterday 23:59"),
        (vienna(2026, 11, 23, 8, 0), "Monday 08:00, in 2 days"),
        (vienna(2026, 11, 16, 9, 30), "Monday 09:30"),
        (vienna(2026, 12, 4, 9, 0), "4 December 09:00, in 13 days"),
        (vienna(2026, 5, 4, 9, 0), "4 May 09:00"),
        (vienna(2025, 5, 4, 9, 0), "4 May 2025"),
    ],
)
def test_a_moment_is_said_by_its_distance_on_the_calendar(moment, said):
    assert words.when(moment, at=SATURDAY, zone=VIENNA) == said


def test_the_day_is_the_readers_day_not_that_of_utc():
    late_evening = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    assert words.when(late_evening, at=SATURDAY, zone=VIENNA) == "tomorrow 00:30"
    assert words.when(late_evening, at=SATURDAY, zone=ZoneInfo("UTC")) == "today 23:30"


def test_days_ahead_are_counted_on_the_calendar_across_a_clock_change():
    friday = vienna(2026, 10, 23, 9, 0)

    assert words.when(vienna(2026, 10, 26, 8, 0), at=friday, zone=VIENNA).endswith("in 3 days")


def test_the_exact_moment_names_day_year_and_zone():
    assert words.exact(SATURDAY, zone=VIENNA) == "Saturday 21 November 2026, 14:10 CET"
    assert words.machine(SATURDAY) == "2026-11-21T13:10:00Z"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.962, "96.2 %"), (0.95, "95 %"), (1.0, "100 %"), (0.0, "0 %"), (None, "cannot tell yet")],
)
def test_a_share_is_said_in_percent_or_not_at_all(value, said):
    assert words.share(value) == said


def test_nothing_short_of_all_reads_as_all():
    assert words.share(0.9996) == "99.9 %"
    assert words.share(0.0004) == "0.1 %"


def test_a_missed_target_never_reads_as_if_it_were_met():
    assert words.share_beside(0.9496, 0.95) == "94.96 %"
    assert words.share_beside(0.94999, 0.95) == "94.999 %"
    assert words.share_beside(0.95, 0.95) == "95 %"
    assert words.share_beside(None, 0.95) == "cannot tell yet"


def test_an_interval_is_rounded_outwards():
    assert words.interval(0.9342, 0.9701) == "93–98 %"
    assert words.interval(0.29, 0.58) == "29–58 %"
    assert words.interval(None, None) == ""


def standing(due=None, breach=None, held="", door="desk"):
    due_at = None if due is None else SATURDAY + timedelta(minutes=due)
    breach_at = None if breach is None else SATURDAY + timedelta(minutes=breach)
    return tags.standing_of(due_at, breach_at, held, door, SATURDAY, VIENNA)


def test_a_promise_says_when_it_is_due():
    assert standing(due=150).words == "due in 2 h"
    assert standing(due=12).words == "due in 12 min"
    assert standing(due=2600).words == "due Monday 09:30, in 2 days"
    assert standing().words == "no date promised"


def test_a_promise_is_late_only_after_the_last_instant_at_which_it_is_kept():
    assert standing(due=0, breach=0).tone == "soon"
    assert standing(due=-40, breach=-40).words == "late by 40 min"
    assert standing(due=-40, breach=2600).words == "in time until Monday 09:30, in 2 days"


def test_who_holds_things_up_is_named_for_the_reader():
    assert standing(due=100, held="customer", door="my").words == "waiting for you"
    assert standing(due=100, held="customer", door="desk").words == "waiting for the person asking"
    assert standing(due=100, held="client", door="decide").words == "waiting for you"
    assert standing(due=100, held="provider", door="my").words == "due in 1 h"


def test_lateness_is_said_even_while_waiting():
    assert standing(due=-40, held="client").words == "late by 40 min"


def test_the_word_user_is_never_shown():
    every = [*labels.STATES.values(), *labels.KINDS.values(), *labels.PRIORITIES.values()]
    shown = [str(label.words) for label in every]
    for door in ("", "report", "my", "decide", "desk", "manage"):
        shown += [str(labels.holder(code, door=door)) for code in labels.HOLDERS]

    assert [word for word in shown if "user" in word.lower() or word == "wish"] == []


def test_what_people_wrote_is_shown_as_text():
    text = 'Hello <script>alert(1)</script>\nsee https://a.example/?q="<b>" now'

    shown = tags.spoken(text)

    assert "<script" not in shown
    assert "<b>" not in shown
    assert "<br>" in shown
    assert 'rel="nofollow"' in shown
    assert shown.count('href="https://') == 1


def test_a_link_that_runs_a_program_stays_text():
    assert "href" not in tags.spoken("javascript:alert(1)")
    assert tags.spoken(None) == '<div class="spoken" dir="auto"></div>'


def test_a_time_carries_the_exact_moment_in_its_title():
    shown = tags.when(Context({"at": SATURDAY, "zone": VIENNA}), SATURDAY)

    assert shown == (
        '<time datetime="2026-11-21T13:10:00Z" '
        'title="Saturday 21 November 2026, 14:10 CET">today 14:10</time>'
    )


def test_a_telephone_link_keeps_digits_and_the_leading_plus():
    assert tags.phone("+43 (1) 5555-0") == "+43155550"
    assert tags.phone(5555) == "5555"
