"""Machines that write, and letters that come back."""

import pytest

from tests.mail.reading.letters import kept, letter, parts

REPORT = "report; report-type=delivery-status"


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Auto-Submitted: auto-replied", "auto-replied"),
        ("Auto-Submitted: auto-generated (nightly)", "auto-generated"),
        ("Auto-Submitted: auto-notified; owner=x", "auto-generated"),
        ("Auto-Submitted: no", ""),
        ("auto-submitted: NO", ""),
        ("X-Autoreply: yes", "auto-replied"),
        ("X-Autorespond: away", "auto-replied"),
        ("Precedence: auto_reply", "auto-replied"),
        ("Precedence: bulk", "bulk"),
        ("Precedence: list", "list"),
        ("List-Id: <x.example.org>", "list"),
        ("List-Unsubscribe: <https://x.org>", "bulk"),
        ("Return-Path: <>", "null-sender"),
        ("Return-Path: <una@example.org>", ""),
        ("X-Auto-Response-Suppress: OOF, AutoReply", "no-answer"),
        ("X-Auto-Response-Suppress: None", ""),
        ("X-Loop: desk@example.com", "loop"),
        ("\n".join(["Received: by x"] * 101), "loop"),
        ("\n".join(["Received: by x"] * 12), ""),
    ],
)
def test_a_machine_is_known_by_its_header(header, why):
    assert letter("Hello", f"{header}\n").automatic == why


@pytest.mark.parametrize(
    ("subject", "is_away"),
    [
        ("Automatic reply: Printer", True),
        ("Out of Office: Printer", True),
        ("Automatische Antwort: Drucker", True),
        ("Abwesenheitsnotiz", True),
        ("Réponse automatique : Imprimante", True),
        ("Respuesta automática: Impresora", True),
        ("Risposta automatica: Stampante", True),
        ("Automatisch antwoord: Printer", True),
        ("Resposta automática: Impressora", True),
        ("Odpowiedź automatyczna: Drukarka", True),
        ("Autosvar: Skrivare", True),
        ("Out of office replies are not sent", False),
        ("Re: Automatic reply: Printer", False),
        ("Automatic reply does not work", False),
        ("Auto repair", False),
    ],
)
def test_who_is_away_is_told_by_the_subject_and_nobody_else(subject, is_away):
    found = letter("Hello", head=f"From: una@example.org\nSubject: {subject}\n")

    assert (found.automatic == "auto-replied") == is_away


@pytest.mark.parametrize(
    ("name", "addresses", "is_permanent"),
    [
        ("mikel-mail/report_422.eml", ("fraser@oooooooo.com.au",), False),
        ("mikel-mail/report_530.eml", ("edwin@zzzzzzz.com",), True),
        ("mikel-mail/multipart_report_multiple_status.eml", ("u@ci.com",), True),
        ("cpython/msg_16.txt", ("jangel1@cougar.noc.ucla.edu",), True),
        ("cpython/msg_25.txt", ("scoffman@wellpartner.com",), True),
    ],
)
def test_the_reports_of_real_servers_name_who_was_not_reached(name, addresses, is_permanent):
    found = kept(name)

    assert found.automatic == "bounce"
    assert found.bounce is not None
    assert found.bounce.addresses == addresses
    assert found.bounce.is_permanent == is_permanent


def report(fields):
    return parts(
        "\nIt could not be delivered.",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{fields}",
        "Content-Type: text/rfc822-headers\n\nMessage-ID: <7.1@desk.example>\nSubject: x",
        kind=REPORT,
        more="In-Reply-To: <6@desk.example>\n",
    )


def test_a_report_says_whom_why_and_which_letter():
    bounce = report(
        "Final-Recipient: rfc822; Una@Example.org\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such\n mailbox\n"
    ).bounce

    assert bounce is not None
    assert bounce.addresses == ("Una@example.org",)
    assert bounce.is_permanent
    assert bounce.reason == "550 5.1.1 no such mailbox"
    assert bounce.original_ids == ("<7.1@desk.example>", "<6@desk.example>")


@pytest.mark.parametrize(
    ("fields", "is_permanent"),
    [
        ("Final-Recipient: rfc822; a@b.org\nAction: delayed\nStatus: 4.4.1", False),
        ("Final-Recipient: rfc822; a@b.org\nAction: failed\nStatus: 4.2.2", False),
        ("Final-Recipient: rfc822; a@b.org\nAction: failed", True),
        ("Final-Recipient: rfc822; a@b.org\nAction: delivered\nStatus: 2.0.0", None),
        ("Final-Recipient: rfc822; nobody\nAction: failed\nStatus: 5.0.0", None),
    ],
)
def test_only_what_failed_for_good_is_permanent(fields, is_permanent):
    found = report(fields)

    assert (found.bounce.is_permanent if found.bounce else None) == is_permanent
    assert found.automatic in ("bounce", "report")


PROSE = {
    "qmail": (
        "From: MAILER-DAEMON@b.org\nTo: desk@example.com\nSubject: failure notice\n",
        "Hi. This is the qmail-send program at b.org.\n\n<una@b.org>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nMessage-ID: <7.1@desk.example>\n",
        ("una@b.org",),
        True,
    ),
    "exim": (
        "From: Mail Delivery System <Mailer-Daemon@b.org>\nX-Failed-Recipients: una@b.org\n"
        "Subject: Mail delivery failed: returning message to sender\n",
        "  una@b.org\n    host mx said: 552 5.2.2 mailbox full\n",
        ("una@b.org",),
        True,
    ),
    "sendmail, later": (
        "From: postmaster@b.org\nSubject: Warning: could not send message for past 4 hours\n",
        "una@b.org... Deferred: 451 4.4.1 timed out\n",
        ("una@b.org",),
        False,
    ),
}


@pytest.mark.parametrize("kind", PROSE)
def test_older_servers_say_it_in_prose(kind):
    head, body, addresses, is_permanent = PROSE[kind]
    found = letter(body, head=head)

    assert found.bounce is not None
    assert (found.bounce.addresses, found.bounce.is_permanent) == (addresses, is_permanent)


def test_the_prose_of_a_server_leads_back_to_the_letter():
    head, body, *_ = PROSE["qmail"]
    found = letter(body, head=head)

    assert found.bounce is not None
    assert found.bounce.original_ids == ("<7.1@desk.example>",)


def test_a_person_who_writes_of_failed_mail_is_a_person():
    found = letter(
        "Mail to una@b.org says 550 5.1.1", head="From: cleo@b.org\nSubject: Undelivered\n"
    )

    assert (found.bounce, found.automatic) == (None, "")
