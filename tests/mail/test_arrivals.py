"""What outgoing mail knows of incoming mail: threads, where answers go, who is copied, what bounces."""

import pytest

from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Line
from tricorn.mail.models import Letter
from tricorn.mail.tokens import is_given_to, ticket_of
from tricorn.mail.verbs import Given, came_back, set_identity, try_again
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Arrival, Unreachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(mail):
    """The mailbox of the service Mail, brought letters by the mail server beside it."""
    return tickets.add_mailbox(by=COMMAND, at=LONG_AGO, address="it@house.example", service=mail)


def work(at=NOON):
    while run_once(lambda: at):
        pass


def came(ticket, box, mail_id, **more):
    given = {"sha256": mail_id, "size": 1, "received_at": MONDAY, "not_before": MONDAY}
    return Arrival.objects.create(
        mailbox=box, ticket=ticket, state="filed", mail_id=mail_id, **given, **more
    )


def test_an_answer_goes_to_the_services_mailbox_with_the_readers_own_token(
    una, cleo, mail, box, post_office
):
    report = tickets.Report(service=mail, text="No mail", requester=una, affected=cleo)
    ticket = tickets.report(report, by=una.actor, at=MONDAY)

    work()

    assert len(post_office.letters) == 2
    for letter in post_office.letters:
        local, _, domain = letter["Reply-To"].addresses[0].addr_spec.rpartition("@")
        assert (local.partition("+")[0], domain) == ("it", "house.example")
        assert ticket_of(local) == ticket.pk
        assert is_given_to(local, letter["To"].addresses[0].addr_spec)
        assert len(local) <= 64


def test_the_letter_that_came_in_is_what_is_answered(una, mail, box, post_office):
    ticket = make_ticket(una, mail)
    came(ticket, box, "<first@theirs.example>")
    came(ticket, box, "<gossip@elsewhere.example>", reason="stranger")

    work()

    (letter,) = post_office.letters
    assert letter["In-Reply-To"] == "<first@theirs.example>"
    assert letter["References"] == "<first@theirs.example>"


def test_who_is_copied_gets_the_answers_without_a_link(una, mail, desi, post_office, settings):
    settings.PUBLIC_URL = "https://help.example"
    ticket = make_ticket(una, mail)
    tickets.copy_in(ticket, [("Ben@elsewhere.example", "Ben")], by=WORKER, at=MONDAY)
    tickets.answer(ticket, by=desi.actor, at=NOON, text="Please restart it.")

    work()

    copies = [each for each in post_office.letters if each["To"] == "ben@elsewhere.example"]
    (copy,) = copies
    assert "Please restart it." in copy.text
    assert "help.example" not in copy.text + copy.html
    assert "Mail is slow" not in copy["Subject"]


def test_a_machine_gets_no_receipt(una, mail, box, post_office):
    came(make_ticket(una, mail), box, "<m@machine.example>", order="new", reason="automatic")

    work()

    assert post_office.letters == []
    assert Letter.objects.get().reason == "automatic"


def test_nothing_goes_to_an_address_that_letters_come_back_from(una, mail, mo, post_office):
    row = tickets.note_unreachable("Una@example.org", by=WORKER, at=MONDAY)
    ticket = make_ticket(una, mail)
    work()
    letter = Letter.objects.get()
    assert post_office.letters == []
    assert (letter.state, letter.reason) == ("failed", "unreachable")
    assert Line.objects.about("ticket", ticket.pk).filter(kind="ticket.letter_failed").exists()

    tickets.lift_unreachable(row, by=mo.actor, at=NOON)
    try_again(letter, by=mo.actor, at=NOON)
    work()

    assert post_office.recipients == ["una@example.org"]
    assert not Unreachable.objects.exists()


def test_a_letter_that_came_back_failed_after_all_and_is_said_once(una, mail, post_office):
    ticket = make_ticket(una, mail)
    work()

    for _ in range(2):
        came_back(Letter.objects.get(), by=WORKER, at=NOON)

    assert Letter.objects.get().state == "failed"
    assert Line.objects.about("ticket", ticket.pk).filter(kind="ticket.letter_failed").count() == 1


def test_nothing_is_mailed_to_a_mailbox_of_ours(una, mail, box, mo, post_office):
    set_identity(None, Given("House", "house@house.example"), by=mo.actor, at=MONDAY)
    report = tickets.Report(service=mail, text="Loop", contact_email="it+x@house.example")
    tickets.report(report, by=una.actor, at=MONDAY)

    work()

    assert post_office.letters == []
