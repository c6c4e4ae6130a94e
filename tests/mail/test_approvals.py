"""Letters to whoever is asked for an approval, and to those around when nobody answers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.cast import LONG_AGO, NOON
from tricorn.journal.actor import COMMAND
from tricorn.journal.deliver import run_once
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.standing.verbs import grant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def approval(clive, cleo, mo, finance, mail, settings):
    """Asked at noon: Clive may sign, Cleo is his deputy, Mo manages."""
    settings.PUBLIC_URL = "https://help.example"
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO, deputy=cleo)
    asked = Asked(finance, "sign", (mail,), Decimal("4800"), "EUR", "year")
    return approvals.ask("offer", 7, asked, words="Saturday cover", by=mo.actor, at=NOON)


def work(at):
    """Let the worker remind and deliver as it does at this moment."""
    approvals.remind_due(at)
    run_once(lambda: at)


def test_who_may_sign_is_asked_with_what_it_is_about(approval, post_office):
    work(NOON)
    work(NOON)

    (letter,) = post_office.letters
    assert post_office.recipients == ["clive@example.org"]
    assert letter["Subject"] == "For you to decide: Saturday cover"
    assert letter.text.split("\n") == [
        "Your signature is needed for Finance:",
        "",
        "Saturday cover",
        "",
        "Services: Mail",
        "Amount: 4,800 EUR a year",
        "Asked by Mo on 12 October 2026.",
        "",
        "Decide here:",
        "https://help.example/decide/",
        "",
        "House IT",
        "",
    ]


def test_reminders_and_then_a_letter_to_those_around(approval, post_office):
    for day in (0, 3, 6, 9, 12, 15):
        work(NOON + day * DAY)

    subjects = [letter["Subject"] for letter in post_office.letters]
    told = list(zip(post_office.recipients, subjects, strict=True))
    still = ("clive@example.org", "Still for you to decide: Saturday cover")
    nobody = "Nobody has decided yet: Saturday cover"
    assert told[1:4] == [still] * 3
    assert sorted(told[4:]) == [
        ("cleo@example.org", nobody),
        ("clive@example.org", nobody),
        ("mo@example.org", nobody),
    ]
    assert "Who may decide: Clive." in post_office.letters[-1].text


def test_what_was_answered_meanwhile_is_not_mailed(approval, clive, post_office):
    approvals.answer(approval, clive, True, by=clive.actor, at=NOON)

    work(NOON)

    assert post_office.letters == []
