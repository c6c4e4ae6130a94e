"""Mailboxes and the letters that came in, as a manager keeps them."""

import base64
import hashlib
import socket
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.cast import LONG_AGO, NOON, make_ticket, somebody
from tests.mail.incoming.arriving import HELP, arrive, letter
from tests.tokens import token_place
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty, share
from tricorn.tickets.models import Mailbox, Unreachable
from tricorn.tickets.sealed import unseal
from tricorn.tickets.verbs import add_mailbox, note_unreachable

URL = "/manage/mailboxes/"
LETTERS = "/manage/letters/"
PASSWORD = "quincunx & <b>"


@pytest.fixture
def box(mail):
    return add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail)


@pytest.fixture
def typed(mail):
    return {
        "address": "Desk@House.example",
        "service": mail.pk,
        "kind": "request",
        "transport": "imap",
        "host": "imap.house.example",
        "port": "993",
        "security": "ssl",
        "login": "desk",
        "password": PASSWORD,
    }


def text(response):
    return response.content.decode()


def test_an_address_out_of_reach_stands_with_its_reason_until_somebody_says_it_works(manage, una):
    assert "Everybody is reached" in text(manage.get("/manage/unreachable/"))
    row = note_unreachable("Una@example.org", by=WORKER, at=NOON, reason="No such mailbox")

    shown = text(manage.get("/manage/unreachable/"))
    assert "una@example.org" in shown
    assert "No such mailbox" in shown
    assert f'href="/manage/people/{una.pk}/"' in shown
    for place in (URL, f"/manage/people/{una.pk}/"):
        assert "/manage/unreachable/" in text(manage.get(place))
    assert "came back" in text(manage.get(f"/manage/people/{una.pk}/"))

    said = manage.post(f"/manage/unreachable/{row.pk}/lift/", follow=True)
    assert "Letters go to una@example.org again." in text(said)
    assert not Unreachable.objects.exists()
    assert manage.post(f"/manage/unreachable/{row.pk}/lift/").status_code == 404


def test_without_a_mailbox_the_page_says_how_to_begin(manage, mail):
    assert "No mailbox yet" in text(manage.get(URL))


def test_a_mailbox_is_added_and_its_password_is_never_shown_or_stored_in_the_open(manage, typed):
    assert manage.post(f"{URL}add/", typed).status_code == 302
    box = Mailbox.objects.get()
    assert (box.address, box.kind, box.host) == (
        "desk@house.example",
        "request",
        "imap.house.example",
    )
    assert unseal(box.secret) == PASSWORD
    assert "quincunx" not in box.secret + text(manage.get(f"{URL}{box.pk}/"))
    assert "quincunx" not in str(Line.objects.values_list("data", flat=True))


def test_an_empty_password_leaves_it_as_it_is(manage, typed):
    manage.post(f"{URL}add/", typed)
    box = Mailbox.objects.get()
    assert (
        manage.post(f"{URL}{box.pk}/", {**typed, "password": "", "folder": "Desk"}).status_code
        == 302
    )
    box.refresh_from_db()
    assert (box.folder, unseal(box.secret)) == ("Desk", PASSWORD)


@pytest.mark.parametrize(
    "other", [{"host": "evil.example"}, {"port": "143"}, {"security": "plain"}, {"login": "root"}]
)
def test_a_password_goes_to_no_other_server_than_it_was_typed_for(manage, typed, other):
    manage.post(f"{URL}add/", typed)
    box = Mailbox.objects.get()
    before = Mailbox.objects.values().get()

    answer = manage.post(f"{URL}{box.pk}/", {**typed, **other, "password": ""})

    assert answer.status_code == 422
    assert "Type the password or secret again" in text(answer)
    assert Mailbox.objects.values().get() == before
    manage.post(f"{URL}{box.pk}/", {**typed, **other})
    assert Mailbox.objects.values().get() != before


def test_letters_of_a_private_service_are_led_nowhere_else(manage, mail, mo, house, hours, typed):
    staff = add_service(
        by=COMMAND, at=LONG_AGO, name="Staff matters", provider=house.provider, hours=hours
    )
    give_duty(somebody("Hera"), "manage", by=COMMAND, at=LONG_AGO, service=staff)
    share(staff, by=COMMAND, at=LONG_AGO, is_private=True)
    manage.post(f"{URL}add/", {**typed, "service": staff.pk})
    box = Mailbox.objects.get()

    answer = manage.post(f"{URL}{box.pk}/", {**typed, "service": mail.pk})

    assert answer.status_code == 422
    assert "Only who manages this very service" in text(answer)
    assert Mailbox.objects.get().service == staff


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "nobody"}, "is not a mail address"),
        ({"address": "help+T-7@house.example"}, "Leave out the plus sign"),
        ({"address": HELP.upper()}, "There is a mailbox"),
        ({"host": ""}, "Name the server"),
        ({"host": "imap house"}, "Name the server"),
        ({"login": ""}, "The login is empty"),
        ({"port": "99999"}, "less than or equal"),
        ({"password": "a\nb"}, "cannot be sent"),
        ({"service": "0"}, "valid choice"),
    ],
)
def test_a_mailbox_that_cannot_be_is_refused_and_what_was_typed_stays(
    manage, box, typed, wrong, said
):
    answer = manage.post(f"{URL}add/", {**typed, **wrong})
    assert answer.status_code == 422
    assert said in text(answer)
    assert "desk" in text(answer)
    assert Mailbox.objects.count() == 1


