"""What the format learned later: availability, workloads, exceptions, credits, review and notice."""

from datetime import date
from decimal import Decimal

import pytest

from tests.engine.agreements_given import EVERYTHING, WHOLE
from tricorn.engine.agreement import (
    Agreement,
    Availability,
    Change,
    Credit,
    Entitled,
    Escalation,
    Exemption,
    Length,
    Price,
    Review,
    Signed,
    SignedFile,
    Workload,
    differences,
    proof,
    prove,
)
from tricorn.engine.errors import BadAgreement

READ = Agreement.from_toml(EVERYTHING)


def changed(old, new):
    assert old in EVERYTHING
    return EVERYTHING.replace(old, new, 1)


def test_everything_that_a_text_may_say_is_read():
    assert READ.availability == (
        Availability("V1", "desk", Decimal("0.995"), ("mail",), "month"),
        Availability("V2", "day & night", Decimal("0.98"), (), "year"),
    )
    assert READ.workloads == (
        Workload("W1", 200, ("phone",), ("incident", "request"), ("high",), "month"),
    )
    assert READ.exceptions == (Exemption("X1", "What the power company does."),)
    assert READ.escalation == (
        Escalation("E1", "share", 80, "manager", services=("mail",)),
        Escalation("E2", "before", 90),
        Escalation("E3", "late", 0, "person", "mo@example.org", tells_client=True),
    )
    assert [each.id for each in READ.chain("phone")] == ["E2", "E3"]
    assert READ.credits == (
        Credit("R1", None, Decimal(5)),
        Credit("R1", Decimal("0.9"), Decimal(10)),
        Credit("V1", Decimal("0.99"), None, Decimal(250)),
    )
    assert READ.credits_at_most == Decimal("0.2")
    assert READ.prices[1] == Price(Decimal(12), "EUR", "month", "hour")
    assert READ.review == Review("quarter", Length(30, "day"))
    assert (READ.kind, READ.running) == ("full", "move")
    assert (READ.notice, READ.renews) == (Length(3, "month"), Length(1, "year"))
    assert READ.entitled[-1] == Entitled("everyone", "", services=("phone",))
    assert READ.signed[0] == Signed(
        "clive@example.org", "Deputy", date(2026, 5, 1), "Clive Weber", "code"
    )
    assert READ.notice_by == date(2027, 2, 3)
    assert list(READ.shares) == ["R1", "V1", "V2"]


def test_it_goes_out_as_toml_and_data_and_comes_back():
    assert Agreement.from_toml(READ.to_toml()) == READ
    assert Agreement.from_data(READ.to_data()).hash == READ.hash
    assert "at_most = 200\n" in READ.to_toml()
    assert 'at = "1h30m before"\n' in READ.to_toml()
    assert "[[entitled]]\neveryone = true\n" in READ.to_toml()


def test_a_file_for_both_sides_carries_who_signed_for_whom_and_how():
    file = SignedFile.of(READ, 1, "", ("Dora",))

    assert file.signatures()[0] == {
        "by": "clive@example.org",
        "name": "Dora",
        "capacity": "Deputy",
        "on": "2026-05-01",
        "for": "Clive Weber",
        "method": "code",
    }
    for text in (file.to_toml(), file.to_json()):
        found = proof.read(text, "file")
        assert isinstance(found, SignedFile)
        assert prove(found).holds


