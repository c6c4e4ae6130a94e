"""A form that is sent a second time changes nothing."""

from decimal import Decimal

from tests.cast import LONG_AGO, MONDAY, NOON
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.models import Authority, Fact
from tricorn.standing.verbs import end_fact, grant, record_fact, withdraw


def test_the_same_fact_with_the_same_evidence_is_recorded_once(una, mail):
    first = record_fact(una, "oversees", by=COMMAND, at=MONDAY, words="Minutes", service=mail)
    lines = Line.objects.count()

    second = record_fact(una, "oversees", by=COMMAND, at=NOON, words="Minutes", service=mail)

    assert second == first
    assert Line.objects.count() == lines
    record_fact(una, "oversees", by=COMMAND, at=NOON, words="Charter", service=mail)
    record_fact(una, "oversees", by=COMMAND, at=NOON, words="Minutes")
    assert Fact.objects.count() == 3


def test_a_fact_that_ended_can_be_recorded_again(una):
    fact = record_fact(una, "oversees", by=COMMAND, at=LONG_AGO, words="Minutes")
    end_fact(fact, by=COMMAND, at=MONDAY)

    assert record_fact(una, "oversees", by=COMMAND, at=NOON, words="Minutes") != fact


def test_the_same_authority_is_granted_once(clive, finance):
    given = {"up_to": Decimal(5000), "currency": "eur"}
    first = grant(clive, finance, ["sign", "accept"], by=COMMAND, at=MONDAY, **given)
    lines = Line.objects.count()

    assert grant(clive, finance, ["sign", "accept"], by=COMMAND, at=NOON, **given) == first
    assert Line.objects.count() == lines
    grant(clive, finance, ["sign", "decide"], by=COMMAND, at=NOON, **given)
    assert Authority.objects.count() == 3
    grant(clive, finance, ["sign"], by=COMMAND, at=NOON)
    assert Authority.objects.count() == 4


def test_a_withdrawn_authority_can_be_granted_again(clive, finance):
    (given,) = grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    withdraw(given, by=COMMAND, at=MONDAY)

    assert grant(clive, finance, ["sign"], by=COMMAND, at=NOON) != [given]
