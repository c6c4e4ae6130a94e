"""What a text says beyond its clauses reads as plain sentences, and so does what changed in it."""

import pytest

from tests.engine.agreements_given import EVERYTHING, WHOLE
from tricorn.agreements import changes, plain
from tricorn.agreements.terms import lines, sections
from tricorn.engine.agreement import Agreement, differences

READ = Agreement.from_toml(EVERYTHING)


def test_every_term_is_a_sentence_under_its_title():
    found = {each.title: [str(term) for term in each.terms] for each in sections(READ)}

    assert found == {
        "How available": [
            "V1: For mail: available 99.5 % of service hours a month. "
            "Its hours are those called “desk”.",
            "V2: Available 98 % of service hours a year. Its hours are those called “day & night”.",
        ],
        "Up to how much": [
            "W1: The promises hold for up to 200 tickets a month "
            "(incident or request, of high priority, for phone)."
        ],
        "Not promised": ["X1: What the power company does."],
        "Who hears when time runs out": [
            "E1: For mail: when 80 % of the time of a promise are used, the manager of the service "
            "is told.",
            "E2: 1 h 30 min of service hours before a promise is late, whoever works on it is told.",
            "E3: As soon as a promise is late, mo@example.org is told, and so is the client.",
        ],
        "Money back": [
            "R1: If fewer than 95 % are on time: 5 % of the quarter's price back.",
            "R1: If fewer than 90 % are on time: 10 % of the quarter's price back.",
            "V1: If available less than 99 %: 250 EUR back.",
            "All of it together is at most 20 % of the price of the period.",
        ],
        "Review": ["Reviewed every quarter, within 30 days."],
        "How it ends or goes on": [
            "It renews for 1 year at a time, unless notice is given 3 months before it ends.",
            "Tickets that run when it begins go on by this version.",
        ],
    }


def test_a_text_that_says_no_more_has_no_more_sections():
    assert sections(Agreement.from_toml(WHOLE)) == ()


def test_services_are_said_as_people_call_them():
    assert "For Mail and calendar: available" in str(
        sections(READ, {"mail": "Mail and calendar"})[0].terms[0]
    )


def test_plain_sentences_stay_short():
    text = EVERYTHING.replace('services = ["phone"]\nkinds = ["incident", "request"]', "")
    short = Agreement.from_toml(
        text.replace('priorities = ["high"]\nat_most = 200', "at_most = 2000")
    )

    assert str(sections(short)[1].terms[0]) == (
        "W1: The promises hold for up to 2,000 tickets a month."
    )


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('notice = "1 month"', "Notice is given 1 month before it ends."),
        ('renews = "12 months"', "It renews for 12 months at a time."),
        ('kind = "trial"', "This is a trial."),
    ],
)
def test_how_it_ends_is_said(head, said):
    text = WHOLE.replace("to = 2027-05-03", f"to = 2027-05-03\n{head}")

    assert [str(term) for term in sections(Agreement.from_toml(text))[0].terms] == [said]


def test_notice_without_an_end_is_said_otherwise():
    text = WHOLE.replace("to = 2027-05-03", 'notice = "2 weeks"')

    assert "Either side may end it with notice of 2 weeks." in list(
        lines(Agreement.from_toml(text))
    )


def test_everyone_deputies_and_other_prices_are_said():
    said = list(lines(READ))

    assert "Covered: everyone, for phone; Finance pays." in said
    assert "Price: 12 EUR for each hour of work, reckoned every month." in said
    assert (
        "Signed by clive@example.org, Deputy, for Clive Weber on 1 May 2026, with a one-time code."
    ) in said
    assert "Money back, V1: If available less than 99 %: 250 EUR back." in said


@pytest.mark.parametrize("method", ["account", "paper"])
def test_how_somebody_signed_is_said(method):
    text = EVERYTHING.replace('"code"', f'"{method}"')
    end = {"account": "on 1 May 2026, signed in.", "paper": "on 1 May 2026, on paper."}[method]

    assert plain.signed(Agreement.from_toml(text).signed[0]).endswith(end)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "at_most = 200",
            "at_most = 100",
            "Up to how much W1, at most: was 200, is 100.",
        ),
        (
            'share = "99.5 %"',
            "share = 0.9995",
            "Availability V1, share: was 99.5 %, is 99.95 %.",
        ),
        ("percent = 5", "percent = 7.5", "Money back for R1, percent: was 5 %, is 7.5 %."),
        ('"90 %"', '"91 %"', "Money back for R1 (2), below: was 90 %, is 91 %."),
        ("amount = 250", "amount = 300", "Money back for V1, amount: was 250, is 300."),
        ('"30 days"', '"2 weeks"', "Review, within: was 30 days, is 2 weeks."),
        ('"3 months"', '"1 month"', "The agreement, notice: was 3 months, is 1 month."),
        (
            'running = "move"\n',
            "",
            "The agreement, running: was tickets go on by this one, is tickets keep their version.",
        ),
        ('basis = "hour"', "", "Price per month (2) is new: 12 EUR a month."),
        (
            '[review]\nper = "quarter"\nwithin = "30 days"\n',
            "",
            "Review is gone: Reviewed every quarter, within 30 days.",
        ),
        (
            'at = "80 %"',
            'at = "4h after"',
            "Who hears E1, at: was when 80 % of the time of a promise are used, is 4 h of service "
            "hours after a promise is late.",
        ),
        (
            'tell = "manager"',
            'tell = "team"',
            "Who hears E1, tell: was the manager of the service, is the team.",
        ),
        ("client = true\n", "", "Who hears E3, client: was yes, is no."),
        (
            'person = "mo@example.org"',
            'person = "mo@example.org"\nservices = ["mail"]',
            "Who hears E3, services: mail is new.",
        ),
        ('id = "X1"', 'id = "X2"', "Not promised X2 is new: What the power company does."),
        (
            '[[entitled]]\neveryone = true\nservices = ["phone"]\n',
            "",
            "Who is covered everyone is gone: everyone, for phone; Finance pays.",
        ),
        ('method = "code"', 'method = "paper"', "method: was with a one-time code, is on paper."),
    ],
)
def test_what_changed_is_a_sentence(old, new, said):
    assert old in EVERYTHING
    other = Agreement.from_toml(EVERYTHING.replace(old, new, 1))

    sentences = [changes.sentence(each, READ, other) for each in differences(READ, other)]

    assert [each for each in sentences if each.endswith(said)]


def test_every_difference_between_a_plain_text_and_a_full_one_is_said_both_ways():
    bare = Agreement.from_toml(WHOLE)

    for before, after in ((bare, READ), (READ, bare)):
        found = differences(before, after)
        said = [changes.sentence(each, before, after) for each in found]
        assert len(set(said)) == len(found) == 20
        assert all(each.endswith(".") for each in said)
