"""Letters about offers: to who may answer, to who manages, the code, the end. Nobody else is told."""

from datetime import timedelta

import pytest

from tests.cast import HOUR, LONG_AGO, NOON, somebody
from tests.web.decide.offered import (
    SATURDAYS,
    WEEKDAYS,
    latest,
    may_sign,
    offer_to,
    reworded,
    text,
)
from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import SigningCode
from tricorn.agreements.verbs import Described, Wanted
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.journal.deliver import run_once
from tricorn.mail.models import Letter
from tricorn.parties import verbs as parties
from tricorn.standing.verbs import give_duty, go_away, grant

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def work(at=NOON):
    """Let the worker do everything that is ready at this moment."""
    while run_once(lambda: at):
        pass


@pytest.fixture
def offer(house, finance, mail, clive, mo, settings):
    """Made at noon to Finance, where Clive may sign and decide; Mo manages."""
    settings.PUBLIC_URL = "https://help.example"
    may_sign(clive, finance)
    return offer_to(finance, house.provider, at=NOON)


@pytest.fixture
def told(post_office):
    """What was mailed since it was asked last: to whom, and the letter."""

    def since(at=NOON):
        before = len(post_office.letters)
        work(at)
        return [(each["To"], each) for each in post_office.letters[before:]]

    return since


def test_who_may_answer_is_told_once_what_is_offered_and_until_when(
    offer, told, clive, cleo, desi, sam
):
    ((to, letter),) = told()
    words = letter.text

    assert to == "clive@example.org"
    assert letter["Subject"] == "[A-1] Offer: Mail, longer hours"
    assert "House IT offers this to Finance: Mail, longer hours." in words
    assert "A Weekdays: 8,240 EUR a month" in words
    assert "B With Saturdays: 8,640 EUR a month" in words
    assert "Please answer by 30 November 2026." in words
    assert f"https://help.example/decide/offers/{offer.pk}/" in words
    assert told() == []


def test_who_stands_in_is_told_too(house, finance, mail, clive, cleo, mo, told):
    may_sign(clive, finance)
    go_away(clive, by=clive.actor, at=LONG_AGO, until=NOON + 9 * HOUR, deputy=cleo)
    offer_to(finance, house.provider, at=NOON)

    assert {to for to, _ in told()} == {"clive@example.org", "cleo@example.org"}


def test_without_an_address_or_an_account_nobody_is_mailed(house, finance, mail, clive, mo, told):
    greta = somebody("Greta", finance)
    for person in (clive, greta):
        grant(person, finance, ["decide"], by=COMMAND, at=LONG_AGO)
    parties.change_person(greta, by=COMMAND, at=LONG_AGO, is_active=False)
    offer_to(finance, house.provider, at=NOON)

    assert [to for to, _ in told()] == ["clive@example.org"]


def test_what_was_withdrawn_before_the_letter_went_is_not_mailed(offer, told, mo):
    verbs.withdraw_offer(offer, by=mo.actor, at=NOON)

    assert told() == []


def test_a_next_round_says_what_changed_stands_beside_it(offer, told):
    told()
    reworded(offer, WEEKDAYS.replace('"8h"', '"4h"'), at=NOON + HOUR, note="As you asked.")

    ((to, letter),) = told(NOON + HOUR)

    assert to == "clive@example.org"
    assert letter["Subject"] == "[A-1] A new round: Mail, longer hours"
    assert "Option A of this offer has a new round:" in letter.text
    assert "As you asked." in letter.text
    assert "#option-A" in letter.text


def test_one_more_option_is_told_too(offer, told, mo):
    told()
    more = text(SATURDAYS.replace("8640", "9000"))
    verbs.add_option(offer, Described("With phone"), more, by=mo.actor, at=NOON + HOUR)

    ((_, letter),) = told(NOON + HOUR)

    assert "This offer has one more option:" in letter.text
    assert "C With phone: 9,000 EUR a month" in letter.text


