"""The bell, the list behind it, and the choices: quiet, one's own, without JavaScript."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import MONDAY, NOON, make_ticket
from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.journal.verbs import write
from tricorn.notices.models import Notice, Preference
from tricorn.notices.verbs import tell
from tricorn.tickets import verbs as tickets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    at(NOON)


@pytest.fixture
def told(una, mail, desi):
    """Una was told of an answer; return her ticket."""
    return tell_of(make_ticket(una, mail), desi)


def tell_of(ticket, desi):
    tickets.answer(ticket, by=desi.actor, at=NOON, text="Is it better?")
    tell(Line.objects.about("ticket", ticket.pk).filter(kind="ticket.answered").latest("id"), NOON)
    return ticket


def test_who_manages_and_has_no_desk_is_told_but_not_sent_to_a_page_that_is_shut(
    client, una, mail, mo, desi
):
    ticket = make_ticket(una, mail)
    for person in (mo, desi):
        line = write(ticket, "ticket.escalated", by=WORKER, at=NOON, persons=[person.pk])
        tell(line, NOON)

    client.force_login(mo)
    page = client.get("/notices/").content.decode()
    assert f"<p>{ticket.ref} <bdi>Mail is slow</bdi>" in page
    assert "which is not open to you" in page
    client.force_login(desi)
    page = client.get("/notices/").content.decode()
    assert f'<button class="button-link">{ticket.ref} <bdi>Mail is slow</bdi></button>' in page


def test_the_bell_says_how_many_are_unread(client, told, una):
    client.force_login(una)

    page = client.get("/my/").content.decode()

    assert '<strong>1<span class="visually-hidden"> unread</span></strong>' in page


def test_a_visitor_sees_no_bell_and_signs_in_for_the_list(client, told):
    assert "/notices/" not in client.get("/").content.decode()
    for path in ("/notices/", "/notices/settings/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")
    assert client.post("/notices/read/").status_code == 302
    assert Notice.objects.get().read_at is None


def test_a_notice_leads_to_its_ticket_and_is_read(client, told, una):
    client.force_login(una)
    page = client.get("/notices/").content.decode()
    assert "The desk has answered" in page
    assert "Mail is slow" in page

    response = client.post(f"/notices/{Notice.objects.get().pk}/")

    assert response["Location"] == f"/t/{told.ref}/"
    assert Notice.objects.get().read_at == NOON


def test_unread_ones_stand_first_and_all_can_be_read(client, told, una, mail, desi):
    for n in range(26):
        tell_of(make_ticket(una, mail, at=MONDAY, text=f"Matter {n}"), desi)
    Notice.objects.exclude(pk=Notice.objects.earliest("pk").pk).update(read_at=MONDAY)
    client.force_login(una)

    first = client.get("/notices/").content.decode()
    assert first.index("Mail is slow") < first.index("Matter 25")
    assert "1 to 25 of 27" in first
    part = client.post("/notices/read/", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<div class="stack" id="notices"')
    assert not Notice.objects.filter(read_at=None).exists()


def test_anothers_notice_is_not_there(client, told, desi):
    client.force_login(desi)

    for path in ("", "read/"):
        assert client.post(f"/notices/{Notice.objects.get().pk}/{path}").status_code == 404
        assert client.post(f"/notices/{10**30}/{path}").status_code == 404
    assert Notice.objects.get().read_at is None
    assert "Mail is slow" not in client.get("/notices/").content.decode()


def test_a_full_page_costs_what_an_empty_one_costs(client, una, mail, desi):
    client.force_login(una)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/notices/")
        return len(asked)

    make_ticket(una, mail)
    cost()
    for n in range(2):
        tell_of(make_ticket(una, mail, text=f"Matter {n}"), desi)
    two = cost()
    for n in range(8):
        tell_of(make_ticket(una, mail, text=f"More {n}"), desi)
    assert cost() == two


def test_one_chooses_for_the_capacities_one_has(client, told, una, desi):
    client.force_login(una)
    page = client.get("/notices/settings/").content.decode()
    assert "requester-answer" in page
    assert "agent-assigned" not in page

    answer = client.post(
        "/notices/settings/", {"requester-answer": "digest", "agent-assigned": "at once"}
    )

    assert answer["Location"] == "/notices/settings/"
    kept = Preference.objects.values_list("person", "capacity", "about", "how")
    assert list(kept) == [(una.pk, "requester", "answer", "digest")]
    client.force_login(desi)
    assert "agent-assigned" in client.get("/notices/settings/").content.decode()


def test_a_way_that_is_not_offered_is_refused(client, told, una):
    client.force_login(una)

    response = client.post("/notices/settings/", {"requester-answer": "by pigeon"})

    assert response.status_code == 422
    assert "Choose one of the ways" in response.content.decode()
    assert not Preference.objects.exists()


def test_what_one_may_change_about_oneself_leads_there(client, una, mail):
    make_ticket(una, mail)
    client.force_login(una)

    assert "/notices/settings/" in client.get("/accounts/me/").content.decode()
