"""The figures of a review: months added up, nobody told of, late tickets for the provider alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import A7, HOUR, LONG_AGO
from tests.web.decide.month import people, told
from tricorn.agreements.models import Review
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement
from tricorn.insight.reviews import prepare_reviews
from tricorn.insight.scope import reviewed
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.tickets.verbs import Noted, begin_outage, end_outage

JULY = datetime(2026, 7, 6, 8, tzinfo=UTC)  # a Monday, 10:00 in Berlin
AUGUST = datetime(2026, 8, 3, 8, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 7, 8, tzinfo=UTC)
READ_AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
MORE = """
[[workload]]
id = "W1"
kinds = ["incident"]
at_most = 5
per = "month"

[[availability]]
id = "V1"
hours = "desk"
share = 0.995
per = "month"
"""


def agreed(per="quarter", more=""):
    text = f'{A7}{more}\n[review]\nper = "{per}"\n'
    return activate(Agreement.from_toml(text), by=COMMAND, at=LONG_AGO).version


@pytest.fixture
def version(mail, clive, finance):
    return agreed()


@pytest.fixture
def staff(finance):
    return people(8, finance)


def quarter():
    """The figures and the evidence of July to September."""
    prepare_reviews(READ_AT, by=WORKER)
    review = Review.objects.get(period_to="2026-09-30")
    return review.figures, review.evidence


def kept(figures, clause):
    return next(each for each in figures["kept"] if each["clause"] == clause)


def test_months_are_added_up_with_what_stands_behind_them(version, staff, mail, desi):
    for at in (JULY, AUGUST, SEPTEMBER):
        for person in staff:
            told(mail, person, desi, at=at)

    figures, evidence = quarter()

    assert figures["months"] == ["2026-07", "2026-08", "2026-09"]
    assert figures["reports"] == {"count": {"how": "exact", "n": 24}, "without": []}
    r2 = kept(figures, "R2")
    assert (r2["part"]["n"], r2["part"]["whole"]["n"], r2["share"]) == (24, 24, "0.95")
    assert [month for month, _ in r2["by_month"]] == figures["months"]
    assert evidence["reports"] == 24
    assert evidence["late"] == {}


def test_late_tickets_are_named_to_the_provider_and_counted_for_the_client(
    version, staff, mail, desi
):
    late = [told(mail, person, desi, at=JULY, takes=timedelta(days=9)).ref for person in staff[:6]]
    for person in staff:
        told(mail, person, desi, at=AUGUST)

    figures, evidence = quarter()

    r2 = kept(figures, "R2")["part"]
    assert (r2["n"], r2["whole"]["n"]) == (8, 14)
    assert evidence["late"] == {"R2": late}
    assert not any(ref in json.dumps(figures) for ref in late)


def test_a_few_late_ones_are_a_bound_and_no_number(version, staff, mail, desi):
    for at in (JULY, AUGUST, SEPTEMBER):
        for n, person in enumerate(staff):
            slow = at == JULY and n < 2
            told(mail, person, desi, at=at, takes=timedelta(days=9) if slow else HOUR)

    figures, evidence = quarter()

    part = kept(figures, "R2")["part"]
    assert part["n"] is None
    assert part["at_least"] == pytest.approx((4 + 16) / 24)
    assert evidence["late_counts"] == {"R2": 2}


def test_small_months_are_put_together(version, staff, mail, desi):
    for at, ones in ((JULY, staff[:3]), (AUGUST, staff[3:6]), (SEPTEMBER, staff[6:])):
        for person in ones:
            told(mail, person, desi, at=at)

    figures, _ = quarter()

    assert figures["reports"]["count"] == {"how": "exact", "n": 8}
    assert all(part["whole"]["how"] == "few" for _, part in kept(figures, "R2")["by_month"])


def test_one_small_month_beside_large_ones_is_left_out_and_named(version, staff, mail, desi):
    for at, ones in ((JULY, staff), (AUGUST, staff), (SEPTEMBER, staff[:2])):
        for person in ones:
            told(mail, person, desi, at=at)

    figures, _ = quarter()

    assert figures["reports"] == {"count": {"how": "exact", "n": 16}, "without": ["2026-09"]}
    assert kept(figures, "R2")["part"]["whole"]["n"] == 16
    assert kept(figures, "R2")["without"] == ["2026-09"]


def test_too_few_people_in_the_whole_period_give_no_figure(version, staff, mail, desi):
    for at in (JULY, AUGUST, SEPTEMBER):
        for person in staff[:2]:
            told(mail, person, desi, at=at)

    figures, _ = quarter()

    assert figures["reports"]["count"]["how"] == "few"
    assert '"n": 2' not in json.dumps(figures)
    assert '"n": 6' not in json.dumps(figures)


def test_a_period_without_tickets_has_nothing_to_judge_and_is_reviewed_all_the_same(version):
    figures, evidence = quarter()

    assert figures["reports"]["count"] == {"how": "none", "n": 0}
    assert evidence["reports"] == 0


def test_availability_is_measured_in_the_span_that_it_is_promised_for(mail, clive, finance, desi):
    agreed(more=MORE)
    noted = Noted(services=(mail,), began_at=JULY)
    end_outage(
        begin_outage(noted, by=desi.actor, at=JULY),
        by=desi.actor,
        at=JULY + 3 * HOUR,
        ended_at=JULY + 3 * HOUR,
    )

    figures, _ = quarter()

    july, august, _ = figures["available"]
    assert (july["id"], july["from"], july["to"], july["share"]) == (
        "V1",
        "2026-07-01",
        "2026-07-31",
        "0.995",
    )
    assert (july["down_seconds"], july["service_seconds"]) == (3 * 3600, 23 * 12 * 3600)
    assert (august["down_seconds"], august["recorded"]) == (0, 0)


def test_the_volume_stands_beside_its_limit_month_by_month(staff, mail, clive, finance, desi):
    agreed(more=MORE)
    for person in staff:
        told(mail, person, desi, at=JULY)

    figures, evidence = quarter()

    (limit,) = figures["workloads"]
    assert (limit["at_most"], [each["count"]["n"] for each in limit["spans"]]) == (5, [8, 0, 0])
    assert evidence["workloads"]["W1"][0] == [["2026-07"], 8]


def test_reviews_are_prepared_once_and_cheaply_looked_for(version, django_assert_max_num_queries):
    assert prepare_reviews(READ_AT, by=WORKER) == 2  # May and June; July to September

    with django_assert_max_num_queries(8):
        assert prepare_reviews(READ_AT, by=WORKER) == 0


def test_an_agreement_without_a_rhythm_is_not_looked_at(a7):
    assert reviewed() == []
    assert prepare_reviews(READ_AT, by=WORKER) == 0


CREDITS = """
[[credit]]
clause = "R2"
percent = 10

