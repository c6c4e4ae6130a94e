"""Receipt, answer and outcome: to whose matter it is, once, and nothing else."""

import socket
from datetime import timedelta

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket, somebody
from tricorn.journal.actor import VISITOR
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Delivery
from tricorn.mail import outgoing
from tricorn.mail.models import Letter
from tricorn.parties.verbs import change_house, change_person
from tricorn.tickets import verbs as tickets
from tricorn.tickets.links import token_of

pytestmark = pytest.mark.django_db


def work(at=NOON):
    """Let the worker do what is ready at this moment."""
    return run_once(lambda: at)


def anonymous(service, contact_email="visitor@example.org", **more):
    report = tickets.Report(
        service=service, text="The screen at reception is dark", contact_email=contact_email, **more
    )
    return tickets.report(report, by=VISITOR, at=MONDAY)


def test_who_reports_under_a_name_gets_one_receipt(una, mail, post_office):
    ticket = make_ticket(una, mail)

    work()
    work()

    (letter,) = post_office.letters
    assert post_office.recipients == ["una@example.org"]
    assert letter["Subject"] == f"[{ticket.ref}] Mail is slow"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert f"Its reference is {ticket.ref}." in letter.text
    assert "We answer by Monday 12 October, 16:00." in letter.text


def test_letters_of_a_moment_share_one_line_to_the_mail_server(una, mail, post_office):
    for _ in range(2):
        make_ticket(una, mail)
    work()
    assert len(set(post_office.lines)) == 1

    outgoing.line().connection.sock.shutdown(socket.SHUT_RDWR)
    make_ticket(una, mail)
    work()
    outgoing.hang_up()
    make_ticket(una, mail)
    work()
    assert (len(post_office.letters), len(set(post_office.lines))) == (4, 3)


def test_times_are_said_in_the_readers_own_zone(una, mail, post_office):
    una.zone = "America/New_York"
    una.save()
    make_ticket(una, mail)

    work()

    assert "We answer by Monday 12 October, 10:00." in post_office.letters[0].text


def test_who_gives_only_an_address_gets_the_private_link_and_none_of_the_words(
    house, mail, post_office, settings
):
    settings.PUBLIC_URL = "https://help.example"
    ticket = anonymous(mail)

    work()

    (letter,) = post_office.letters
    assert post_office.recipients == ["visitor@example.org"]
    assert f"https://help.example/r/{token_of(ticket)}/" in letter.text
    assert "screen" not in letter.as_string()


def test_without_a_public_address_the_letter_names_the_reference_and_no_link(mail, post_office):
    ticket = anonymous(mail)

    work()

    text = post_office.letters[0].text
    assert ticket.ref in text
    assert "http" not in text


def test_the_address_set_by_a_manager_serves_as_well(una, mail, desi, post_office):
    change_house(by=desi.actor, at=MONDAY, changes={"public_url": "https://desk.example/"})
    ticket = make_ticket(una, mail)

    work()

    assert f"https://desk.example/t/{ticket.ref}/" in post_office.letters[0].text


def test_who_gives_no_address_gets_nothing(house, mail, post_office):
    anonymous(mail, contact_email="")

    work()

    assert post_office.letters == []
    assert Delivery.objects.get().state == "done"


def test_an_answer_of_the_desk_reaches_whom_it_concerns_in_the_same_thread(
    una, cleo, mail, desi, post_office
):
    report = tickets.Report(service=mail, text="No mail", requester=una, affected=cleo)
    ticket = tickets.report(report, by=una.actor, at=MONDAY)
    work()
    first = {each["To"]: each["Message-ID"] for each in post_office.letters}

    tickets.answer(ticket, by=desi.actor, at=NOON, text="Please restart it.")
    work()

    answers = post_office.letters[2:]
    assert sorted(each["To"] for each in answers) == ["cleo@example.org", "una@example.org"]
    for each in answers:
        assert each["Subject"] == f"Re: [{ticket.ref}] No mail"
        assert each["In-Reply-To"] == first[each["To"]]
        assert each["References"] == first[each["To"]]
        assert each["Auto-Submitted"] == "auto-generated"
        assert "Please restart it." in each.text


