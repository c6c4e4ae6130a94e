"""What becomes of a letter: noted where its subject is read, tried again, given up, not meant to go."""

from datetime import timedelta

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.engine.errors import MoveRefused
from tricorn.journal.deliver import ATTEMPTS, run_once
from tricorn.journal.models import Delivery, Line
from tricorn.mail import whether
from tricorn.mail.models import Letter
from tricorn.mail.post import unsubscribe_headers
from tricorn.mail.reactor import NotSent, react
from tricorn.mail.reads import went_out
from tricorn.mail.verbs import Given, give_up, send_code, set_identity, try_again
from tricorn.mail.verbs.letters import HELD_FOR, take
from tricorn.mail.writing import letters_of
from tricorn.parties.verbs import change_person
from tricorn.tickets import verbs as tickets

pytestmark = pytest.mark.django_db


def work(at=NOON):
    while run_once(lambda: at):
        pass


@pytest.fixture
def answered(una, mail, desi, post_office):
    """Una's ticket with an answer whose letter the server refused for good."""
    ticket = make_ticket(una, mail)
    work()
    post_office.address_answer = "550 No such person"
    tickets.answer(ticket, by=desi.actor, at=NOON, text="Please restart it.")
    work()
    post_office.address_answer = "250 OK"
    return ticket


def told(ticket):
    return list(
        Line.objects.about("ticket", ticket.pk)
        .filter(kind__startswith="ticket.letter_")
        .order_by("id")
        .values_list("kind", flat=True)
    )


def test_a_letter_that_failed_is_a_line_of_its_ticket_without_anybodys_address(answered):
    letter = Letter.objects.get(state="failed")
    line = Line.objects.get(kind="ticket.letter_failed")

    assert (letter.reason, letter.problem) == (
        "refused",
        "The mail server refused the address (550).",
    )
    assert line.subject_id == answered.pk
    message = answered.messages.latest("id").pk
    assert line.data == {"letter": letter.pk, "message": message, "reason": "refused"}


def test_trying_again_sends_the_same_mail_once(answered, mo, post_office):
    letter = Letter.objects.get(state="failed")

    try_again(letter, by=mo.actor, at=NOON + HOUR)
    work(NOON + HOUR)
    work(NOON + 2 * HOUR)

    (sent,) = post_office.letters[1:]
    assert sent["Message-ID"] == letter.message_id
    assert "Please restart it." in sent.text
    assert told(answered) == [
        "ticket.letter_failed",
        "ticket.letter_tried_again",
        "ticket.letter_went",
    ]


def test_whoever_has_another_address_by_now_gets_it_there(answered, una, mo, post_office):
    change_person(una, by=mo.actor, at=NOON, email="una@new.example")

    tried = try_again(Letter.objects.get(state="failed"), by=mo.actor, at=NOON + HOUR)
    work(NOON + HOUR)

    assert tried.recipient == "una@new.example"
    assert post_office.recipients[1:] == ["una@new.example"]
    assert Letter.objects.get(recipient="una@example.org", kind="answer").state == "dropped"


def test_what_waits_is_tried_at_once_and_not_twice(una, mail, mo, post_office, settings):
    settings.EMAIL_PORT = 1
    make_ticket(una, mail)
    work()
    settings.EMAIL_PORT = post_office.port

    try_again(Letter.objects.get(), by=mo.actor, at=NOON + timedelta(seconds=5))
    work(NOON + timedelta(seconds=6))
    work(NOON + HOUR)

    assert len(post_office.letters) == 1
    assert not Delivery.objects.filter(state="waiting").exists()


def test_what_was_given_up_does_not_go_out(una, mail, mo, post_office, settings):
    settings.EMAIL_PORT = 1
    ticket = make_ticket(una, mail)
    work()
    settings.EMAIL_PORT = post_office.port

    for _ in range(2):
        letter = give_up(Letter.objects.get(), by=mo.actor, at=NOON)
    work(NOON + HOUR)

    assert (letter.state, letter.reason, letter.body) == ("dropped", "given_up", "")
    assert post_office.letters == []
    assert told(ticket) == ["ticket.letter_given_up"]


def test_a_letter_in_somebodys_hand_is_sent_by_nobody_else_until_they_let_go_or_die(
    una, mail, post_office
):
    make_ticket(una, mail)
    line = Line.objects.get(kind="ticket.reported")
    Letter.objects.bulk_create(letters_of(line, NOON))
    letter = Letter.objects.get()

    assert take(letter, at=NOON)
    assert not take(letter, at=NOON)
    with pytest.raises(NotSent, match="in hand"):
        react(line, NOON)
    assert post_office.letters == []
    react(line, NOON + HELD_FOR)
    react(line, NOON + HELD_FOR)
    assert len(post_office.letters) == 1
    assert not take(letter, at=NOON + HOUR)


