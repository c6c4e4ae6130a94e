"""What a letter becomes: a ticket, words on a ticket, or nothing, and nothing is ever lost."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.cast import HOUR, NOON, make_ticket
from tests.mail.incoming.arriving import HELP, arrive, letter
from tricorn.files.models import File
from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.journal.verbs import write
from tricorn.mail import arrivals, reactor
from tricorn.mail.incoming import filing
from tricorn.mail.models import Letter
from tricorn.mail.tokens import token_for
from tricorn.parties.models import Alias
from tricorn.tickets import verbs
from tricorn.tickets.models import Arrival, Copied, Message, Ticket, Unreachable
from tricorn.tickets.verbs import Came, keep
from tricorn.tickets.verbs.arrivals import raw_of

GUEST = "Gast <gast@elsewhere.example>"


def tagged(ticket, address):
    return f"help+{token_for(ticket, address)}@house.example"


def written(ticket):
    """Return the letters that this ticket's lines have brought about."""
    for line in Line.objects.about("ticket", ticket.pk):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reactor, "send", lambda each: None)
            reactor.react(line, NOON)
    return list(Letter.objects.filter(ticket=ticket).order_by("id"))


def test_a_letter_of_somebody_known_becomes_their_ticket_of_the_mailboxs_service(box, una):
    arrival = arrive(letter(), box)

    ticket = Ticket.objects.get()
    assert (arrival.state, arrival.ticket, arrival.message) == (
        "filed",
        ticket,
        ticket.messages.get(),
    )
    assert (ticket.requester, ticket.service, ticket.kind) == (una, box.service, "question")
    assert (ticket.channel, ticket.summary) == ("mail", "Mail is slow")
    assert ticket.messages.get().text == "Since Monday it takes minutes."
    assert raw_of(arrival) == letter(mail_id=arrival.mail_id)


def test_a_stranger_stays_a_guest_with_an_address_to_answer_to(box):
    arrive(letter(GUEST), box)

    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.contact_email) == (None, "gast@elsewhere.example")
    assert ticket.messages.get().sender == GUEST
    assert {each.recipient for each in written(ticket)} == {"gast@elsewhere.example"}


@pytest.mark.parametrize(("text", "words"), [("Hello", "Hello\n\n(Outlook"), (" ", "Outlook")])
def test_what_cannot_be_opened_is_said_to_who_reads_the_ticket(box, text, words):
    packed = ("winmail.dat", "application/ms-tnef", b"x")
    message = arrive(letter(GUEST, text=text, files=(packed,)), box).message
    assert message.text.startswith(f"{words} packed the files")
    assert File.objects.filter(subject="message", subject_id=message.pk).count() == 1


def test_the_same_letter_twice_is_one_ticket_and_one_arrival(box, una):
    raw = letter()
    assert arrive(raw, box) == arrive(raw, box)
    assert Ticket.objects.count() == Arrival.objects.count() == 1


def test_another_copy_with_the_same_message_id_is_kept_and_ignored(box, una):
    first = arrive(letter(mail_id="<a@b.example>"), box)
    copy = arrive(letter(mail_id="<a@b.example>", text="With a footer of the list"), box)

    assert (copy.state, copy.reason, copy.ticket) == ("ignored", "duplicate", first.ticket)
    assert Ticket.objects.count() == 1
    assert b"footer" in raw_of(copy)