def test_a_file_that_names_another_method_than_its_content_is_refused():
    text = SignedFile.of(READ, 1, "", ()).to_json()
    at = text.index('"signatures"')

    with pytest.raises(BadAgreement, match=r"signatures 1, method: is not what .*'code'"):
        proof.read(text[:at] + text[at:].replace('"code"', '"paper"', 1), "A-7.json")


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ('share = "99.5 %"', "share = 0.99", ("availability", "V1", "share", "0.995", "0.99")),
        ("at_most = 200", "at_most = 100", ("workload", "W1", "at_most", 200, 100)),
        ("power", "water", ("exception", "X1", "words", "What the power company does.", None)),
        ("percent = 5", "percent = 6", ("credit", "R1", "percent", "5", "6")),
        ('"90 %"', '"91 %"', ("credit", "R1 (2)", "below", "0.9", "0.91")),
        ('"30 days"', '"14 days"', ("review", "", "within", "30 days", "14 days")),
        ('at = "80 %"', 'at = "75%"', ("escalation", "E1", "at", "80 %", "75 %")),
        ("client = true", "", ("escalation", "E3", "client", True, False)),
        ('running = "move"', "", ("agreement", "", "running", "move", "stay")),
        ('renews = "1 year"', "", ("agreement", "", "renews", "1 year", None)),
        ("amount = 12\n", "amount = 13\n", ("price", "per hour and month", "amount", "12", "13")),
        ('method = "code"', "", ("signed", "clive@example.org", "method", "code", None)),
        (
            'everyone = true\nservices = ["phone"]',
            'everyone = true\nservices = ["mail"]',
            ("entitled", "everyone", "services", ["phone"], ["mail"]),
        ),
    ],
)
def test_one_changed_field_is_one_change_with_its_place(old, new, change):
    if change[0] == "exception":
        change = (*change[:4], "What the water company does.")

    assert differences(READ, Agreement.from_toml(changed(old, new))) == (Change(*change),)


def test_a_review_that_came_is_whole():
    text = WHOLE + '[review]\nper = "year"\n'

    assert differences(Agreement.from_toml(WHOLE), Agreement.from_toml(text)) == (
        Change("review", "", "", None, {"per": "year"}),
    )


