"""The tally and the sign: for who works at the desk, and for nobody else."""

import pytest

from tests.cast import MONDAY
from tricorn.parties.verbs import change_house
from tricorn.standing.models import Use

TALLY = "/at/reception/tally/"


@pytest.fixture
def desk(client, desi, mail, at):
    client.force_login(desi)
    return client


def test_one_tap_counts_one_use_at_this_place(desk, mail, reception):
    page = desk.post(f"{TALLY}{mail.pk}/", follow=True)

    use = Use.objects.get()
    assert (use.service, use.place, use.count, use.source) == (mail, reception, 1, "tally")
    assert use.person is None
    assert "<strong>1</strong> today" in page.content.decode()


def test_a_tap_by_htmx_answers_the_buttons_alone(desk, mail):
    page = desk.post(f"{TALLY}{mail.pk}/", headers={"hx-request": "true"})

    assert page.content.decode().lstrip().startswith('<div class="stack" id="tally"')


def test_the_host_may_be_noted(desk, mail, desi):
    desk.post(f"{TALLY}{mail.pk}/", {"host": "desi"})

    assert Use.objects.get().host == desi


@pytest.mark.parametrize("host", ["Nobody", "<b>x</b>", "x" * 1_000_000, "😀"])
def test_a_host_whom_nobody_knows_is_said_and_nothing_is_counted(desk, mail, host):
    page = desk.post(f"{TALLY}{mail.pk}/", {"host": host})

    assert page.status_code == 422
    assert "Nobody here is called" in page.content.decode()
    assert "<b>x</b>" not in page.content.decode()
    assert not Use.objects.exists()


def test_the_last_tap_can_be_taken_back_once(desk, mail):
    desk.post(f"{TALLY}{mail.pk}/")
    desk.post(f"{TALLY}{mail.pk}/")
    last = Use.objects.latest("pk").pk

    assert desk.post(f"{TALLY}{last}/take-back/").status_code == 302
    assert desk.post(f"{TALLY}{last}/take-back/").status_code == 404
    assert Use.objects.count() == 1


def test_what_a_ticket_counted_is_not_taken_back_here(desk, mail, reception, una):
    use = Use.objects.create(
        service=mail, place=reception, at=MONDAY, on=MONDAY.date(), source="ticket", source_id=1
    )

    assert desk.post(f"{TALLY}{use.pk}/take-back/").status_code == 404


def test_who_has_no_duty_finds_nothing(client, mail, cleo, a7, at):
    assert client.get(TALLY).status_code == 404
    client.force_login(cleo)
    assert client.get(TALLY).status_code == 404
    assert client.post(f"{TALLY}{mail.pk}/").status_code == 404
    assert client.get("/at/reception/sign/").status_code == 404
    assert client.get("/at/reception/qr.svg").status_code == 404
    assert not Use.objects.exists()


def test_the_sign_waits_for_the_public_address(desk):
    page = desk.get("/at/reception/sign/").content.decode()

    assert "nobody has said so yet" in page
    assert desk.get("/at/reception/qr.svg").status_code == 404


def test_with_a_public_address_there_is_a_sign_with_its_code(desk, mo):
    change_house(by=mo.actor, at=MONDAY, changes={"public_url": "https://help.example.org"})

    page = desk.get("/at/reception/sign/").content.decode()
    code = desk.get("/at/reception/qr.svg")

    assert "help.example.org/at/reception/" in page
    assert code["Content-Type"] == "image/svg+xml"
    assert code.content.startswith(b"<?xml")
    assert b"Report: Reception, Building B" in code.content