def test_nobody_is_mailed_what_they_wrote_themselves(mail, desi, cleo, post_office):
    report = tickets.Report(service=mail, text="No mail", requester=desi, affected=cleo)
    ticket = tickets.report(report, by=desi.actor, at=MONDAY)
    work()
    post_office.letters.clear()

    tickets.resolve(ticket, by=desi.actor, at=NOON, note="It was the cable.")
    work()

    assert [each["To"] for each in post_office.letters] == ["cleo@example.org"]


def test_the_outcome_is_mailed_with_what_fixed_it(una, mail, desi, post_office):
    ticket = make_ticket(una, mail)
    tickets.resolve(ticket, by=desi.actor, at=NOON, note="The server was restarted.")

    work()

    outcome = post_office.letters[1]
    assert outcome["Subject"] == f"Re: [{ticket.ref}] Mail is slow"
    assert f"{ticket.ref}, Mail, is resolved:" in outcome.text
    assert "The server was restarted." in outcome.text


def test_notes_and_words_of_the_person_themselves_are_never_mailed(una, mail, desi, post_office):
    ticket = make_ticket(una, mail)
    work()
    post_office.letters.clear()

    tickets.add_note(ticket, by=desi.actor, at=NOON, text="She calls every week.")
    tickets.answer(ticket, by=una.actor, at=NOON, text="Still slow.")
    tickets.assign(ticket, by=desi.actor, at=NOON, to=desi)
    tickets.hand_over(ticket, by=desi.actor, at=NOON, note="Yours.", team=None)
    tickets.wait(ticket, by=desi.actor, at=NOON, holder="supplier")
    work()

    assert post_office.letters == []


def test_a_held_report_is_receipted_only_when_it_is_released(house, mail, desi, post_office):
    ticket = anonymous(mail, held_for="quick")
    work()
    assert post_office.letters == []

    tickets.release(ticket, by=desi.actor, at=NOON)
    work()

    assert post_office.recipients == ["visitor@example.org"]


def test_who_may_no_longer_sign_in_gets_no_letters(una, mail, mo, post_office):
    make_ticket(una, mail)
    change_person(una, by=mo.actor, at=MONDAY, is_active=False)

    work()

    assert post_office.letters == []


def test_one_address_gets_one_letter_whoever_it_belongs_to(una, mail, post_office):
    report = tickets.Report(
        service=mail, text="No mail", requester=una, contact_email="UNA@example.org"
    )
    tickets.report(report, by=una.actor, at=MONDAY)

    work()

    assert len(post_office.letters) == 1


def test_the_words_of_a_letter_are_kept_only_until_it_is_on_its_way(una, mail, post_office):
    make_ticket(una, mail)

    work()

    letter = Letter.objects.get()
    assert (letter.state, letter.sent_at) == ("sent", NOON)
    assert (letter.subject, letter.body) == ("", "")


def test_a_server_that_is_away_is_tried_again_and_then_gets_each_letter_once(
    una, mail, post_office, settings
):
    settings.EMAIL_PORT = 1  # nothing listens there
    make_ticket(una, mail)
    work(NOON)
    waiting = Delivery.objects.get()
    assert waiting.state == "waiting"
    assert waiting.not_before == NOON + timedelta(minutes=1)

    settings.EMAIL_PORT = post_office.port
    work(NOON + timedelta(seconds=30))
    assert post_office.letters == []
    work(NOON + timedelta(minutes=1))
    work(NOON + HOUR)

    assert len(post_office.letters) == 1
    assert Delivery.objects.get().state == "done"


def test_what_is_repeated_after_a_lost_answer_is_the_very_same_mail(una, mail, post_office):
    post_office.hangs_up = True  # it has the letter, and we never hear of it
    make_ticket(una, mail)
    work(NOON)
    post_office.hangs_up = False

    work(NOON + timedelta(minutes=1))

    first, second = post_office.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert first.as_bytes() == second.as_bytes()


def test_a_letter_has_two_parts_with_the_same_words(una, mail, post_office, settings):
    settings.PUBLIC_URL = "https://help.example"
    ticket = make_ticket(una, mail)

    work()

    (letter,) = post_office.letters
    link = f"https://help.example/t/{ticket.ref}/"
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert f"\n{link}\n" in letter.text
    assert f'<a href="{link}">{link}</a>' in letter.html
    assert "src=" not in letter.html