MONTHLY = '\n[[price]]\namount = 1\ncurrency = "USD"\n'
CREDIT = '\n[[credit]]\nclause = "{}"\n{}\n'
TO = "to = 2027-05-03\n"
WRONG = {
    "an unknown key in availability": (
        changed("share = 0.98", "share = 0.98\nsla = 1"),
        "availability V2, sla: is not known here. Known: hours, id, per, services, share.",
    ),
    "an unknown key in a workload": (
        changed("at_most = 200", "max = 200"),
        "workload W1, max: is not known",
    ),
    "an unknown key in an exception": (changed("words", "text"), "exception X1, text: is not"),
    "an unknown key in a credit": (changed("percent = 5", "points = 5"), "credit 1, points: is"),
    "an unknown key in the review": (changed("within", "in"), "review.in: is not known here."),
    "a review as a list": (changed("[review]", "[[review]]"), "[review]: is written in single"),
    "a review without a rhythm": (
        changed('[review]\nper = "quarter"', "[review]"),
        "review.per: is one of month, quarter, year, not ''.",
    ),
    "an unknown kind": (changed("running", 'kind = "half"\nrunning'), "agreement.kind: is one of"),
    "running tickets that jump": (changed('"move"', '"jump"'), "agreement.running: is one of"),
    "notice without a unit": (
        changed('"3 months"', '"3"'),
        'agreement.notice: "3" is no length. Write a whole number of days, weeks, months or',
    ),
    "notice of nothing": (changed('"3 months"', '"0 days"'), 'agreement.notice: "0 days" is no'),
    "notice as a number": (changed('"3 months"', "3"), "agreement.notice: is a text in quotes"),
    "notice of a thousand years": (
        changed('"3 months"', '"1000 years"'),
        'agreement.notice: "1000 years" is more than a hundred years. Write less.',
    ),
    "renews without an end": (
        changed(TO, ""),
        "agreement.renews: needs agreement.to. Say when the first term ends.",
    ),
    "a trial without an end": (
        WHOLE.replace(TO, 'kind = "trial"\n'),
        "agreement.to: is missing. A trial says on which day it ends.",
    ),
    "availability without a share": (
        changed('share = "99.5 %"\n', ""),
        "availability V1, share: is a number, not None.",
    ),
    "availability above all": (
        changed('"99.5 %"', '"100.5 %"'),
        "availability V1, share: is above 0 and at most 1, not 100.5 %.",
    ),
    "availability in hours that are not there": (
        changed('hours = "desk"\nshare = "99', 'hours = "night"\nshare = "99'),
        "availability V1, hours: there is no [hours.night]. There is: desk, day & night.",
    ),
    "availability of another service": (
        changed('services = ["mail"]\nhours', 'services = ["print"]\nhours'),
        "availability V1, services: 'print' is none of the agreement's: mail, phone.",
    ),
    "one id twice": (
        changed('id = "V2"', 'id = "R2"'),
        "availability R2: there is already a clause called R2. Number them apart.",
    ),
    "an exception that is called like a workload": (
        changed('id = "X1"', 'id = "W1"'),
        "exception W1: there is already a workload called W1. Number them apart.",
    ),
    "a workload of nothing": (
        changed("at_most = 200", "at_most = 0"),
        "workload W1, at_most: is a whole number above zero, not 0.",
    ),
    "a workload of a half": (
        changed("at_most = 200", "at_most = 0.5"),
        "workload W1, at_most: is a whole",
    ),
    "a workload of true": (
        changed("at_most = 200", "at_most = true"),
        "workload W1, at_most: is a whole",
    ),
    "an exception without words": (
        changed('words = "What the power company does."', ""),
        "exception X1, words: is missing. Write it down.",
    ),
    "an exception of a page": (
        changed("What the power", "What " * 100 + "the power"),
        "exception X1, words: has 523 characters; at most 500 fit.",
    ),
    "another currency": (
        EVERYTHING + MONTHLY,
        "price 3, currency: is USD, and price 1 is in EUR. Write all in one currency.",
    ),
    "an unknown basis": (changed('"hour"', '"head"'), "price 2, basis: is one of flat, hour,"),
    "a credit on nothing": (
        EVERYTHING + CREDIT.format("R9", "percent = 5"),
        "credit 4, clause: there is no clause or availability called R9. There is: R1, V1, V2.",
    ),
    "a credit on a clause without a share": (
        EVERYTHING + CREDIT.format("R2", "percent = 5"),
        "credit 4, clause: R2 promises no share, so none is missed. Give it a share.",
    ),
    "a credit of nothing": (changed("percent = 5", ""), "credit 1: says either percent or amount."),
    "a credit in two ways": (
        changed("percent = 5", "percent = 5\namount = 5"),
        "credit 1: says either percent or amount. Write one of them.",
    ),
    "a credit of all and more": (
        changed("percent = 5", "percent = 101"),
        "credit 1, percent: is above 0 and at most 100, not 101.",
    ),
    "a credit of no money": (
        changed("amount = 250", "amount = 0"),
        "credit 3, amount: is more than nothing. Leave the credit out if none is due.",
    ),
    "a credit for a kept promise": (
        changed('"90 %"', '"96 %"'),
        "credit 2, below: is more than R1 promises (0.95), so it would pay for a promise that",
    ),
    "two credits for one step": (
        changed('"90 %"', '"95 %"'),
        "credit 2, below: R1 has a credit below 0.95 already.",
    ),
    "a lower step that gives less": (
        changed('"10 %"', '"4 %"'),
        "credit 2: gives less (4) than a higher step of R1 (5). The fewer are kept, the more",
    ),
    "steps of two sorts": (
        changed('percent = "10 %"', "amount = 10"),
        "credit 2: mixes percent and amount for R1. Write one of them.",
    ),
    "a credit without a price": (
        WHOLE.replace("amount = 8240.50", "")
        .replace('currency = "EUR"', "")
        .replace('[[price]]\n\n\nper = "month"', "")
        + CREDIT.format("R1", "percent = 5"),
        "credit 1: needs a [[price]], for it is money back in its currency.",
    ),
    "a limit of credits without any": (
        WHOLE.replace(TO, TO + 'credits_at_most = "20 %"\n'),
        "agreement.credits_at_most: limits no [[credit]]. Leave it out.",
    ),
    "everyone and somebody": (
        changed("everyone = true\nservices", 'everyone = true\ngroup = "Night"\nservices'),
        "entitled 5, everyone: is said beside a group. Leave one out.",
    ),
    "not everyone": (
        changed("everyone = true\nservices", "everyone = false\nservices"),
        "entitled 5, everyone: can only be true. Leave it out, and name who is covered.",
    ),
    "below everyone": (
        changed("everyone = true\nservices", "everyone = true\nbelow = true\nservices"),
        "entitled 5, below: is for an organisation only. Leave it out.",
    ),
    "signed by shouting": (changed('"code"', '"shout"'), "signed 1, method: is one of account,"),
    "signed for nobody": (changed('"Clive Weber"', '""'), "signed 1, for: is missing."),
}

