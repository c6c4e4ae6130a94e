"""A dry look at an agreement is as strict as activating it, and keeps nothing."""

import pytest

from tests.cast import A7, NOON
from tricorn.agreements.models import Agreement, Version
from tricorn.agreements.rehearsal import rehearse
from tricorn.engine.agreement import Agreement as Text
from tricorn.engine.errors import BadAgreement
from tricorn.journal.models import Line
from tricorn.standing.models import Fact


def test_a_rehearsal_says_what_would_come_and_writes_nothing(mail, clive, mo):
    lines = Line.objects.count()

    found = rehearse(Text.from_toml(A7), by=mo.actor, at=NOON)

    assert (found.number, found.is_new, found.signers, found.supersedes) == (
        1,
        True,
        ("Clive",),
        "",
    )
    assert not Agreement.objects.exists()
    assert not Fact.objects.exists()
    assert Line.objects.count() == lines


def test_a_newer_text_names_what_it_follows(a7, mo):
    newer = Text.from_toml(
        A7.replace("8240", "9000").replace("from = 2026-05-04", "from = 2026-05-05")
    )

    found = rehearse(newer, by=mo.actor, at=NOON)

    assert (found.number, found.supersedes) == (2, "A-7 v1")
    assert Version.objects.count() == 1
    assert Fact.objects.at(NOON).filter(kind="signed").count() == 1


def test_the_same_text_is_no_new_version(a7, mo):
    found = rehearse(Text.from_toml(A7), by=mo.actor, at=NOON)

    assert (found.number, found.is_new, found.supersedes) == (1, False, "")


def test_a_text_that_cannot_be_activated_is_refused_the_same_way(mail, clive, mo):
    with pytest.raises(BadAgreement, match="Nowhere"):
        rehearse(Text.from_toml(A7.replace('"Finance"', '"Nowhere"')), by=mo.actor, at=NOON)