def test_an_answer_by_token_goes_to_its_ticket_whatever_the_subject_says(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    verbs.open_(ticket, by=desi.actor, at=NOON)
    verbs.wait(ticket, by=desi.actor, at=NOON, holder="customer")

    raw = letter(to=tagged(ticket, "una@example.org"), subject="[T-999] other", text="It is mended")
    arrival = arrive(raw, box, at=NOON + HOUR)

    ticket.refresh_from_db()
    assert (arrival.ticket, ticket.state) == (ticket, "open")
    last = ticket.messages.last()
    assert (last.text, last.author, last.is_public, last.channel) == (
        "It is mended",
        una,
        True,
        "mail",
    )


def test_the_token_may_stand_in_the_address_the_server_brought_it_to_alone(box, una, mail):
    ticket = make_ticket(una, mail)
    brought = (tagged(ticket, "una@example.org").upper(),)
    assert arrive(letter(to="Somebody <x@y.example>"), box, brought_to=brought).ticket == ticket


def test_an_answer_to_one_of_our_letters_goes_to_its_ticket(box, una, mail):
    ticket = make_ticket(una, mail)
    [ours] = written(ticket)
    raw = letter(In_Reply_To=ours.message_id, References=f"<x@y.example> {ours.message_id}")
    assert arrive(raw, box).ticket == ticket


def test_an_answer_to_a_letter_that_came_before_goes_to_its_ticket(box, una):
    first = arrive(letter(mail_id="<first@example.org>"), box)
    second = arrive(letter(References="<first@example.org>", text="And one thing more"), box)
    assert second.ticket == first.ticket
    assert Ticket.objects.count() == 1


def test_the_subject_alone_joins_nothing(box, una, mail):
    ticket = make_ticket(una, mail)
    arrival = arrive(letter(subject=f"Re: [{ticket.ref}] Mail is slow"), box)
    assert arrival.ticket != ticket


def test_a_token_with_another_tickets_number_opens_neither(box, una, sam, mail):
    hers, other = make_ticket(una, mail), make_ticket(sam, mail, text="Secret")
    forged = tagged(hers, "una@example.org").replace(f"T-{hers.pk}-", f"T-{other.pk}-")
    arrival = arrive(letter(to=forged), box)
    assert arrival.ticket not in (hers, other)
    assert other.messages.count() == 1


def test_words_of_somebody_who_is_nobody_of_the_ticket_are_the_desks_alone(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    verbs.open_(ticket, by=desi.actor, at=NOON)
    verbs.wait(ticket, by=desi.actor, at=NOON, holder="customer")

    arrival = arrive(letter(GUEST, to=tagged(ticket, "una@example.org"), text="I am Una"), box)

    ticket.refresh_from_db()
    last = ticket.messages.last()
    assert (arrival.state, arrival.reason) == ("filed", "stranger")
    assert (last.text, last.is_public, last.author, last.sender) == ("I am Una", False, None, GUEST)
    assert ticket.state == "waiting"
    assert not Copied.objects.exists()


def test_who_works_at_the_desk_speaks_for_it_only_with_a_token_of_their_own(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    sender = "Desi <desi@example.org>"
    spoofed = arrive(letter(sender, to=tagged(ticket, "una@example.org"), text="Pay me"), box)
    genuine = arrive(letter(sender, to=tagged(ticket, "desi@example.org"), text="Try again"), box)

    assert (spoofed.message.is_public, spoofed.message.is_from_desk) == (False, False)
    assert (genuine.message.is_public, genuine.message.is_from_desk) == (True, True)


def told_desi(ticket, desi):
    """Return the Message-ID of the letter by which Desi was told that a ticket goes up."""
    with transaction.atomic():
        write(ticket, "ticket.escalated", by=WORKER, at=NOON, persons=[desi.pk])
    [told] = [each for each in written(ticket) if each.kind == "told"]
    return told.message_id


@pytest.mark.parametrize("state", ["new", "resolved", "closed"])
def test_an_agents_reply_to_what_told_them_is_a_note_and_nobody_else_hears_it(
    box, una, desi, mail, state
):
    ticket = make_ticket(una, mail)
    told = told_desi(ticket, desi)
    Ticket.objects.filter(pk=ticket.pk).update(
        state=state,
        resolved_at=None if state == "new" else NOON,
        closed_at=NOON if state == "closed" else None,
    )
    before = len(written(ticket))

    arrival = arrive(letter("desi@example.org", text="On my way", In_Reply_To=told), box)

    note = arrival.message
    assert (arrival.ticket, note.author, note.text) == (ticket, desi, "On my way")
    assert (note.is_public, note.is_from_desk, note.channel) == (False, True, "mail")
    assert len(written(ticket)) == before
    assert Ticket.objects.get().state == state


def test_what_told_somebody_speaks_for_nobody_else(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    arrival = arrive(letter(GUEST, text="Me too", In_Reply_To=told_desi(ticket, desi)), box)
    assert (arrival.ticket, arrival.reason) == (ticket, "stranger")
    assert not arrival.message.is_public


def test_an_address_that_came_with_a_merged_record_is_its_persons(box, una, desi):
    Alias.objects.create(person=una, address="U.Old@example.org")
    assert arrive(letter("u.old@Example.org"), box).ticket.requester == una


def test_who_is_copied_is_kept_gets_the_answers_and_may_add_words(box, una, desi, cleo):
    arrival = arrive(letter(to=f"{HELP}, Cleo <cleo@example.org>", Cc=f"{GUEST}, {HELP}"), box)
    ticket = arrival.ticket
    assert {each.recipient for each in written(ticket)} == {"una@example.org"}  # the receipt
    assert set(arrivals.copied(ticket)) == {"cleo@example.org", "gast@elsewhere.example"}

    heard = arrive(letter(GUEST, to=tagged(ticket, "gast@elsewhere.example")), box).message
    assert (heard.is_public, heard.by_kind) == (True, "worker")


def test_ten_thousand_recipients_are_not_copied_and_the_letter_is_filed(box, una):
    many = b", ".join(b"p%d@crowd.example" % number for number in range(10_000))
    arrival = arrive(letter().replace(b"Subject:", b"Cc: " + many + b"\nSubject:"), box)
    assert arrival.state == "filed"
    assert not Copied.objects.exists()
    assert "none of them is copied" in arrival.detail


@pytest.mark.parametrize("state", ["resolved", "closed", "cancelled"])
def test_an_answer_of_whose_matter_it_is_opens_what_was_done_again(box, una, desi, mail, state):
    ticket = make_ticket(una, mail)
    _end(ticket, desi, state)
    arrival = arrive(
        letter(to=tagged(ticket, "una@example.org"), text="Not at all"), box, at=NOON + HOUR
    )
    ticket.refresh_from_db()
    assert (arrival.ticket, ticket.state) == (ticket, "open")
    assert ticket.messages.last().text == "Not at all"


def test_an_answer_long_after_the_end_is_a_new_ticket_that_names_the_old(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    _end(ticket, desi, "closed")
    raw = letter(to=tagged(ticket, "una@example.org"), text="It is back")
    new = arrive(raw, box, at=NOON + timedelta(days=30)).ticket
    assert new != ticket
    assert ticket.ref in new.messages.get(is_public=False).text
    assert new.requester == una


def test_an_answer_to_a_merged_ticket_moves_the_one_in_which_it_is_handled(
    box, una, sam, desi, mail
):
    hers, other = make_ticket(una, mail), make_ticket(sam, mail)
    verbs.merge(hers, by=desi.actor, at=NOON, into=other)
    verbs.resolve(other, by=desi.actor, at=NOON, note="Restarted")
    raw = letter(to=tagged(hers, "una@example.org"), text="Not for me")
    arrival = arrive(raw, box, at=NOON + HOUR)
    other.refresh_from_db()
    assert (arrival.ticket, other.state) == (hers, "open")


def test_a_strangers_answer_to_what_is_done_is_a_new_ticket(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    _end(ticket, desi, "closed")
    arrival = arrive(letter(GUEST, to=tagged(ticket, "una@example.org")), box, at=NOON + HOUR)
    assert arrival.ticket != ticket
    assert arrival.ticket.contact_email == "gast@elsewhere.example"


def _end(ticket, desi, state):
    if state == "cancelled":
        verbs.cancel(ticket, by=desi.actor, at=NOON)
        return
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    if state == "closed":
        verbs.close(ticket, by=desi.actor, at=NOON)


def test_an_automatic_letter_is_never_a_ticket(box, una):
    arrival = arrive(letter(Auto_Submitted="auto-replied"), box)
    assert (arrival.state, arrival.reason) == ("ignored", "automatic")
    assert not Ticket.objects.exists()


def test_a_letter_that_asks_for_silence_is_a_ticket_without_a_receipt(box, una):
    arrival = arrive(letter(X_Auto_Response_Suppress="All"), box)
    assert arrival.state == "filed"
    assert arrivals.came_by_machine(arrival.ticket_id)


def test_an_automatic_answer_is_a_note_that_moves_nothing_and_is_not_answered(box, una, desi, mail):
    ticket = make_ticket(una, mail)
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Done")
    before = len(written(ticket))
    raw = letter(to=tagged(ticket, "una@example.org"), Auto_Submitted="auto-replied", text="Away")
    arrival = arrive(raw, box, at=NOON + HOUR)

    ticket.refresh_from_db()
    assert (arrival.state, arrival.ticket, ticket.state) == ("filed", ticket, "resolved")
    assert not arrival.message.is_public
    assert len(written(ticket)) == before


@pytest.mark.parametrize("sender", [HELP, "Help <HELP+x@house.example>", "tricorn@localhost"])
def test_a_letter_from_an_address_of_our_own_is_ignored(box, sender):
    assert arrive(letter(sender), box).reason == "own"
    assert not Ticket.objects.exists()


def test_our_own_letter_that_comes_back_as_it_was_is_ignored(box, una, mail):
    [ours] = written(make_ticket(una, mail))
    assert arrive(letter(mail_id=ours.message_id), box).reason == "own"


def test_more_letters_of_one_sender_than_fit_into_an_hour_are_put_aside(box, una, settings):
    settings.LETTERS_PER_HOUR = 2
    states = [arrive(letter(), box).state for _ in range(3)]
    assert states == ["filed", "filed", "quarantined"]
    assert arrive(letter(), box, at=NOON + 2 * HOUR).state == "filed"
    assert Arrival.objects.get(state="quarantined").reason == "too_many"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"sender": None}, "no_sender"),
        ({"Authentication_Results": "mx.example; spf=pass; dmarc=fail (p=reject)"}, "spoofed"),
    ],
)
def test_a_letter_without_a_sender_to_believe_is_put_aside(box, una, given, reason):
    arrival = arrive(letter(**given), box)
    assert (arrival.state, arrival.reason) == ("quarantined", reason)


def test_a_domain_that_only_watches_is_believed(box, una):
    results = "mx.example; dmarc=fail (p=none dis=none) header.from=example.org"
    assert arrive(letter(Authentication_Results=results), box).state == "filed"


def test_a_letter_that_comes_back_marks_its_address_and_tells_the_desk(box, una, mail):
    ticket = make_ticket(una, mail)
    [ours] = written(ticket)
    arrival = arrive(bounce_of(ours.message_id, "una@example.org"), box)

    assert (arrival.state, arrival.ticket) == ("bounce", ticket)
    row = Unreachable.objects.get()
    assert row.address == "una@example.org"
    assert "una@example.org" in ticket.messages.get(is_public=False).text
    assert Ticket.objects.count() == 1


def test_an_address_that_cannot_be_reached_is_reached_again_once_it_writes(box, una, mail):
    ticket = make_ticket(una, mail)
    [ours] = written(ticket)
    arrive(bounce_of(ours.message_id, "una@example.org"), box)
    assert arrivals.is_unreachable("Una@example.org")

    arrive(letter(to=tagged(ticket, "una@example.org"), text="I am here"), box, at=NOON + HOUR)
    assert not Unreachable.objects.exists()


def test_a_forged_bounce_marks_nobody(box, una, mail):
    [ours] = written(make_ticket(una, mail))
    arrive(bounce_of("<made-up@house.example>", "una@example.org"), box)
    other = arrive(bounce_of(ours.message_id, "sam@example.org"), box)
    assert (other.state, other.reason) == ("ignored", "bounce_unknown")
    assert not Unreachable.objects.exists()


def bounce_of(message_id, address):
    return (
        b"From: Mail Delivery <mailer-daemon@mx.example>\r\nTo: help@house.example\r\n"
        b"Subject: Undelivered\r\nMessage-ID: <%d@mx.example>\r\nAuto-Submitted: auto-replied\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 no such mailbox\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: %s\r\n\r\n--b--\r\n"
        % (hash((message_id, address)) % 10**9, address.encode(), message_id.encode())
    )


def test_what_cannot_be_read_is_put_aside_with_its_reason(box):
    arrival = arrive(b"\xff\xfe" * 2000, box)
    assert arrival.state == "quarantined"
    assert arrival.reason in ("unreadable", "no_sender")


def test_files_come_to_the_message_they_came_with(box, una):
    arrival = arrive(letter(files=(("list.csv", "text/csv", b"a,b\n"),)), box)
    file = File.objects.get(subject="message")
    assert (file.subject_id, file.name, file.size) == (arrival.message.pk, "list.csv", 4)


def test_a_letter_without_words_says_so_and_keeps_its_subject(box, una):
    assert arrive(letter(text="\n"), box).message.text == "Mail is slow"
    assert "no words" in arrive(letter(text="\n", subject=""), box).message.text


def test_a_letter_that_fails_five_times_is_put_aside_and_stops_no_other(box, una, monkeypatch):
    bad, good = letter(subject="Bad"), letter(subject="Good")
    keep([Came(bad, box, NOON, ()), Came(good, box, NOON, ())])
    file_letter = filing.file_letter

    def failing(arrival, raw, got, own, *, at):
        if got.subject == "Bad":
            Message.objects.first().save()
            raise RuntimeError("x")
        return file_letter(arrival, raw, got, own, at=at)

    monkeypatch.setattr(filing, "file_letter", failing)
    for minute in range(12):
        filing.file_waiting(lambda minute=minute: NOON + timedelta(minutes=minute))
    states = {each.subject or "Bad": (each.state, each.reason) for each in Arrival.objects.all()}
    assert states == {"Good": ("filed", ""), "Bad": ("quarantined", "failed")}


def test_what_a_manager_lets_in_is_filed_as_new_or_to_a_ticket(box, una, mo, mail):
    ticket = make_ticket(una, mail)
    automatic = arrive(letter(Auto_Submitted="auto-generated", text="Disk is full"), box)
    verbs.let_in(automatic, by=mo.actor, at=NOON)
    while filing.file_waiting(lambda: NOON):
        pass
    automatic.refresh_from_db()
    assert automatic.state == "filed"
    assert automatic.ticket != ticket

    lost = arrive(letter(GUEST, Auto_Submitted="auto-generated"), box)
    verbs.let_in(lost, by=mo.actor, at=NOON, ticket=ticket)
    while filing.file_waiting(lambda: NOON):
        pass
    lost.refresh_from_db()
    assert (lost.state, lost.ticket) == ("filed", ticket)


def test_no_line_of_the_journal_holds_anything_personal(box, una):
    arrive(letter(f"{GUEST}", Cc="Cleo <cleo@example.org>", subject="Quincunx"), box)
    said = " ".join(str(each) for each in Line.objects.values_list("data", flat=True))
    assert not any(word in said for word in ("Quincunx", "@", "gast"))
