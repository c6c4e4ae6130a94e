"""The LMTP door, asked by a real client: what it says is true, and what is odd hurts nobody."""

import smtplib
import socket

import pytest
from django.db import DatabaseError

from tests.beside import free_port
from tests.cast import NOON
from tests.mail.incoming.arriving import HELP, letter
from tricorn.mail.incoming import boxes, lmtp
from tricorn.mail.incoming.keeper import Keeper
from tricorn.tickets.models import Arrival
from tricorn.tickets.verbs.arrivals import raw_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(box):
    keeper = Keeper()
    keeper.start()
    server = lmtp.Server(keeper, lambda: NOON, host="127.0.0.1", port=free_port())
    server.start()
    yield server.port
    server.stop()
    keeper.stop()


def bring(line, raw, *addresses):
    """Bring a letter, and return the answers to its addresses and, for those taken, to it."""
    line.ehlo()
    line.mail("una@example.org")
    asked = [line.rcpt(each)[0] for each in addresses]
    if 250 not in asked:
        return asked, []
    line.docmd("DATA")
    line.send(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b".\r\n")
    return asked, [line.getreply()[0] for each in asked if each == 250]


def test_the_door_takes_what_is_for_us_and_says_what_it_does_not_take(port, monkeypatch):
    tagged = HELP.replace("@", "+T-7-abc@").upper()
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as line:
        assert bring(line, letter(), HELP, "nobody@house.example") == ([250, 550], [250])
        two = letter()
        assert bring(line, two, HELP, tagged) == ([250, 250], [250, 250])
        # The very same again, as after an answer that got lost: it is one.
        assert bring(line, two, HELP, tagged) == ([250, 250], [250, 250])
        assert line.sendmail("", [HELP], letter("Mailer <x@y.example>")) == {}
        long_line = letter().replace(b"\n\n", b"\n\n" + b"x" * 50_000 + b"\n")
        assert bring(line, long_line, HELP) == ([250], [250])
    kept = list(Arrival.objects.order_by("id"))
    assert len(kept) == 4
    assert kept[1].delivered_to.split("\n") == [HELP, tagged]
    assert raw_of(kept[1]).replace(b"\r\n", b"\n") == two

    monkeypatch.setattr(lmtp, "LARGEST", 2000)
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as line:
        line.ehlo()
        many = [HELP.replace("@", f"+{number}@") for number in range(10_000)]
        # Too big, although nobody said so before: one answer for each recipient all the same.
        big = b"x: y\n\n" + b"too much\n" * 1000
        assert bring(line, big, *many[:105]) == ([250] * 100 + [452] * 5, [552] * 100)
        assert line.noop()[0] == 250
    assert Arrival.objects.count() == 4


def test_garbage_ahead_of_its_turn_is_answered_and_the_next_one_is_served(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(
            b"\x00\xff\xfe\r\nDATA\r\nMAIL FROM:<\r\nRCPT TO:<" + b"a" * 5000 + b">\r\nQUIT\r\n"
        )
        said = b""
        while piece := line.recv(4096):
            said += piece
    assert said.startswith(b"220")
    assert all(each[:1] in b"245" for each in said.splitlines())
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<help@house.example>\r\nDATA\r\nSub")
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as line:
        assert line.sendmail("una@example.org", [HELP], letter()) == {}
    assert Arrival.objects.count() == 1


def test_while_the_database_is_away_letters_are_asked_for_later_and_none_is_lost(port, monkeypatch):
    def away(*given):
        raise DatabaseError("gone")

    with smtplib.LMTP("127.0.0.1", port, timeout=10) as line:
        with monkeypatch.context() as patch:
            patch.setattr("tricorn.mail.incoming.keeper.keep", away)
            assert bring(line, letter(), HELP) == ([250], [451])
        line.rset()
        with monkeypatch.context() as patch:
            patch.setattr(boxes.Boxes, "of", away)
            assert bring(line, letter(), HELP) == ([451], [])
    assert not Arrival.objects.exists()