@pytest.mark.parametrize("answer", ["address_answer", "letter_answer"])
def test_a_letter_refused_for_good_is_noted_and_not_tried_again(una, mail, post_office, answer):
    setattr(post_office, answer, "550 Nobody here called una@example.org")
    make_ticket(una, mail)

    work()

    letter = Letter.objects.get()
    assert letter.state == "failed"
    assert "(550)" in letter.problem
    assert "una" not in letter.problem
    assert letter.body == ""
    assert Delivery.objects.get().state == "done"


def test_a_letter_asked_to_come_later_is_tried_again_without_noting_the_address(
    una, mail, post_office
):
    post_office.address_answer = "451 Greylisted, una@example.org, come later"
    make_ticket(una, mail)

    work()

    delivery = Delivery.objects.get()
    assert delivery.state == "waiting"
    assert "451" in delivery.problem
    assert "una" not in delivery.problem


def test_one_address_that_is_refused_does_not_keep_the_other_from_its_letter(
    una, cleo, mail, post_office, settings
):
    settings.EMAIL_PORT = 1
    report = tickets.Report(service=mail, text="No mail", requester=una, affected=cleo)
    tickets.report(report, by=una.actor, at=MONDAY)
    work(NOON)
    Letter.objects.filter(recipient="cleo@example.org").update(
        state="failed", body="", subject="", problem="refused"
    )
    settings.EMAIL_PORT = post_office.port

    work(NOON + HOUR)

    assert post_office.recipients == ["una@example.org"]


def test_old_news_is_not_mailed(una, mail, post_office):
    make_ticket(una, mail)

    work(MONDAY + timedelta(days=8))

    assert post_office.letters == []
    assert Delivery.objects.get().state == "done"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Slow\r\nBcc: everybody@example.org", "Slow"),
        ("Lift 🛗 stuck, help 😱", "Lift 🛗 stuck, help 😱"),
        ("המעלית תקועה", "המעלית תקועה"),
        ("abc \u202egnp.exe", "abc gnp.exe"),
        ("a\u2028Bcc: x@example.org", "a Bcc: x@example.org"),
        ("<script>alert(1)</script> & co", "<script>alert(1)</script> & co"),
    ],
)
def test_a_report_of_any_kind_makes_one_clean_subject(una, mail, post_office, text, subject):
    ticket = make_ticket(una, mail, text=text)

    work()

    (letter,) = post_office.letters
    assert letter["Subject"] == f"[{ticket.ref}] {subject}"
    assert letter["Bcc"] is None
    assert post_office.recipients == ["una@example.org"]


def test_names_with_line_ends_and_commas_add_no_recipient(house, mail, post_office):
    evil = somebody("Eve")
    type(evil).objects.filter(pk=evil.pk).update(name="Eve\r\nBcc: all@example.org, <a@b.example>")
    type(mail).objects.filter(pk=mail.pk).update(name="Mail\r\nTo: you@example.org")
    evil.refresh_from_db()
    mail.refresh_from_db()
    make_ticket(evil, mail)

    work()

    (letter,) = post_office.letters
    assert post_office.recipients == ["eve@example.org"]
    assert letter["To"] == "eve@example.org"
    assert letter["Bcc"] is None


def test_a_long_answer_is_set_in_short_lines_and_addresses_stay_whole(una, mail, desi, post_office):
    address = "https://docs.example.org/" + "a" * 90
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=desi.actor, at=NOON, text=("word " * 400) + "\n\n" + address)

    work()

    lines = post_office.letters[1].text.splitlines()
    assert address in lines
    assert max(len(line) for line in lines if line != address) <= 72


def test_letters_show_what_was_typed_and_not_html(una, mail, desi, post_office):
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=desi.actor, at=NOON, text="Use <b> & \"quotes\" in O'Hara's form")

    work()

    assert "Use <b> & \"quotes\" in O'Hara's form" in post_office.letters[1].text


def test_replies_go_where_the_house_says(una, mail, post_office, settings):
    settings.REPLY_TO = "desk@example.org"
    make_ticket(una, mail)

    work()

    assert post_office.letters[0]["Reply-To"] == "desk@example.org"