@pytest.mark.parametrize("verb", [try_again, give_up])
def test_what_is_on_its_way_is_not_touched(una, mail, mo, post_office, settings, verb):
    settings.EMAIL_PORT = 1
    make_ticket(una, mail)
    work()
    letter = Letter.objects.get()
    assert take(letter, at=NOON)

    with pytest.raises(MoveRefused, match="on its way at this moment"):
        verb(letter, by=mo.actor, at=NOON)
    verb(letter, by=mo.actor, at=NOON + HELD_FOR)

    letter.refresh_from_db()
    assert letter.retry_id or letter.state == "dropped"


def test_who_had_it_before_it_was_tried_again_does_not_send_it(
    una, mail, mo, post_office, settings
):
    settings.EMAIL_PORT = 1
    make_ticket(una, mail)
    work()
    old = Letter.objects.get()

    tried = try_again(old, by=mo.actor, at=NOON)

    assert not take(old, at=NOON)
    assert take(tried, at=NOON)


@pytest.mark.parametrize("verb", [try_again, give_up])
def test_what_went_out_is_not_called_back_or_repeated(una, mail, mo, post_office, verb):
    make_ticket(una, mail)
    work()
    lines = Line.objects.count()

    with pytest.raises(MoveRefused, match="went out already"):
        verb(Letter.objects.get(), by=mo.actor, at=NOON)

    assert Line.objects.count() == lines


def test_a_code_is_not_tried_again(una, mo, post_office):
    send_code("una@example.org", "K7QF-22", at=NOON)
    work(NOON + HOUR)

    with pytest.raises(MoveRefused, match="asks for a new one"):
        try_again(Letter.objects.get(), by=mo.actor, at=NOON + HOUR)


def test_after_two_days_of_trying_it_failed_and_its_words_are_gone(
    una, mail, post_office, settings
):
    settings.EMAIL_PORT = 1
    ticket = make_ticket(una, mail)
    work()
    Delivery.objects.update(attempts=ATTEMPTS - 1, not_before=NOON)

    work(NOON + HOUR)

    letter = Letter.objects.get()
    assert (letter.state, letter.reason, letter.body) == ("failed", "tries", "")
    assert "refused" in letter.problem
    assert Delivery.objects.get().state == "done"
    assert told(ticket) == ["ticket.letter_failed"]


def test_an_address_that_no_mail_can_carry_fails_alone(una, cleo, mail, post_office):
    type(una).objects.filter(pk=una.pk).update(email="ü\ud7ff@exa mple.org")
    una.refresh_from_db()
    report = tickets.Report(service=mail, text="No mail", requester=una, affected=cleo)
    tickets.report(report, by=una.actor, at=MONDAY)

    work()

    assert post_office.recipients == ["cleo@example.org"]
    assert Letter.objects.exclude(recipient="cleo@example.org").get().state == "failed"


@pytest.mark.parametrize(
    "own", ["desk@house.example", "Mail@house.example", "mail+x@HOUSE.example"]
)
def test_nothing_is_mailed_to_ourselves(mail, mo, post_office, own):
    set_identity(mail, Given("Mail", "mail@house.example"), by=mo.actor, at=MONDAY)
    report = tickets.Report(service=mail, text="Loop", contact_email=own)
    tickets.report(report, by=mo.actor, at=MONDAY)

    work()

    assert post_office.letters == []
    letter = Letter.objects.get()
    assert (letter.state, letter.reason, letter.body) == ("dropped", "own", "")


def test_an_address_gets_only_so_many_receipts_an_hour(una, mail, post_office, monkeypatch):
    monkeypatch.setattr(whether, "MOST_RECEIPTS", 2)
    for text in ("One", "Two", "Three"):
        make_ticket(una, mail, text=text)
    work()
    assert len(post_office.letters) == 2
    assert Letter.objects.filter(state="dropped", reason="many").count() == 1

    make_ticket(una, mail, at=NOON + HOUR, text="An hour later")
    work(NOON + HOUR)

    assert len(post_office.letters) == 3


def test_the_list_names_the_next_try(una, mail, mo, settings, post_office):
    settings.EMAIL_PORT = 1
    ticket = make_ticket(una, mail)
    work()

    (out,) = went_out(mo.actor, state="waiting").letters

    assert (out.recipient, out.ref, out.attempts) == ("una@example.org", ticket.ref, 1)
    assert out.next_try == NOON + timedelta(minutes=1)
    assert "refused" in out.problem


def test_whose_matter_one_may_not_see_is_not_named(una, mail, sam, post_office):
    make_ticket(una, mail)
    work()

    (out,) = went_out(sam.actor).letters

    assert (out.recipient, out.ref, out.service) == ("", "", "")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("https://help.example/stop/x/", ["List-Unsubscribe", "List-Unsubscribe-Post"]),
        ("http://help.example/stop/x/", []),
        ("", []),
    ],
)
def test_one_click_ends_only_what_says_so(address, names):
    assert list(unsubscribe_headers(address)) == names
