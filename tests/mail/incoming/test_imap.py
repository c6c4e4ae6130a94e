"""Fetching from a real IMAP server: kept first, marked afterwards, and again after any break."""

import smtplib
import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from tests.beside import wait_until
from tests.cast import LONG_AGO, NOON
from tests.dovecot import PASSWORD, dovecot
from tests.mail.incoming.arriving import HELP, letter
from tricorn.journal.actor import COMMAND
from tricorn.mail.incoming import imap
from tricorn.mail.incoming.filing import file_waiting
from tricorn.tickets.checks import NotReached
from tricorn.tickets.models import Arrival, Ticket
from tricorn.tickets.sealed import seal
from tricorn.tickets.verbs import Fetched, add_mailbox, keep

LETTER = "Una <una@example.org>"


class AtOnce:
    """Keeps each letter in the test's own connection."""

    def put(self, came):
        keep([came])
        done = Future()
        done.set_result(None)
        return done


@pytest.fixture(scope="module")
def server():
    with dovecot() as running:
        yield running


@pytest.fixture
def fetched(server, mail, request):
    """A mailbox of this test's own at the server."""
    name = f"box{abs(hash(request.node.name)) % 10**8}"
    way = Fetched("imap", "127.0.0.1", server.imap, "plain", name, PASSWORD)
    return add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail, fetched=way)


def bring(server, mailbox, *letters):
    with smtplib.LMTP("127.0.0.1", server.lmtp) as line:
        for each in letters:
            line.sendmail("una@example.org", [f"{mailbox.login}@house.example"], each)


def fetch(mailbox, keeper=None):
    line = imap.connect(mailbox)
    try:
        return imap.fetch(mailbox, line, keeper or AtOnce(), lambda: NOON)
    finally:
        imap.leave(line)


def filed():
    while file_waiting(lambda: NOON):
        pass
    return Ticket.objects.count()


def test_what_is_unread_is_fetched_once_and_becomes_tickets(server, fetched, una):
    bring(server, fetched, letter(), letter(subject="Another"))
    assert imap.check(fetched) == 2
    assert (fetch(fetched), fetch(fetched)) == (2, 0)
    assert filed() == 2
    assert Arrival.objects.first().delivered_to == HELP


def test_what_was_kept_but_not_marked_is_fetched_again_and_stays_one_ticket(
    server, fetched, una, monkeypatch
):
    bring(server, fetched, letter())
    with monkeypatch.context() as patch:
        patch.setattr(imap, "_mark", lambda *given: (_ for _ in ()).throw(OSError("gone")))
        with pytest.raises(OSError, match="gone"):
            fetch(fetched)
    assert filed() == 1
    assert imap.check(fetched) == 1
    assert fetch(fetched) == 1
    assert filed() == 1


def test_what_could_not_be_kept_stays_unread(server, fetched):
    class Full:
        def put(self, came):
            future = Future()
            future.set_exception(OSError("the disk is full"))
            return future

    bring(server, fetched, letter())
    with pytest.raises(OSError, match="full"):
        fetch(fetched, Full())
    assert imap.check(fetched) == 1


def test_what_is_done_moves_to_a_folder_if_one_is_named(server, fetched, una):
    fetched.done_folder = "Tricorn"
    bring(server, fetched, letter())
    assert fetch(fetched) == 1
    line = imap.connect(fetched)
    assert line.folder.status("Tricorn")["MESSAGES"] == 1
    assert line.folder.status("INBOX")["MESSAGES"] == 0
    imap.leave(line)


def test_of_a_letter_that_is_too_big_the_headers_are_kept_and_it_stays_there(
    server, fetched, una, monkeypatch
):
    monkeypatch.setattr(imap, "LARGEST", 1000)
    bring(server, fetched, letter(text="x" * 900 + "\n" + "y" * 900), letter())
    assert fetch(fetched) == 2
    assert filed() == 1
    big = Arrival.objects.get(state="quarantined")
    assert (big.reason, big.size > 1800) == ("too_big", True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"login": "any", "password": "wrong"}, "refuses this login"),
        ({"host": "127.0.0.1", "port": 1}, "cannot be reached"),
        ({"security": "ssl"}, "No safe line|cannot be reached"),
        ({"security": "starttls"}, "No safe line|cannot be reached"),
        ({"folder": "Nowhere"}, "There is no folder"),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_one_sentence(server, fetched, wrong, said):
    way = replace(
        Fetched("imap", "127.0.0.1", server.imap, "plain", fetched.login, PASSWORD), **wrong
    )
    for name in ("host", "port", "security", "login", "folder"):
        setattr(fetched, name, getattr(way, name))
    fetched.secret = seal(way.password)
    with pytest.raises(NotReached, match=said):
        imap.check(fetched)


def test_a_password_sealed_with_another_secret_is_asked_for_anew(server, fetched, settings):
    settings.SECRET_KEY = "another"
    with pytest.raises(NotReached, match="Type it again"):
        imap.check(fetched)


def test_a_new_letter_is_there_at_once_and_the_server_may_die_and_come_back(
    fetched, una, monkeypatch
):
    monkeypatch.setattr(imap, "FIRST_PAUSE", 0.05)
    came, noted, stop = [], [], threading.Event()

    class Told:
        def put(self, given):
            came.append(given)
            done = Future()
            done.set_result(None)
            return done

    with dovecot() as server:
        fetched.port = server.imap
        watching = threading.Thread(
            target=imap.watch,
            args=[fetched, Told(), lambda: NOON],
            kwargs={"stop": stop, "note": lambda box, problem: noted.append(problem)},
        )
        watching.start()
        try:
            wait_until(lambda: noted == [""])
            bring(server, fetched, letter())
            wait_until(lambda: len(came) == 1)
            server.stop()
            wait_until(lambda: noted[-1] != "")
            server.start()
            bring(server, fetched, letter())
            wait_until(lambda: len(came) == 2 and noted[-1] == "")
        finally:
            stop.set()
            watching.join(10)
    assert not watching.is_alive()
