"""Letters that say that something happened, at once or in the morning; and how it was, once."""

import re
from datetime import timedelta

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tests.mail.test_letters import anonymous, work
from tricorn.journal.actor import WORKER
from tricorn.journal.verbs import write
from tricorn.mail.models import Letter
from tricorn.notices.models import Notice, Silence
from tricorn.notices.quiet import heed, read_word
from tricorn.notices.verbs import choose, send_digest
from tricorn.parties.verbs import change_person
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings):
    settings.PUBLIC_URL = "https://help.example"


def letters(kind):
    return list(Letter.objects.filter(kind=kind).order_by("id"))


def resolved(ticket, desi, at=NOON):
    tickets.resolve(ticket, by=desi.actor, at=at, note="We moved it")
    work(at)


def test_who_is_named_is_told_at_once_without_a_word_of_the_note(una, mail, desi, post_office):
    ticket = make_ticket(una, mail)
    work()
    post_office.letters.clear()
    note = tickets.add_note(ticket, by=desi.actor, at=NOON, text="Secret")
    write(ticket, "ticket.mentioned", by=WORKER, at=NOON, person=desi.pk, message=note.pk)

    work()
    work()

    (letter,) = post_office.letters
    assert letter["To"] == "desi@example.org"
    assert letter["Subject"] == f"[{ticket.ref}] You are named in a note"
    assert f"https://help.example/t/{ticket.ref}/" in letter.text
    assert "Mail is slow" in letter.text
    assert "Secret" not in str(letter)
    assert "https://help.example/notices/settings/" in letter.text
    assert letter["List-Unsubscribe"] is None
    assert Notice.objects.get().mailed_at == NOON


def test_answers_obey_the_choice_and_guests_get_them_anyway(una, mail, desi, post_office):
    choose(una, {("requester", "answer"): "page"}, by=una.actor, at=MONDAY)
    for ticket in (make_ticket(una, mail), anonymous(mail)):
        tickets.answer(ticket, by=desi.actor, at=NOON, text="We look")

    work()

    assert [each.recipient for each in letters("answer")] == ["visitor@example.org"]
    assert [(each.how, each.mailed_at) for each in Notice.objects.all()] == [("page", None)]


def test_a_digest_is_one_letter_of_what_its_reader_may_see(una, mail, desi, post_office):
    choose(una, {("requester", "answer"): "digest"}, by=una.actor, at=MONDAY)
    first, second = make_ticket(una, mail), make_ticket(una, mail, text="The screen is dark")
    for ticket in (first, second):
        tickets.answer(ticket, by=desi.actor, at=NOON, text="We look")
    work()
    mine = Ticket.objects.filter(pk=second.pk)
    mine.update(requester=None, affected=None, reported_by=None)

    send_digest(una, by=WORKER, at=NOON + HOUR)
    work(NOON + HOUR)

    (letter,) = [each for each in post_office.letters if "since yesterday" in each["Subject"]]
    assert f"{first.ref}, Mail is slow: The desk has answered" in letter.text
    assert second.ref not in letter.text
    assert "https://help.example/notices/" in letter.text


def test_the_outcome_asks_how_it_was_with_a_link_for_each_score(una, mail, desi, post_office):
    ticket = make_ticket(una, mail)

    resolved(ticket, desi)

    text = post_office.letters[-1].text
    found = re.findall(r"(?m)^(.*):\shttps://help\.example/how/\S+/(\d)/$", text)
    assert found == [
        ("very good", "5"),
        ("good", "4"),
        ("so-so", "3"),
        ("bad", "2"),
        ("very bad", "1"),
    ]
    assert re.search(r"Do not ask me again:\shttps://help\.example/quiet/", text)


def test_nobody_is_asked_twice_for_one_ticket(una, mail, desi, post_office):
    ticket = make_ticket(una, mail)
    resolved(ticket, desi)
    tickets.reopen(ticket, by=una.actor, at=NOON + HOUR)

    resolved(ticket, desi, NOON + 2 * HOUR)

    assert ["/how/" in each.text for each in post_office.letters[-2:]] == [True, False]


def test_of_two_whose_matter_it_is_the_one_it_hurts_is_asked(una, cleo, mail, desi, post_office):
    report = tickets.Report(service=mail, text="Slow", requester=cleo, affected=una)
    ticket = tickets.report(report, by=cleo.actor, at=MONDAY)

    resolved(ticket, desi)

    asked = {each["To"]: "/how/" in each.text for each in post_office.letters[-2:]}
    assert asked == {"una@example.org": True, "cleo@example.org": False}


def test_who_was_silenced_rated_already_or_complained_is_not_asked(
    una, mail, desi, post_office, settings
):
    choose(una, {("requester", "rating"): "off"}, by=una.actor, at=MONDAY)
    resolved(make_ticket(una, mail), desi)
    resolved(anonymous(mail, kind="complaint"), desi)
    settings.PUBLIC_URL = ""
    resolved(anonymous(mail, contact_email="other@example.org"), desi)

    assert len(letters("outcome")) == 3
    assert not any("/how/" in each.text for each in post_office.letters)
    assert not any("How was it" in each.text for each in post_office.letters)


def test_an_address_that_asked_for_silence_is_never_asked_again(mail, desi, post_office):
    resolved(anonymous(mail), desi)
    word = re.search(r"/quiet/(\S+)/", post_office.letters[-1].text)[1]

    heed(read_word(word), at=NOON)
    heed(read_word(word), at=NOON)
    resolved(anonymous(mail, contact_email="Visitor@Example.org"), desi)

    assert Silence.objects.count() == 1
    assert "visitor" not in Silence.objects.get().address
    assert "/how/" not in post_office.letters[-1].text


def test_who_moved_is_told_at_the_new_address(una, mail, desi, post_office):
    change_person(desi, by=WORKER, at=MONDAY, email="desi@new.example")
    ticket = make_ticket(una, mail)
    write(ticket, "ticket.escalated", by=WORKER, at=NOON, persons=[desi.pk])

    work(NOON + timedelta(minutes=1))

    assert [each.recipient for each in letters("told")] == ["desi@new.example"]
