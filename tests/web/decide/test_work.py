"""Decide: delivered work is looked at, accepted, or refused with a reason."""

from decimal import Decimal

import pytest

from tests.cast import LONG_AGO, MONDAY, somebody
from tests.web.decide.month import COMMAND
from tricorn.agreements.models import WorkOutcome
from tricorn.agreements.verbs import Presented, present_work
from tricorn.files.models import File
from tricorn.standing.verbs import grant


@pytest.fixture
def acceptor(clive, finance):
    grant(clive, finance, ["accept"], by=COMMAND, at=LONG_AGO, up_to=Decimal(5000), currency="EUR")
    return clive


def presented(finance, mail, mo, **more):
    given = Presented(
        finance,
        mail,
        "New mail server",
        tickets=("T-7",),
        files=[("report.pdf", b"%PDF-1.7 made for a test")],
        **more,
    )
    return present_work(given, by=mo.actor, at=MONDAY)


def test_work_waits_is_read_with_its_evidence_and_accepted(
    client, read, acceptor, finance, mail, mo
):
    work = presented(finance, mail, mo, amount=Decimal(4800), currency="EUR")
    _, front = read(acceptor)
    _, page = read(acceptor, f"/decide/work/{work.pk}/")
    file = client.get(f"/decide/work/{work.pk}/files/{File.objects.get().pk}/")
    answer = client.post(f"/decide/work/{work.pk}/answer/", {"answer": "accept"})
    _, after = read(acceptor, f"/decide/work/{work.pk}/")

    assert "Work to accept: New mail server" in front
    assert "4,800 EUR" in page
    assert "T-7" in page
    assert "report.pdf" in page
    assert file["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert answer.status_code == 302
    assert "accepted" in after
    assert "Nothing waits for you." in read(acceptor)[1]


def test_a_refusal_needs_a_reason(client, acceptor, finance, mail, mo):
    work = presented(finance, mail, mo)
    client.force_login(acceptor)

    answer = client.post(f"/decide/work/{work.pk}/answer/", {"answer": "refuse"})

    assert answer.status_code == 422
    assert "The reason is empty" in answer.content.decode()
    assert not WorkOutcome.objects.exists()


def test_above_the_limit_it_does_not_wait_for_them_and_is_refused(
    client, read, acceptor, finance, mail, mo
):
    work = presented(finance, mail, mo, amount=Decimal(9000), currency="EUR")

    assert "Nothing waits for you." in read(acceptor)[1]
    assert client.post(f"/decide/work/{work.pk}/answer/", {"answer": "accept"}).status_code == 403
    assert not WorkOutcome.objects.exists()


def test_another_clients_work_and_its_papers_are_not_there(
    read, acceptor, house, finance, mail, mo
):
    work = presented(finance, mail, mo)
    olga = somebody("Olga")
    grant(olga, house.provider, ["accept"], by=COMMAND, at=LONG_AGO)

    assert read(olga, f"/decide/work/{work.pk}/")[0] == 404
    assert read(olga, f"/decide/work/{work.pk}/files/{File.objects.get().pk}/")[0] == 404