WRONG_STEPS = {
    "a step that is called like a clause": (
        'id = "E1"',
        'id = "R1"',
        "escalation R1: there is already a clause called R1. Number them apart.",
    ),
    "a step at no time": (
        'at = "late"',
        'at = "soon"',
        'escalation E3, at: is like "80 %", "2h before"',
    ),
    "a step after all of the time": (
        'at = "80 %"',
        'at = "100 %"',
        "escalation E1, at: is from 1 % to 99 %",
    ),
    "a step in service days": (
        '"90m before"',
        '"1d before"',
        "escalation E2, at: is in hours and minutes",
    ),
    "a step in seconds": (
        '"90m before"',
        '"90s before"',
        "escalation E2, at: is in hours and minutes",
    ),
    "a step of nothing": (
        '"90m before"',
        '"0m before"',
        "escalation E2, at: A target must be more than",
    ),
    "a step after years": (
        '"90m before"',
        '"99999h after"',
        "escalation E2, at: is in hours and minutes",
    ),
    "a step without a time": ('at = "late"\n', "", "escalation E3, at: is missing. Write it down."),
    "a step that tells nobody known": (
        'tell = "manager"',
        'tell = "client"',
        "escalation E1, tell: is one of assignee, manager, team, not 'client'.",
    ),
    "a step that tells two": (
        'tell = "manager"',
        'tell = "manager"\nperson = "Mo"',
        "escalation E1: says either tell or person. Write one of them.",
    ),
    "a step for another service": (
        'services = ["mail"]\nat',
        'services = ["lifts"]\nat',
        "escalation E1, services: 'lifts' is none of the agreement's: mail, phone.",
    ),
    "eleven steps": (
        '[[escalation]]\nid = "E2"',
        "\n".join(f'[[escalation]]\nid = "F{n}"\nat = "late"' for n in range(9))
        + '\n[[escalation]]\nid = "E2"',
        "escalation E2: mail has 12 steps; a chain has at most 10.",
    ),
}
WRONG |= {name: (changed(old, new), said) for name, (old, new, said) in WRONG_STEPS.items()}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_in_a_sentence_with_its_place(name):
    text, problem = WRONG[name]

    with pytest.raises(BadAgreement) as refusal:
        Agreement.from_toml(text, "A-7.toml")

    assert str(refusal.value).startswith("A-7.toml, " + problem)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("length", "day", "after", "before"),
    [
        (Length(14, "day"), date(2026, 3, 20), date(2026, 4, 3), date(2026, 3, 6)),
        (Length(2, "week"), date(2026, 3, 20), date(2026, 4, 3), date(2026, 3, 6)),
        (Length(1, "month"), date(2026, 3, 31), date(2026, 4, 30), date(2026, 2, 28)),
        (Length(3, "month"), date(2027, 12, 31), date(2028, 3, 31), date(2027, 9, 30)),
        (Length(1, "year"), date(2028, 2, 29), date(2029, 2, 28), date(2027, 2, 28)),
        (Length(12, "month"), date(2027, 1, 1), date(2028, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_length_follows_the_calendar_and_the_last_day_of_short_months(length, day, after, before):
    assert (length.after(day), length.before(day)) == (after, before)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1 month", "1 month"),
        ("1 months", "1 month"),
        ("03 Weeks", "3 weeks"),
        ("2years", "2 years"),
    ],
)
def test_a_length_has_one_spelling(written, said):
    assert str(Length.parse(written)) == said
