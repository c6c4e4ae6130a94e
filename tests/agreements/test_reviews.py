"""Reviews: prepared once after each period, judged once by who may, with actions that end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import A7, LONG_AGO, somebody
from tricorn.agreements import rhythm
from tricorn.agreements.jobs import say_what_is_due
from tricorn.agreements.models import Review, ReviewAction
from tricorn.agreements.rhythm import ReviewPeriod
from tricorn.agreements.verbs import (
    activate,
    add_action,
    end_action,
    give_verdict,
    prepare_review,
)
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.models import Line
from tricorn.standing.verbs import grant, withdraw

NOVEMBER = datetime(2026, 11, 2, 9, tzinfo=UTC)
OCTOBER = ReviewPeriod(date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 14), "month")


def reviewed(per="month", more=""):
    """Put A-7 into force with a rhythm of reviews, and `more` in its first table."""
    text = A7.replace("from = 2026-05-04", f"from = 2026-05-04\n{more}")
    text += f'\n[review]\nper = "{per}"\nwithin = "14 days"\n'
    return activate(Agreement.from_toml(text), by=COMMAND, at=LONG_AGO).version


@pytest.fixture
def version(mail, clive, finance):
    return reviewed()


@pytest.fixture
def judge(clive, finance):
    """Clive may decide for Finance."""
    return grant(clive, finance, ["decide"], by=COMMAND, at=LONG_AGO)[0]


@pytest.fixture
def review(version):
    return prepare_review(version.agreement, OCTOBER, {"n": 1}, at=NOVEMBER, by=WORKER)


def rows():
    return (
        list(Review.objects.values_list()),
        list(ReviewAction.objects.values_list()),
        Line.objects.count(),
    )


def of(version, at):
    versions = list(version.agreement.versions.order_by("number"))
    return [(each.first, each.last) for each in rhythm.periods(versions, at=at)]


def test_a_period_is_a_month_by_the_calendar_of_the_agreement(version):
    assert of(version, datetime(2026, 5, 31, 21, 59, tzinfo=UTC)) == []
    # Midnight in Berlin: May is over, of which the agreement ran from the fourth on.
    assert of(version, datetime(2026, 5, 31, 22, tzinfo=UTC)) == [
        (date(2026, 5, 4), date(2026, 5, 31))
    ]
    assert of(version, NOVEMBER)[-1] == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("per", "expected"),
    [
        ("quarter", [("2026-05-04", "2026-06-30"), ("2026-07-01", "2026-09-30")]),
        ("year", []),
    ],
)
def test_quarters_and_years_follow_the_calendar(mail, clive, finance, per, expected):
    found = of(reviewed(per), NOVEMBER)

    assert [(str(first), str(last)) for first, last in found] == expected


def test_what_was_over_before_the_agreement_was_on_record_is_not_reviewed(mail, clive, finance):
    text = f'{A7}\n[review]\nper = "month"\n'
    version = activate(Agreement.from_toml(text), by=COMMAND, at=NOVEMBER).version

    assert of(version, NOVEMBER + timedelta(days=40)) == [(date(2026, 11, 1), date(2026, 11, 30))]


def test_an_agreement_that_ends_within_a_month_is_reviewed_to_its_last_day(mail, clive, finance):
    version = reviewed(more="to = 2026-10-15")

    assert of(version, datetime(2026, 12, 24, tzinfo=UTC))[-1] == (
        date(2026, 10, 1),
        date(2026, 10, 15),
    )


def test_an_agreement_without_a_rhythm_has_no_reviews(a7):
    assert of(a7, NOVEMBER) == []

    with pytest.raises(BadInput, match="A-7 is not reviewed from 1 October 2026"):
        prepare_review(a7.agreement, OCTOBER, {}, at=NOVEMBER, by=WORKER)

    assert not Review.objects.exists()


def test_a_review_is_prepared_once(review, version):
    again = prepare_review(version.agreement, OCTOBER, {"n": 2}, at=NOVEMBER, by=WORKER)

    assert (again.pk, again.figures, again.due_on) == (review.pk, {"n": 1}, date(2026, 11, 14))
    assert Line.objects.filter(kind="review.prepared").count() == 1


def test_a_period_that_is_not_over_is_refused_and_nothing_is_written(version):
    before = rows()

    with pytest.raises(BadInput) as refusal:
        prepare_review(
            version.agreement, OCTOBER, {}, at=datetime(2026, 10, 31, 22, tzinfo=UTC), by=WORKER
        )

    assert str(refusal.value) == (
        "The period of A-7 to 31 October 2026 is not over. "
        "Its review is prepared from 1 November 2026 on."
    )
    assert rows() == before


def test_who_may_decide_says_how_it_was(review, judge, clive):
    said = give_verdict(review, "partly", by=clive.actor, at=NOVEMBER, remarks="Mondays.\nSlow.")

    assert (said.verdict, said.remarks, said.verdict_by) == ("partly", "Mondays.\nSlow.", clive)
    line = Line.objects.get(kind="review.judged")
    assert line.data == {"verdict": "partly"}
    assert "Mondays" not in str(line.data)
    assert len(line.digest) == 64


def test_a_verdict_stands(review, judge, clive):
    give_verdict(review, "met", by=clive.actor, at=NOVEMBER)
    before = rows()

    with pytest.raises(MoveRefused, match="Clive said “met” on this review on 2 November 2026"):
        give_verdict(review, "not_met", by=clive.actor, at=NOVEMBER)

    assert rows() == before


def test_who_may_not_decide_hears_who_may(review, judge, cleo):
    before = rows()

    with pytest.raises(StandingRefused, match="Clive"):
        give_verdict(review, "met", by=cleo.actor, at=NOVEMBER)

    assert rows() == before


def test_a_withdrawn_authority_decides_nothing(review, judge, clive):
    withdraw(judge, by=COMMAND, at=NOVEMBER)

    with pytest.raises(StandingRefused):
        give_verdict(review, "met", by=clive.actor, at=NOVEMBER)


def test_an_authority_for_another_client_decides_nothing(review, judge, house):
    olga = somebody("Olga")
    grant(olga, house.provider, ["decide", "sign"], by=COMMAND, at=LONG_AGO)

    with pytest.raises(StandingRefused):
        give_verdict(review, "met", by=olga.actor, at=NOVEMBER)


def test_a_word_that_is_no_verdict_is_refused(review, judge, clive):
    with pytest.raises(BadInput, match="met, partly met, or not met"):
        give_verdict(review, "splendid", by=clive.actor, at=NOVEMBER)


def test_an_action_is_written_down_once_and_ends_once(review, judge, clive, mo):
    due = date(2026, 11, 20)
    action = add_action(
        review, "Call on Mondays", "provider", by=clive.actor, at=NOVEMBER, owner=mo, due_on=due
    )
    again = add_action(
        review, "Call on Mondays", "provider", by=clive.actor, at=NOVEMBER, owner=mo, due_on=due
    )
    done = end_action(action, "done", by=mo.actor, at=NOVEMBER)

    assert again == action
    assert (done.state, done.ended_at) == ("done", NOVEMBER)
    with pytest.raises(MoveRefused, match="This action is done already"):
        end_action(action, "dropped", by=mo.actor, at=NOVEMBER, note="No.")


def test_dropping_an_action_takes_a_word(review, clive):
    action = add_action(review, "Call", "client", by=clive.actor, at=NOVEMBER)

    with pytest.raises(BadInput, match="Say in a word why it is dropped"):
        end_action(action, "dropped", by=clive.actor, at=NOVEMBER)

    action.refresh_from_db()
    assert action.state == "open"


@pytest.mark.parametrize(
    ("words", "side", "due_on", "sentence"),
    [
        (" ", "client", None, "The action is empty"),
        ("Call", "lawyer", None, "client or provider"),
        ("Call", "client", date(2026, 11, 1), "That day has passed"),
    ],
)
def test_an_action_that_makes_no_sense_is_refused(review, clive, words, side, due_on, sentence):
    before = rows()

    with pytest.raises(BadInput, match=sentence):
        add_action(review, words, side, by=clive.actor, at=NOVEMBER, due_on=due_on)

    assert rows() == before


def test_an_overdue_verdict_is_told_once(review):
    due = datetime(2026, 11, 14, 22, tzinfo=UTC)  # 23:00 in Berlin, still the last day

    assert say_what_is_due(due, by=WORKER) == 0
    assert say_what_is_due(due + timedelta(hours=1), by=WORKER) == 1
    assert say_what_is_due(due + timedelta(days=9), by=WORKER) == 0
    assert Line.objects.filter(kind="review.overdue", subject_id=review.pk).count() == 1


def test_what_is_judged_is_not_overdue(review, judge, clive):
    give_verdict(review, "met", by=clive.actor, at=NOVEMBER)

    assert say_what_is_due(NOVEMBER + timedelta(days=60), by=WORKER) == 0


def test_notice_is_announced_once_thirty_days_before_its_last_day(mail, clive, finance):
    reviewed(more='to = 2027-05-03\nnotice = "3 months"\nrenews = "12 months"')
    first = datetime(2027, 1, 4, 9, tzinfo=UTC)  # notice by 3 February

    assert say_what_is_due(first - timedelta(days=1), by=WORKER) == 0
    assert say_what_is_due(first, by=WORKER) == 1
    assert say_what_is_due(first + timedelta(days=1), by=WORKER) == 0
    line = Line.objects.get(kind="agreement.ending_announced")
    assert (line.data["notice_by"], line.data["last_day"]) == ("2027-02-03", "2027-05-03")


def test_an_agreement_without_an_end_announces_none(version):
    assert say_what_is_due(datetime(2030, 1, 1, tzinfo=UTC), by=WORKER) == 0
