"""Sign-in codes: mailed to whom the address belongs, kept nowhere, worth nothing later."""

from datetime import timedelta

import pytest

from tests.cast import NOON
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Delivery, Line
from tricorn.mail.models import Letter
from tricorn.mail.verbs import send_code
from tricorn.parties.verbs import change_person

pytestmark = pytest.mark.django_db


def test_a_code_is_mailed_with_a_link_that_fills_it_in(una, post_office):
    send_code("UNA@example.org", "K7QF-22", link="https://help.example/in?code=K7QF-22", at=NOON)
    run_once(lambda: NOON)

    (letter,) = post_office.letters
    assert letter["To"] == "una@example.org"
    assert letter["Subject"] == "Your code for House IT: K7QF-22"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "\n    K7QF-22\n" in letter.text
    assert "https://help.example/in?code=K7QF-22" in letter.text


def test_after_sending_the_code_stands_nowhere(una, post_office):
    send_code("una@example.org", "K7QF-22", at=NOON)
    run_once(lambda: NOON)

    line = Line.objects.get(kind="person.code_sent")
    assert (line.subject_id, line.data) == (una.pk, {})
    assert [(each.subject, each.body) for each in Letter.objects.all()] == [("", "")]


@pytest.mark.parametrize("address", ["nobody@example.org", "", "una@example.org\nBcc: x@y.example"])
def test_an_address_that_nobody_here_has_gets_nothing(una, post_office, address):
    send_code(address, "K7QF-22", at=NOON)

    assert run_once(lambda: NOON) == 0
    assert post_office.letters == []
    assert not Line.objects.filter(kind="person.code_sent").exists()


def test_who_may_no_longer_sign_in_gets_no_code(una, mo, post_office):
    change_person(una, by=mo.actor, at=NOON, is_active=False)

    send_code("una@example.org", "K7QF-22", at=NOON)

    assert run_once(lambda: NOON) == 0


def test_a_code_that_could_not_be_sent_in_time_is_dropped(una, post_office):
    send_code("una@example.org", "K7QF-22", at=NOON)

    run_once(lambda: NOON + timedelta(minutes=11))

    letter = Letter.objects.get()
    assert post_office.letters == []
    assert (letter.state, letter.body) == ("failed", "")
    assert Delivery.objects.get().state == "done"


def test_each_request_is_a_letter_of_its_own(una, post_office):
    send_code("una@example.org", "AAAA", at=NOON)
    send_code("una@example.org", "BBBB", at=NOON)
    run_once(lambda: NOON)

    first, second = post_office.letters
    assert first["Message-ID"] != second["Message-ID"]
