"""An empty house is set up once, by whoever saw the printed link."""

import hashlib
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tricorn.catalogue.models import Service
from tricorn.parties.models import House, Person
from tricorn.tickets.models import Ticket
from tricorn.web.setup import KEY_FILE

KEY = "printed-once"
ANSWERS = {
    "key": KEY,
    "sector": "library",
    "provider": "City Library",
    "zone": "Europe/Vienna",
    "danger_number": "112",
    "name": "Mo",
    "email": "mo@example.org",
    "password": "a long enough secret",
}


@pytest.fixture
def empty(db, at):
    """A house that nobody has set up; the file keeps the hash of its key."""
    path = Path(settings.HOME) / KEY_FILE
    path.write_text(hashlib.sha256(KEY.encode()).hexdigest())
    yield path
    path.unlink(missing_ok=True)


def test_without_a_house_every_page_leads_to_the_setup(client, empty):
    for path in ("/", "/my/", "/accounts/login/", "/at/x/", "/r/x/"):
        assert client.get(path).url == "/setup/"


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", "\0", "😀"])
def test_without_the_key_it_says_where_the_link_is(client, empty, key):
    page = client.get("/setup/", {"key": key})

    assert page.status_code == 403
    assert "stands in the terminal" in page.content.decode()
    assert client.post("/setup/", {**ANSWERS, "key": key}).status_code == 403
    assert not House.objects.exists()


def test_five_answers_and_it_takes_reports_and_has_a_manager(client, empty):
    assert "What do you run?" in client.get("/setup/", {"key": KEY}).content.decode()

    answer = client.post("/setup/", ANSWERS)

    house, mo = House.objects.get(), Person.objects.get()
    assert answer.url == "/manage/"
    assert (house.sector, house.scheme, house.zone) == ("library", "knowledge", "Europe/Vienna")
    assert (house.provider.name, house.danger_number) == ("City Library", "112")
    assert mo.check_password(ANSWERS["password"])
    assert [duty.duty for duty in mo.duties.order_by("duty")] == ["desk", "manage"]
    assert Service.objects.get().name == "Library"
    page = client.post("/", {"text": "A book is missing"}, follow=True).content.decode()
    assert Ticket.objects.get().ref in page
    assert Ticket.objects.get().due_at is not None


def test_of_two_who_set_it_up_at_once_one_does(transactional_db, empty):
    together, answers = Barrier(2), []

    def submit(number):
        client, own = Client(raise_request_exception=False), {"email": f"mo{number}@example.org"}
        together.wait()
        answers.append(client.post("/setup/", {**ANSWERS, **own}).status_code)
        connection.close()

    both = [Thread(target=submit, args=[number]) for number in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert sorted(answers) in ([302, 403], [302, 404], [302, 422])
    assert (House.objects.count(), Person.objects.count(), Service.objects.count()) == (1, 1, 1)


def test_it_works_once(client, empty):
    client.post("/setup/", ANSWERS)

    assert not empty.exists()
    assert client.get("/setup/", {"key": KEY}).status_code == 404
    assert client.post("/setup/", ANSWERS).status_code == 404
    assert House.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"sector": "spaceship"},
        {"sector": ""},
        {"provider": " "},
        {"zone": "Mars/Olympus"},
        {"zone": "\0"},
        {"email": "mo"},
        {"password": "short"},
        {"password": "password123"},
        {"name": "x" * 999},
        {"danger_number": "1" * 99},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(client, empty, wrong):
    page = client.post("/setup/", {**ANSWERS, **wrong})

    assert page.status_code == 422
    assert "Vienna" in page.content.decode()
    assert (House.objects.count(), Person.objects.count()) == (0, 0)


def test_a_house_that_an_import_made_is_set_up_too(client, empty, house):
    answer = client.post("/setup/", ANSWERS)

    kept = House.objects.select_related("provider").get()
    assert answer.url == "/manage/"
    assert (kept.provider.name, kept.zone, kept.sector) == (
        "City Library",
        "Europe/Vienna",
        "library",
    )
    assert client.get("/setup/", {"key": KEY}).status_code == 404


def test_a_wrong_time_zone_is_said_at_once_and_the_password_is_not_sent_back(client, empty):
    page = client.post("/setup/", {**ANSWERS, "zone": "Mars/Olympus", "email": "no address"})

    text = page.content.decode()
    assert page.status_code == 422
    assert "There is no time zone" in text
    assert ANSWERS["password"] not in text