[[credit]]
clause = "V1"
amount = 500
"""


def test_credits_are_said_to_both_sides_where_they_may_be(staff, mail, clive, finance, desi):
    agreed(more=MORE + CREDITS)
    for person in staff:
        told(mail, person, desi, at=JULY, takes=timedelta(days=9))
        told(mail, person, desi, at=AUGUST)

    figures, evidence = quarter()

    due = {(each["clause"], each["months"][0]): each for each in figures["credits"]}
    assert due["R2", "2026-07"]["amount"] == "824.00"
    assert due["R2", "2026-08"]["amount"] == "0.00"
    assert due["R2", "2026-09"]["amount"] is None
    assert due["V1", "2026-07"]["amount"] == "0.00"
    assert figures["credits"] == evidence["credits"]


def test_a_credit_that_would_tell_of_a_few_is_for_the_provider_alone(
    staff, mail, clive, finance, desi
):
    agreed(more=MORE + CREDITS)
    for n, person in enumerate(staff):
        told(mail, person, desi, at=JULY, takes=timedelta(days=9) if n < 2 else HOUR)

    figures, evidence = quarter()

    client, provider = (each["credits"][0] for each in (figures, evidence))
    assert (client["amount"], provider["amount"]) == ("824.00", "824.00")
    assert client["words"] == []  # some were late, and all the promise misses by is one
    assert "75 %" in provider["words"][0]
