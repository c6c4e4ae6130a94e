"""Trying agreements on past months at Decide: on own tickets in whole months, counts alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import LONG_AGO, make_ticket, somebody
from tests.insight.replaying import NOVEMBER, begun, with_saturdays
from tricorn.agreements.models import Offer
from tricorn.insight.models import Replay
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import grant

SATURDAY = datetime(2026, 10, 3, 8, tzinfo=UTC)
RUNS = "/decide/replays/"


@pytest.fixture
def october(a7, mail, finance):
    people = [somebody(f"F{n}", finance) for n in range(8)]
    for n in range(48):
        make_ticket(people[n % 8], mail, at=SATURDAY + timedelta(hours=11 * n))


@pytest.fixture
def decide(client, clive):
    client.force_login(clive)
    return client


@pytest.fixture
def run(october, mail, clive, finance):
    replay = begun(mail, clive, at=NOVEMBER, client=finance, for_client=True)
    with_saturdays(replay, clive, at=NOVEMBER)
    return replay


def said(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_client_tries_its_own_months_and_no_ticket_is_named(decide, october):
    page = said(decide.get(f"{RUNS}begin/"))
    assert "October 2026" in page
    months = {"source": "0", "first": "2026-10", "last": "2026-10"}

    told = decide.post(f"{RUNS}begin/", months)
    added = {"window": "sat 09:00-13:00"}
    shown = decide.post(f"{told['Location']}options/add/", added, follow=True)

    page = said(shown)
    assert "Saturday 09:00–13:00" in page
    assert "T-1" not in page
    assert "The figures as JSON" not in page
    key = Replay.objects.get().key
    assert decide.get(f"{RUNS}{key}/figures.json").status_code == 404
    assert decide.get(f"{RUNS}{key}/report.html").status_code == 200


def test_the_offer_is_asked_for_and_the_manager_makes_it_by_one_button(decide, run, mo, client):
    nothing = decide.post(f"{RUNS}{run.key}/ask/", {})
    asked = decide.post(f"{RUNS}{run.key}/ask/", {"options": "A"}, follow=True)
    assert nothing.status_code == 422
    assert "You asked for an offer" in said(asked)

    client.force_login(mo)
    listed = said(client.get("/manage/replays/"))
    assert "Clients would like an offer" in listed
    assert "would like an offer" in said(client.get("/manage/"))
    assert "Finance would like an offer of this" in said(client.get(f"/manage/replays/{run.key}/"))
    sent = {"title": "Saturdays", "options": "A"}
    told = client.post(f"/manage/replays/{run.key}/offer/", sent)
    assert told["Location"] == f"/manage/offers/{Offer.objects.get().pk}/"


def test_a_run_of_another_client_is_not_there(client, run, una, sam, cleo):
    for person in (una, sam, cleo):
        client.force_login(person)
        assert client.get(f"{RUNS}{run.key}/").status_code == 404
        assert client.post(f"{RUNS}{run.key}/keep/").status_code == 404


def test_what_is_not_asked_for_the_house_does_not_see(client, run, mo):
    client.force_login(mo)

    assert client.get(f"/manage/replays/{run.key}/").status_code == 404
    assert run.key not in said(client.get("/manage/replays/"))


def test_a_colleague_reads_and_changes_nothing(client, run, finance, a7):
    carla = somebody("Carla", finance)
    grant(carla, finance, ["sign"], by=COMMAND, at=LONG_AGO)
    client.force_login(carla)

    assert "Take out" not in said(client.get(f"{RUNS}{run.key}/"))
    assert client.post(f"{RUNS}{run.key}/options/A/remove/").status_code == 404
    assert run.options.count() == 1


def test_a_client_may_use_an_export_of_its_own(decide, a7, october):
    file = SimpleUploadedFile(
        "export.csv", b"id,reported,resolved\n1,2026-10-01 10:00,2026-10-01 12:00\n"
    )
    sent = {"file": file, "zone": "Europe/Berlin", "today": "ours", "agreement": "A-7"}

    told = decide.post(f"{RUNS}upload/", sent)

    run = Replay.objects.get()
    assert told["Location"] == f"{RUNS}{run.key}/"
    assert (run.side, run.client.name, 'ref = "A-7"' in run.present) == ("client", "Finance", True)


def test_the_way_to_it_stands_where_one_would_look(decide, october):
    assert RUNS in said(decide.get("/decide/"))
    assert f"{RUNS}begin/?agreement=A-7" in said(decide.get("/decide/a/A-7/"))


def test_of_months_with_one_person_a_client_reads_no_figure_and_no_search_tells_any(
    decide, a7, mail, clive, finance
):
    solo = somebody("Solo", finance)
    for n in range(3):
        make_ticket(solo, mail, at=SATURDAY + timedelta(hours=30 * n))
    run = begun(mail, clive, at=NOVEMBER, client=finance, for_client=True)
    with_saturdays(run, clive, at=NOVEMBER)

    page, report = (said(decide.get(f"{RUNS}{run.key}/{end}")) for end in ("", "report.html"))
    for each in (page, report):
        assert "1 October 2026 to 31 October 2026" in each
        assert "of 3 tickets" not in each
        assert "less of waiting" not in each
    decide.post(f"{RUNS}{run.key}/rates/", {"hour": "40", "currency": "EUR"})
    told = decide.post(f"{RUNS}{run.key}/search/", {"share": "100"})

    assert told.status_code == 422
    assert "Too few people" in said(told)
