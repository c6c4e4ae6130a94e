"""Whoever changes a review, delivered work or a trial behind the program's back is found out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from tests.agreements.test_proof import make_the_chain_anew, run, sealed
from tests.cast import A7, LONG_AGO, NOON
from tricorn.agreements.models import Review, ReviewAction, Trial, Work, WorkOutcome
from tricorn.agreements.rhythm import ReviewPeriod
from tricorn.agreements.verbs import (
    Presented,
    accept_work,
    activate,
    add_action,
    answer_trial,
    begin_trial,
    end_action,
    give_verdict,
    open_trial,
    prepare_review,
    present_work,
)
from tricorn.engine.agreement import Agreement
from tricorn.files.models import File
from tricorn.journal import triggers
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.standing.verbs import grant

pytestmark = pytest.mark.django_db(transaction=True)

NOVEMBER = datetime(2026, 11, 2, 9, tzinfo=UTC)
OCTOBER = ReviewPeriod(date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 14), "month")
FIGURES = {"reports": {"count": {"how": "exact", "n": 9}, "without": []}, "share": 0.9933}


@pytest.fixture
def deeds(mail, clive, finance, mo, sam):
    """A review with a verdict and an action, accepted work with a paper, an answered trial."""
    text = f'{A7}\n[review]\nper = "month"\n'
    version = activate(Agreement.from_toml(text), by=COMMAND, at=LONG_AGO).version
    grant(clive, finance, ["decide", "accept"], by=COMMAND, at=LONG_AGO)
    review = prepare_review(
        version.agreement, OCTOBER, FIGURES, evidence={"late": ["T-1"]}, at=NOVEMBER, by=WORKER
    )
    give_verdict(review, "partly", by=clive.actor, at=NOVEMBER, remarks="Slow on Mondays.")
    action = add_action(review, "Call", "provider", by=clive.actor, at=NOVEMBER, owner=mo)
    end_action(action, "dropped", by=mo.actor, at=NOVEMBER, note="No longer needed.")
    given = Presented(finance, mail, "New server", files=[("a.pdf", b"%PDF-1.7 test")])
    work = present_work(given, by=mo.actor, at=NOON)
    accept_work(work, by=clive.actor, at=NOON)
    trial = begin_trial(open_trial(mail, 30, by=mo.actor, at=NOON), sam, by=sam.actor, at=NOON)
    answer_trial(trial, "yes", by=sam.actor, at=NOON + timedelta(days=31), comment="Fine.")
    sealed()


CHANGES = {
    "figures": (Review, {"figures": {"share": 1}}, "The figures or days of the review of A-7"),
    "evidence": (Review, {"evidence": {}}, "The figures or days of the review of A-7"),
    "due": (Review, {"due_on": date(2027, 1, 1)}, "The figures or days of the review of A-7"),
    "verdict": (Review, {"verdict": "met"}, "The verdict on the review of A-7"),
    "remarks": (Review, {"remarks": "Splendid."}, "The verdict on the review of A-7"),
    "no verdict": (
        Review,
        {"verdict": "", "verdict_by": None, "verdict_at": None},
        "The verdict on the review of A-7",
    ),
    "action": (ReviewAction, {"words": "Nothing"}, "is not what was written down."),
    "end of an action": (ReviewAction, {"note": "Done."}, "ended is not what was said."),
    "action open again": (
        ReviewAction,
        {"state": "open", "ended_at": None},
        "ended is not what was said.",
    ),
    "work": (Work, {"title": "Another"}, "is not what was presented."),
    "paper": (File, {"sha256": "0" * 64}, "is not what was presented."),
    "outcome": (WorkOutcome, {"outcome": "taken_back"}, "What came of delivered work"),
    "trial": (Trial, {"ends_at": NOON + timedelta(days=90)}, "is not what was begun."),
    "answer": (Trial, {"answer": "no"}, "The answer to trial"),
}


def test_what_is_as_it_was_holds(deeds):
    assert run() == (0, [])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("chain", ["as it was", "made anew"])
def test_a_row_changed_behind_the_programs_back_is_named(deeds, change, chain):
    model, changes, sentence = CHANGES[change]
    with triggers.suspended(connection):
        model.objects.update(**changes)
        if chain == "made anew":
            make_the_chain_anew()

    code, problems = run()

    assert code == 1
    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (ReviewAction, "Action {} of a review is gone."),
        (WorkOutcome, "What came of delivered work {} is gone."),
        (Trial, "Trial {} is gone."),
    ],
)
def test_a_row_that_is_gone_is_named(deeds, model, sentence):
    row = model.objects.get()
    number = row.work_id if isinstance(row, WorkOutcome) else row.pk
    with triggers.suspended(connection):
        model.objects.all().delete()

    assert sentence.format(number) in run()[1]


def test_an_outcome_cannot_be_changed_through_the_database(deeds):
    with pytest.raises(DatabaseError, match="append-only"):
        WorkOutcome.objects.update(outcome="refused")
