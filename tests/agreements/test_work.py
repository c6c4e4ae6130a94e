"""Delivered work: presented once, accepted or refused once, by who may up to which amount."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.cast import LONG_AGO, NOON, somebody
from tricorn.agreements.models import Work, WorkOutcome
from tricorn.agreements.verbs import (
    Presented,
    accept_work,
    present_work,
    refuse_work,
    take_back_work,
)
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.files.models import File
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.models import Fact
from tricorn.standing.verbs import grant

PAPER = b"%PDF-1.7\nmade for a test\n%%EOF\n"


@pytest.fixture
def acceptor(clive, finance):
    """Clive may accept work for Finance up to 5,000 EUR."""
    grant(
        clive,
        finance,
        ["accept"],
        by=COMMAND,
        at=LONG_AGO,
        up_to=Decimal(5000),
        currency="EUR",
    )
    return clive


def given(finance, mail, **changes):
    return Presented(
        **{
            "client": finance,
            "service": mail,
            "title": "New mail server",
            "description": "Moved 40 boxes.",
            "tickets": ("T-1",),
            "amount": Decimal(4800),
            "currency": "eur",
            **changes,
        }
    )


@pytest.fixture
def work(finance, mail, mo):
    return present_work(given(finance, mail), by=mo.actor, at=NOON)


def counts():
    return [each.objects.count() for each in (Work, WorkOutcome, Fact, File, Line)]


def test_work_is_presented_with_its_evidence(finance, mail, mo):
    work = present_work(given(finance, mail, files=[("report.pdf", PAPER)]), by=mo.actor, at=NOON)

    assert (work.title, work.currency, work.presented_by) == ("New mail server", "EUR", mo)
    file = File.objects.get(subject="work", subject_id=work.pk)
    assert (file.name, file.media_type, file.size) == ("report.pdf", "application/pdf", len(PAPER))
    assert Line.objects.get(kind="work.presented").data == {
        "client": finance.pk,
        "service": mail.pk,
    }


def test_who_may_accept_signs_and_becomes_a_party(work, acceptor, mail):
    outcome = accept_work(work, by=acceptor.actor, at=NOON)

    assert (outcome.outcome, outcome.person, outcome.at) == ("accepted", acceptor, NOON)
    fact = Fact.objects.get(kind="accept")
    assert (fact.person, fact.service, fact.evidence, fact.evidence_id) == (
        acceptor,
        mail,
        "work",
        work.pk,
    )
    assert fact.words == "accepted “New mail server” on 12 October 2026"


def test_who_may_accept_refuses_with_a_reason_and_no_fact_is_written(work, acceptor):
    with pytest.raises(BadInput, match="The reason is empty"):
        refuse_work(work, by=acceptor.actor, at=NOON, reason=" ")

    outcome = refuse_work(work, by=acceptor.actor, at=NOON, reason="Box 41 is missing.")

    assert (outcome.outcome, outcome.reason) == ("refused", "Box 41 is missing.")
    assert not Fact.objects.filter(kind="accept").exists()


def test_above_the_limit_is_refused_and_nothing_is_written(finance, mail, mo, acceptor):
    work = present_work(given(finance, mail, amount=Decimal("5000.01")), by=mo.actor, at=NOON)
    before = counts()

    with pytest.raises(StandingRefused, match=r"5,?000\.01 EUR"):
        accept_work(work, by=acceptor.actor, at=NOON)

    assert counts() == before


def test_another_currency_is_not_within_the_limit(finance, mail, mo, acceptor):
    work = present_work(given(finance, mail, currency="USD"), by=mo.actor, at=NOON)

    with pytest.raises(StandingRefused):
        accept_work(work, by=acceptor.actor, at=NOON)


def test_who_may_only_decide_does_not_accept(work, finance, acceptor):
    dana = somebody("Dana", finance)
    grant(dana, finance, ["decide"], by=COMMAND, at=LONG_AGO)

    with pytest.raises(StandingRefused, match="Clive"):
        accept_work(work, by=dana.actor, at=NOON)


@pytest.mark.parametrize("again", [accept_work, refuse_work, take_back_work])
def test_an_outcome_stands(work, acceptor, again):
    accept_work(work, by=acceptor.actor, at=NOON)
    before = counts()

    with pytest.raises(MoveRefused, match="was accepted on 12 October 2026, and that stands"):
        again(work, by=acceptor.actor, at=NOON + timedelta(days=1), reason="No.")

    assert counts() == before


def test_the_provider_takes_back_what_nobody_has_answered(work, mo, acceptor):
    take_back_work(work, by=mo.actor, at=NOON)

    with pytest.raises(MoveRefused, match="was taken back"):
        accept_work(work, by=acceptor.actor, at=NOON)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "The title is empty"),
        ({"amount": None}, "a currency without an amount"),
        ({"currency": ""}, "currency in three letters"),
        ({"amount": Decimal(-1)}, "from 0 to below"),
        ({"amount": Decimal("0.001")}, "at most two decimals"),
        ({"files": [("x.exe", b"MZ")]}, "not a photo we can read"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    finance, mail, mo, changes, sentence
):
    before = counts()

    with pytest.raises(BadInput, match=sentence):
        present_work(given(finance, mail, **changes), by=mo.actor, at=NOON)

    assert counts() == before
