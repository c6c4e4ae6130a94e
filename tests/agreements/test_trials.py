"""Free trials: begun by one press, over by themselves, asked about once."""

from datetime import timedelta

import pytest

from tests.cast import LONG_AGO, NOON, make_ticket
from tricorn.agreements.jobs import say_what_is_due
from tricorn.agreements.models import Trial, TrialOffer
from tricorn.agreements.verbs import (
    answer_trial,
    ask_for_offer,
    begin_trial,
    close_trial,
    open_trial,
)
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.models import Line
from tricorn.standing.models import Fact
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import grant

LATER = NOON + timedelta(days=30)


@pytest.fixture
def offer(mail, mo):
    return open_trial(mail, 30, by=mo.actor, at=NOON, words="All of it")


@pytest.fixture
def trial(offer, sam):
    return begin_trial(offer, sam, by=sam.actor, at=NOON)


def counts():
    return [each.objects.count() for each in (TrialOffer, Trial, Fact, Line)]


def test_a_trial_entitles_at_the_providers_cost_and_ends_by_itself(trial, sam, mail):
    fact = Fact.objects.get(kind="entitled", person=sam)

    assert (fact.funder, fact.evidence, fact.until) == (None, "trial", LATER)
    assert fact.words == "a free trial runs until 11 November 2026, at the provider’s cost"
    now, last = portrait(sam.pk, NOON).facts(mail.pk), portrait(sam.pk, LATER).facts(mail.pk)
    assert now.entitled
    assert not now.funded_by_client
    assert not last.entitled


def test_the_clocks_of_a_trial_run_by_the_house_promise(trial, sam, mail):
    ticket = make_ticket(sam, mail, at=NOON)

    assert ticket.version is None
    assert all(clock.clause is None and clock.target for clock in ticket.clocks.all())


def test_pressing_twice_is_once(trial, offer, sam):
    before = counts()

    assert begin_trial(offer, sam, by=sam.actor, at=NOON) == trial
    assert counts() == before


def test_a_service_is_tried_once(trial, offer, sam):
    before = counts()

    with pytest.raises(MoveRefused, match="You tried Mail until 11 November 2026; once is all"):
        begin_trial(offer, sam, by=sam.actor, at=LATER)

    assert counts() == before


def test_a_closed_trial_begins_no_more_and_who_has_begun_goes_on(trial, offer, sam, una, mail, mo):
    close_trial(offer, by=mo.actor, at=NOON)

    with pytest.raises(MoveRefused, match="the trial was closed"):
        begin_trial(offer, una, by=una.actor, at=NOON)
    assert portrait(sam.pk, NOON + timedelta(days=29)).facts(mail.pk).entitled
    assert open_trial(mail, 14, by=mo.actor, at=NOON).pk != offer.pk


def test_one_trial_of_a_service_is_open_at_a_time(offer, mail, mo):
    before = counts()

    assert open_trial(mail, 30, by=mo.actor, at=NOON, words="All of it") == offer
    with pytest.raises(BadInput, match="Mail can be tried for 30 days already"):
        open_trial(mail, 14, by=mo.actor, at=NOON)
    assert counts() == before


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_trial_without_a_sensible_length_is_refused(mail, mo, days):
    with pytest.raises(BadInput, match="1 to 366 days"):
        open_trial(mail, days, by=mo.actor, at=NOON)


def test_one_is_asked_once_when_it_is_over(trial):
    assert say_what_is_due(LATER - timedelta(seconds=1), by=WORKER) == 0
    assert say_what_is_due(LATER, by=WORKER) == 1
    assert say_what_is_due(LATER + timedelta(days=1), by=WORKER) == 0
    assert Line.objects.filter(kind="trial.ended", subject_id=trial.pk).count() == 1


def test_one_answers_once_and_only_when_it_is_over(trial, sam):
    with pytest.raises(BadInput, match="goes on; we ask when it is over"):
        answer_trial(trial, "yes", by=sam.actor, at=NOON)
    with pytest.raises(BadInput, match="yes, no, or not sure"):
        answer_trial(trial, "maybe", by=sam.actor, at=LATER)

    answered = answer_trial(trial, "not_sure", by=sam.actor, at=LATER, comment="It was quick.")

    assert (answered.answer, answered.comment) == ("not_sure", "It was quick.")
    assert "quick" not in str(Line.objects.get(kind="trial.answered").data)
    with pytest.raises(MoveRefused, match="answered this already"):
        answer_trial(trial, "yes", by=sam.actor, at=LATER)


def test_who_may_sign_asks_for_an_offer_once(trial, offer, clive, finance, sam):
    with pytest.raises(StandingRefused):
        ask_for_offer(trial, finance, by=sam.actor, at=LATER)
    assert Trial.objects.get().offer_asked_at is None
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    clives = begin_trial(offer, clive, by=clive.actor, at=NOON)

    ask_for_offer(clives, finance, by=clive.actor, at=LATER)
    ask_for_offer(clives, finance, by=clive.actor, at=LATER)

    clives.refresh_from_db()
    assert (clives.wants_offer_for, clives.offer_asked_at) == (finance, LATER)
    assert Line.objects.filter(kind="trial.offer_asked").count() == 1