def test_a_mailbox_that_is_not_reached_says_why_on_its_page(manage, box, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.LMTP = ("127.0.0.1", taken.getsockname()[1])
        answer = manage.post(f"{URL}{box.pk}/test/")
        assert answer.status_code == 409
        assert "Nobody takes letters" in text(answer)
        assert "not reached" in text(manage.get(URL))
        taken.listen()
        assert manage.post(f"{URL}{box.pk}/test/").status_code == 302
    assert "reached" in text(manage.get(URL))


def test_a_mailbox_is_closed_and_opened_again(manage, box):
    manage.post(f"{URL}{box.pk}/close/")
    assert "It is closed" in text(manage.get(f"{URL}{box.pk}/"))
    manage.post(f"{URL}{box.pk}/open/")
    box.refresh_from_db()
    assert box.is_open
    kinds = list(Line.objects.about("mailbox", box.pk).values_list("kind", flat=True))
    assert kinds == ["mailbox.added", "mailbox.closed", "mailbox.opened"]


def test_what_was_put_aside_is_listed_with_its_reason_and_can_be_let_in(manage, box, una, mail):
    raw = letter(Authentication_Results="mx; dmarc=fail (p=reject)", subject="<b>Odd</b>")
    arrival = arrive(raw, box)
    assert "1 letter was put aside" in text(manage.get(URL))
    listed = text(manage.get(LETTERS))
    assert "DMARC" in listed
    assert "&lt;b&gt;Odd" in listed

    ticket = make_ticket(una, mail)
    page = f"{LETTERS}{arrival.pk}/"
    refused = manage.post(f"{page}let-in/", {"ref": "T-999"})
    assert refused.status_code == 422
    assert "There is no ticket T-999" in text(refused)
    assert manage.post(f"{page}let-in/", {"ref": ticket.ref}).status_code == 302
    assert arrive(letter(), box).state == "filed"  # the worker comes by
    arrival.refresh_from_db()
    assert (arrival.state, arrival.ticket) == ("filed", ticket)
    assert manage.post(f"{page}let-in/", {"ref": ""}).status_code == 409
    assert manage.post(f"{page}discard/").status_code == 409


def test_a_letter_is_discarded_and_its_bytes_stay(manage, box):
    raw = letter(Auto_Submitted="auto-replied")
    arrival = arrive(raw, box)
    assert manage.post(f"{LETTERS}{arrival.pk}/discard/").status_code == 302
    assert "discarded" in text(manage.get(f"{LETTERS}?state=discarded"))
    answer = manage.get(f"{LETTERS}{arrival.pk}/raw/")
    assert b"".join(answer.streaming_content) == raw
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("state", ["", "new", "filed", "nonsense"])
def test_every_list_of_letters_is_drawn(manage, box, una, state):
    arrive(letter(), box, at=NOON)
    assert manage.get(f"{LETTERS}?state={state}").status_code == 200


def test_many_letters_cost_the_same_queries_as_one(manage, box, django_assert_max_num_queries):
    for number in range(12):
        arrive(letter(f"p{number}@crowd.example"), box)
    with django_assert_max_num_queries(12):
        manage.get(f"{LETTERS}?state=filed")


def test_consent_is_asked_for_and_what_comes_back_is_kept_sealed(manage, typed, mail):
    with token_place() as place:
        by_token = {
            "sign_in": "refresh",
            "token_url": f"http://127.0.0.1:{place.port}/oauth2/v2.0/token",
            "client_id": "tricorn",
            "scope": "offline_access mail",
        }
        manage.post(f"{URL}add/", {**typed, **by_token})
        box = Mailbox.objects.get()
        assert "No consent yet" in text(manage.get(f"{URL}{box.pk}/"))

        there = urlsplit(manage.get(f"{URL}{box.pk}/consent/").url)
        asked = dict(parse_qsl(there.query))
        assert there.path == "/oauth2/v2.0/authorize"
        assert asked["redirect_uri"].endswith("/manage/mailboxes/consented/")
        back = {"state": asked["state"]}
        refused = manage.get(f"{URL}consented/", {**back, "error": "access_denied"})
        assert (refused.status_code, "was not given" in text(refused)) == (409, True)
        empty = manage.get(f"{URL}consented/", {**back, "code": "worth-nothing"})
        assert (empty.status_code, "no refresh token" in text(empty)) == (409, True)

        place.rotates = True
        said = manage.get(f"{URL}consented/", {**back, "code": "c0de"}, follow=True)
        assert "The consent is there" in text(said)
        box.refresh_from_db()
        assert unseal(box.refresh_token) == "refresh-2"
        shown = place.asked[-1]
        proof = base64.urlsafe_b64encode(hashlib.sha256(shown["code_verifier"].encode()).digest())
        assert (shown["code"], proof.decode().rstrip("=")) == ("c0de", asked["code_challenge"])
    assert "refresh-2" not in box.refresh_token + text(said)
    for wrong in ("", f"{asked['state']}x"):
        said = manage.get(f"{URL}consented/", {"state": wrong, "code": "c"}, follow=True)
        assert "asked too long ago" in text(said)
    assert len(place.asked) == 2


def test_where_consent_is_asked_for_is_not_always_known(manage, box):
    answer = manage.get(f"{URL}{box.pk}/consent/")
    assert (answer.status_code, "is not known here" in text(answer)) == (409, True)
