"""Mailboxes that take no password: access tokens, from a real place to a real mail server."""

import base64
import smtplib

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.beside import free_port
from tests.cast import LONG_AGO, NOON
from tests.dovecot import dovecot
from tests.mail.incoming.arriving import HELP, letter
from tests.mail.incoming.test_imap import AtOnce
from tests.tokens import token_place
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.actor import COMMAND
from tricorn.mail import bearer, outgoing
from tricorn.mail.incoming import imap
from tricorn.mail.incoming.receiver import _way
from tricorn.standing.verbs import give_duty, share
from tricorn.tickets.checks import NotReached, check_mailbox
from tricorn.tickets.models import Mailbox
from tricorn.tickets.sealed import unseal
from tricorn.tickets.verbs import Fetched, add_mailbox, change_mailbox, consent

MANAGED = {"by": COMMAND, "at": LONG_AGO}


@pytest.fixture(scope="module")
def running():
    with token_place() as place, dovecot(asks=place.known) as server:
        yield place, server


@pytest.fixture
def place(running):
    fresh, place = type(running[0])(), running[0]
    vars(place).update({**vars(fresh), "port": place.port})
    bearer.forget()
    yield place
    outgoing.hang_up()


@pytest.fixture
def server(running):
    return running[1]


def fetched(place, server=None, **changes):
    way = {
        "host": "127.0.0.1",
        "port": server.imap if server else 143,
        "security": "plain",
        "login": "help",
        "sign_in": "refresh",
        "token_url": place.url,
        "client_id": "tricorn",
        "client_secret": "s3cret",
        "scope": "mail",
        "refresh_token": "refresh-0",
    }
    return Fetched("imap", **{**way, **changes})


@pytest.fixture
def box(place, server, mail):
    return add_mailbox(address=HELP, service=mail, fetched=fetched(place, server), **MANAGED)


def test_letters_are_fetched_with_a_token_that_is_asked_for_once(place, server, box, una):
    with smtplib.LMTP("127.0.0.1", server.lmtp) as line:
        line.sendmail("una@example.org", ["help@house.example"], letter())
    line = imap.connect(box)
    assert imap.fetch(box, line, AtOnce(), lambda: NOON) == 1
    imap.leave(line)
    assert imap.check(box) == 0
    assert place.asked == [
        {
            "client_id": "tricorn",
            "scope": "mail",
            "client_secret": "s3cret",
            "grant_type": "refresh_token",
            "refresh_token": "refresh-0",
        }
    ]


def test_an_application_asks_without_anybodys_consent(place, server, mail):
    way = fetched(place, server, sign_in="client", refresh_token="")
    box = add_mailbox(address=HELP, service=mail, fetched=way, **MANAGED)
    assert imap.check(box) == 0
    assert place.asked[0]["grant_type"] == "client_credentials"
    assert "refresh_token" not in place.asked[0]


def test_a_token_that_is_refused_is_asked_for_anew_once(place, server, box):
    imap.check(box)
    place.good.clear()
    assert imap.check(box) == 0
    assert len(place.asked) == 2
    place.good.clear()
    place.is_good = False
    with pytest.raises(NotReached, match="refuses this name with its access token"):
        imap.check(box)
    assert len(place.asked) == 3


def test_a_token_that_ended_is_asked_for_anew(place, box):
    place.lasts = "30"
    assert (bearer.token_for(box), bearer.token_for(box)) == ("token-1", "token-2")


def test_a_refresh_token_that_was_exchanged_is_kept_sealed(place, box):
    place.rotates, place.lasts = True, 0
    other = Mailbox.objects.get()
    bearer.token_for(box)
    stored = Mailbox.objects.get()
    assert unseal(stored.refresh_token) == "refresh-1"
    assert "refresh-1" not in stored.refresh_token
    assert _way(stored) == _way(box), "nobody opens another line for it"
    bearer.token_for(box)
    assert place.asked[1]["refresh_token"] == "refresh-1"
    assert unseal(Mailbox.objects.get().refresh_token) == "refresh-2"

    place.answer = {"error": "invalid_grant"}
    with pytest.raises(NotReached):
        bearer.token_for(other)
    assert place.asked[-1]["refresh_token"] == "refresh-2", "what another program exchanged counts"


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (400, {"error": "invalid_grant"}, r"\(invalid_grant\)\. The consent has ended"),
        (
            401,
            {"error": "invalid_client", "error_description": "AADSTS1: x@y.example is\nodd."},
            r"\(invalid_client: AADSTS1: is odd\)\. The client id or its secret",
        ),
        (200, {"access_token": "a\x01b"}, "has none in it"),
        (200, {"access_token": 7, "error": ["x"]}, "has none in it"),
        (200, b"[" * 50_000, "has none in it"),
        (500, b"<html>", "has none in it"),
        (302, b"", "has none in it"),
        (307, b"", "has none in it"),
    ],
)
def test_what_is_wrong_with_a_token_is_one_sentence(place, box, status, answer, said):
    place.status, place.answer = status, answer
    with pytest.raises(NotReached, match=said) as problem:
        bearer.token_for(box)
    assert len(str(problem.value)) <= 300
    assert "@" not in str(problem.value)
    assert len(place.asked) == 1


