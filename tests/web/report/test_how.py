"""One tap at a place: nobody is named, twice is once, and a bad one may say why."""

import re

import pytest

from tests.cast import NOON
from tricorn.journal.models import Line
from tricorn.tickets.models import PlaceRating

pytestmark = pytest.mark.django_db
HERE = "/at/reception/how/"


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


def word(page):
    return re.search(r'name="word" value="([^"]+)"', page.content.decode())[1]


def test_one_tap_counts_once_and_knows_nobody(client, mail, una):
    client.force_login(una)
    page = client.get(HERE)
    assert all(sign in page.content.decode() for sign in ("good", "so-so", "bad"))

    for _ in range(2):
        answer = client.post(HERE, {"word": word(page), "score": "5"})

    assert "Thank you" in answer.content.decode()
    assert "What was not good" not in answer.content.decode()
    rating = PlaceRating.objects.get()
    assert (rating.score, rating.service, rating.at) == (5, mail, NOON)
    assert Line.objects.get(kind="place.rated").by_kind == "visitor"


def test_a_bad_one_may_say_why_with_one_more_tap(client, mail):
    answer = client.post(HERE, {"word": word(client.get(HERE)), "score": "1"})
    tap = re.search(r'name="tap" value="([^"]+)"', answer.content.decode())[1]

    client.post(HERE, {"tap": tap, "reason": "support"})
    assert client.post(HERE, {"tap": tap, "reason": "reliability"}).status_code == 422

    assert PlaceRating.objects.get().reason == "support"
    assert client.post(HERE, {"tap": "1:x", "reason": "support"}).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"score": "5", "word": ""},
        {"score": "2"},
        {"score": "x"},
        {},
        {"score": "5", "website": "x"},
    ],
)
def test_what_is_no_tap_is_not_counted(client, mail, given):
    sent = {"word": word(client.get(HERE)), **given}

    assert client.post(HERE, sent).status_code == 422
    assert not PlaceRating.objects.exists()


def test_taps_from_one_sender_are_counted_so_far_and_no_further(client, mail, monkeypatch):
    monkeypatch.setattr("tricorn.web.report.trust.MOST_PER_HOUR", 2)

    codes = [
        client.post(HERE, {"word": word(client.get(HERE)), "score": "5"}).status_code
        for _ in range(3)
    ]

    assert codes == [200, 200, 422]


def test_a_place_that_takes_no_reports_asks_nobody(client, mail, reception):
    reception.is_open_to_reports = False
    reception.save()

    assert client.get(HERE).status_code == 404
    assert client.get("/at/nowhere/how/").status_code == 404


def test_the_place_leads_there_and_its_sign_can_ask(client, mail, mo, settings):
    settings.PUBLIC_URL = "https://help.example"
    assert HERE in client.get("/at/reception/").content.decode()
    client.force_login(mo)

    assert (
        "help.example/at/reception/how/" in client.get("/at/reception/sign/?how").content.decode()
    )
    assert "/how/" not in client.get("/at/reception/sign/").content.decode()
    codes = [client.get(f"/at/reception/qr.svg{ask}").content for ask in ("", "?how")]
    assert codes[0] != codes[1]