def test_a_wish_reaches_who_manages_that_service(offer, told, clive, desi, hours, house):
    told()
    lift = add_service(by=COMMAND, at=LONG_AGO, name="Lift", provider=house.provider, hours=hours)
    liv = somebody("Liv", house.provider)
    give_duty(liv, "manage", by=COMMAND, at=LONG_AGO, service=lift)
    wanted = Wanted("clause", "R2", "Our month ends are short.", "target", "4h")
    verbs.ask_change(latest(offer), wanted, clive, by=clive.actor, at=NOON + HOUR)

    ((to, letter),) = told(NOON + HOUR)

    assert to == "mo@example.org"
    assert letter["Subject"] == "[A-1] A change is asked for: Mail, longer hours"
    words = " ".join(letter.text.split())
    assert "Clive asks for a change in option A, clause R2:" in words
    assert "Instead: 4 h of service hours" in words
    assert "Our month ends are short." in words
    assert f"https://help.example/manage/offers/{offer.pk}/" in words


def test_who_has_to_sign_is_asked_once_by_the_approvals_own_letter(offer, told, clive, mo):
    told()
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON + HOUR)

    found = told(NOON + HOUR)

    assert sorted(to for to, _ in found) == ["clive@example.org", "mo@example.org"]


@pytest.fixture
def coded(offer, told, clive):
    """Option A is accepted, and a code for Clive asked for an hour later."""
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    told()
    return verbs.send_code(latest(offer), clive, by=clive.actor, at=NOON + HOUR)


def test_the_code_is_mailed_to_who_asked_and_stands_nowhere_afterwards(coded, told, offer):
    ((to, letter),) = told(NOON + HOUR)
    code = code_of(coded)

    assert to == "clive@example.org"
    assert letter["Subject"] == f"Your code to sign A-1: {code}"
    assert f"\n    {code}\n" in letter.text
    assert "It works once, until Monday 12 October, 13:15." in " ".join(letter.text.split())
    kept = Letter.objects.get(line__kind="offer.code_sent")
    assert (kept.kind, kept.state, kept.subject, kept.body) == ("code", "sent", "", "")


def test_a_code_that_could_not_be_sent_in_time_is_not_sent(coded, told):
    assert told(NOON + HOUR + 16 * MINUTE) == []
    assert not Letter.objects.exclude(body="").exists()


def test_after_ten_minutes_a_code_still_goes_out(coded, told):
    assert len(told(NOON + HOUR + 12 * MINUTE)) == 1


def sign(wording, person, at):
    verbs.send_code(wording, person, by=person.actor, at=at)
    code = code_of(SigningCode.objects.filter(person=person).latest("id"))
    return verbs.sign(wording, person, code=code, by=person.actor, at=at).version


def test_the_last_letter_says_hash_day_and_where_the_files_are(offer, post_office, clive, mo):
    wording = latest(offer)
    verbs.accept(wording, clive, by=clive.actor, at=NOON)
    sign(wording, clive, NOON + HOUR)
    version = sign(wording, mo, NOON + HOUR)
    work(NOON + HOUR)

    found = {
        each["To"]: each.text
        for each in post_office.letters
        if each["Subject"] == "Signed: Mail for Finance (A-1)"
    }

    assert set(found) == {"clive@example.org", "mo@example.org"}
    words = " ".join(found["clive@example.org"].split())
    assert "Both sides have signed Mail for Finance, A-1 version 1." in words
    assert "It is in force from 1 December 2026, by itself; there is nothing left to do." in words
    assert version.hash in words
    assert f"https://help.example/decide/offers/{offer.pk}/" in words
    assert f"https://help.example/manage/agreements/{version.pk}/" in found["mo@example.org"]


def test_a_text_activated_from_a_file_is_told_to_nobody(a7, post_office, clive):
    work(LONG_AGO)

    assert post_office.letters == []