def test_a_place_that_is_away_is_one_sentence(place, server, mail):
    way = fetched(place, server, token_url=f"http://127.0.0.1:{free_port()}/token")
    box = add_mailbox(address=HELP, service=mail, fetched=way, **MANAGED)
    with pytest.raises(NotReached, match="cannot be asked for an access token"):
        imap.check(box)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sign_in": "magic"}, "sign_in"),
        ({"token_url": ""}, "token_url"),
        ({"token_url": "http://login.example/token"}, "token_url"),
        ({"token_url": "https://[x/token"}, "token_url"),
        ({"token_url": "file:///etc/passwd"}, "token_url"),
        ({"token_url": "https://login.example/to ken"}, "token_url"),
        ({"client_id": " "}, "client_id"),
        ({"sign_in": "client", "client_secret": ""}, "client_secret"),
        ({"sign_in": "client", "scope": ""}, "scope"),
        ({"refresh_token": "a\nb"}, "refresh_token"),
    ],
)
def test_a_token_that_cannot_be_asked_for_is_refused(place, mail, wrong, field):
    with pytest.raises(BadInput) as refusal:
        add_mailbox(address=HELP, service=mail, fetched=fetched(place, **wrong), **MANAGED)
    assert refusal.value.facts["field"] == field
    assert not Mailbox.objects.exists()


def test_secrets_are_shown_to_no_other_server_than_they_were_typed_for(place, server, box, mail):
    left = {"client_secret": None, "refresh_token": None}
    same = fetched(place, server, **left)
    box = change_mailbox(box, address=HELP, service=mail, fetched=same, **MANAGED)
    assert unseal(box.refresh_token) == "refresh-0"
    other = fetched(place, server, token_url="https://other.example/token", **left)
    box = change_mailbox(box, address=HELP, service=mail, fetched=other, **MANAGED)
    assert (box.refresh_token, box.client_secret) == ("", "")
    with pytest.raises(NotReached, match="Nobody has consented"):
        bearer.token_for(box)


def test_who_does_not_manage_a_private_service_consents_for_no_mailbox_of_it(box, mail, mo, desi):
    give_duty(desi, "manage", by=COMMAND, at=LONG_AGO, service=mail)
    share(mail, by=COMMAND, at=LONG_AGO, is_private=True)
    with pytest.raises(StandingRefused):
        consent(box, "another's", by=mo.actor, at=NOON)
    box.refresh_from_db()
    assert unseal(box.refresh_token) == "refresh-0"


def test_a_server_that_knows_only_the_standards_way_gets_that():
    assert bearer.mechanism_of("IMAP4REV1 AUTH=OAUTHBEARER IDLE") == "OAUTHBEARER"
    assert bearer.mechanism_of("PLAIN LOGIN XOAUTH2 OAUTHBEARER") == "XOAUTH2"
    assert bearer.response("a=b,c", "t", "OAUTHBEARER") == "n,a=a=3Db=2Cc,\x01auth=Bearer t\x01\x01"
    assert bearer.response("help", "t") == "user=help\x01auth=Bearer t\x01\x01"


def test_the_standards_way_opens_a_real_server(place, box):
    with dovecot(asks=place.known, mechanisms="oauthbearer") as server:
        box.port = server.imap
        assert imap.check(box) == 0
        place.good.clear()
        place.is_good = False
        with pytest.raises(NotReached, match="refuses this name"):
            imap.check(box)


class Door:
    """A mail server that takes letters from whoever shows a good token."""

    def __init__(self, place):
        self.place, self.shown = place, []

    async def auth_XOAUTH2(self, server, args):  # noqa: N802 - the name that aiosmtpd looks for
        said = await server.challenge_auth("") if len(args) == 1 else args[1]
        said = said if isinstance(said, bytes) else base64.b64decode(said)
        self.shown.append(said)
        if said.split(b"Bearer ")[1].rstrip(b"\x01").decode() in self.place.good:
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)


@pytest.fixture
def door(place, settings):
    handler = Door(place)
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), auth_require_tls=False)
    controller.start()
    settings.EMAIL_BACKEND = "tricorn.mail.outgoing.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "Help", ""
    yield handler
    outgoing.hang_up()
    controller.stop()


def test_letters_go_out_with_the_token_of_the_mailbox(door, place, box):
    outgoing.line()
    outgoing.line()
    assert door.shown == [b"user=help\x01auth=Bearer token-1\x01\x01"]
    outgoing.hang_up()
    place.good.clear()
    assert check_mailbox(box) == "It is reached; 0 are unread."
    assert door.shown[-1] == b"user=help\x01auth=Bearer token-2\x01\x01"


def test_a_letter_waits_while_no_token_is_given_and_says_why(door, place, box):
    place.is_good = False
    with pytest.raises(smtplib.SMTPException, match="refuses the access token"):
        outgoing.line()
    bearer.forget()
    place.answer = {"error": "invalid_grant"}
    with pytest.raises(smtplib.SMTPException, match="The consent has ended"):
        outgoing.line()
    Mailbox.objects.update(sign_in="password")
    with pytest.raises(smtplib.SMTPException, match="Add the mailbox"):
        outgoing.line()
