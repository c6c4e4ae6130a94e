"""Outages at the desk: noted now or earlier, ended, corrected, linked from the ticket's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, SATURDAY, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Outage
from tricorn.tickets.verbs import Noted

DAY = timedelta(days=1)


@pytest.fixture
def outage(mail, desi):
    noted = Noted(services=(mail,), began_at=SATURDAY, summary="The disk is full")
    return verbs.begin_outage(noted, by=desi.actor, at=MONDAY)


@pytest.fixture
def ticket(cleo, mail, a7):
    return make_ticket(cleo, mail, text="Cleo's secret mail")


def given(mail, **more):
    return {"services": [mail.pk], "found_by": "provider", **more}


def text_of(response):
    return " ".join(response.content.decode().split())


def test_an_outage_is_noted_now(desk, mail):
    page = desk.post("/desk/outages/begin/", given(mail), follow=True)

    assert "Nothing is noted" not in text_of(page)
    outage = Outage.objects.get()
    assert (outage.began_at, outage.ended_at, outage.is_planned) == (NOON, None, False)
    assert f"{outage.ref} is noted." in text_of(page)


def test_it_may_have_begun_and_ended_earlier_in_local_time(desk, mail, reception):
    times = {"began_at": "2026-10-10T10:00", "ended_at": "2026-10-12T08:55"}

    desk.post("/desk/outages/begin/", given(mail, places=[reception.pk], **times))

    outage = Outage.objects.get()
    assert (outage.began_at, outage.ended_at) == (SATURDAY, MONDAY + timedelta(minutes=55))
    assert list(outage.places.all()) == [reception]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"services": []}, "Choose the services"),
        ({"began_at": "2026-10-12T13:00"}, "cannot have begun in the future"),
        ({"ended_at": "2026-10-12T11:00"}, "would end before it begins"),
        ({"is_planned": "on"}, "until when the planned work lasts"),
        ({"began_at": "2026-03-29T02:30"}, "did not exist in Europe/Berlin"),
        ({"began_at": "yesterday"}, "Enter a valid date/time"),
        ({"summary": "x" * 300}, "at most 200 fit"),
        ({"services": ["999"]}, "999 is not one of the available choices"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(desk, mail, typed, words):
    data = given(mail, **{"summary": "Power cut", **typed})

    page = desk.post("/desk/outages/begin/", data)

    assert page.status_code == 422
    assert words in text_of(page)
    assert 'value="Power cut"' in text_of(page) or "summary" in typed
    assert not Outage.objects.exists()


def test_one_that_is_noted_already_is_refused_in_a_sentence(desk, mail, outage):
    page = desk.post("/desk/outages/begin/", given(mail))

    assert page.status_code == 422
    assert f"Mail: {outage.ref} is on record for that time" in text_of(page)


def test_planned_work_is_announced(desk, mail):
    times = {"began_at": "2026-10-17T20:00", "ended_at": "2026-10-17T22:00", "is_planned": "on"}

    page = text_of(desk.post("/desk/outages/begin/", given(mail, **times), follow=True))

    assert "Announced" in page
    assert "Saturday 20:00, in 5 days" in page


def test_it_ends_now_with_one_button_and_the_list_comes_back_by_htmx(desk, mail, outage):
    page = desk.post(f"/desk/outages/{outage.pk}/end/", headers={"HX-Request": "true"})

    assert text_of(page).startswith('<div id="outages"')
    assert "Nothing is noted as not working." in text_of(page)
    outage.refresh_from_db()
    assert outage.ended_at == NOON


def test_it_ended_at_a_time_and_not_before_it_began(desk, outage):
    url = f"/desk/outages/{outage.pk}/end/"

    refused = desk.post(url, {"ended_at": "2026-10-10T09:00"})
    assert refused.status_code == 422
    assert "would end before it begins" in text_of(refused)
    desk.post(url, {"ended_at": "2026-10-12T08:55"})
    outage.refresh_from_db()
    assert outage.ended_at == MONDAY + timedelta(minutes=55)
    assert desk.post(url).status_code == 409


def test_times_are_corrected_and_untouched_boxes_change_nothing(desk, outage, mail):
    Outage.objects.filter(pk=outage.pk).update(began_at=SATURDAY + timedelta(seconds=17))
    url = f"/desk/outages/{outage.pk}/"
    same = given(mail, began_at="2026-10-10T10:00", summary="The disk is full")

    desk.post(url, same)
    assert not Line.objects.filter(kind="outage.changed").exists()
    desk.post(url, {**same, "began_at": "2026-10-10T09:00"})
    line = Line.objects.get(kind="outage.changed")
    assert line.data["changed"] == ["began_at"]
    assert "2026-10-10T09:00" in text_of(desk.get(url))


def test_a_retired_service_stays_with_its_outage(desk, outage, mail):
    mail.is_retired = True
    mail.save()

    same = given(mail, began_at="2026-10-10T10:00", summary="Other words")
    assert desk.post(f"/desk/outages/{outage.pk}/", same).status_code == 302
    assert list(outage.services.all()) == [mail]


def test_it_is_taken_back_and_stays_in_the_list(desk, outage):
    page = desk.post(f"/desk/outages/{outage.pk}/take-back/", follow=True)

    assert "taken back" in text_of(page)
    assert "It counts nowhere." in text_of(desk.get(f"/desk/outages/{outage.pk}/"))


def test_an_outage_begins_from_a_ticket_without_its_words(desk, ticket, mail):
    page = text_of(desk.get(f"/desk/t/{ticket.ref}/"))
    assert f"/desk/outages/begin/?ticket={ticket.ref}" in page

    form = text_of(desk.get(f"/desk/outages/begin/?ticket={ticket.ref}"))
    assert form.count("secret mail") == 1  # the way back, and in no box
    assert 'value="2026-10-12T08:00"' in form

    data = given(mail, began_at="2026-10-12T08:00", found_by="reporter", ticket=ticket.ref)
    after = text_of(desk.post("/desk/outages/begin/", data, follow=True))
    outage = Outage.objects.get()
    assert list(outage.tickets.all()) == [ticket]
    assert f"Desi linked it to the outage {outage.ref}" in after
    assert "Unlink" in after


def test_a_ticket_is_linked_and_unlinked_from_its_page(desk, ticket, outage):
    assert "Link to this outage" in text_of(desk.get(f"/desk/t/{ticket.ref}/"))

    data = {"ref": ticket.ref, "from": "ticket"}
    page = desk.post(f"/desk/outages/{outage.pk}/link-ticket/", data, follow=True)
    assert page.redirect_chain[-1][0] == f"/desk/t/{ticket.ref}/"
    assert "Unlink" in text_of(page)

    desk.post(f"/desk/outages/{outage.pk}/unlink-ticket/", {"ref": ticket.ref})
    assert not outage.tickets.exists()


def test_what_was_over_long_before_is_not_offered(desk, ticket, mail, desi):
    noted = Noted(services=(mail,), began_at=SATURDAY - 9 * DAY, ended_at=SATURDAY - 8 * DAY)
    verbs.begin_outage(noted, by=desi.actor, at=MONDAY)

    assert "Link to this outage" not in text_of(desk.get(f"/desk/t/{ticket.ref}/"))


def test_a_ticket_that_is_not_there_is_said_beside_its_box(desk, outage):
    page = desk.post(f"/desk/outages/{outage.pk}/link-ticket/", {"ref": "T-999"})

    assert page.status_code == 422
    assert "There is no ticket T-999 at this desk." in text_of(page)


def test_what_is_not_yours_is_not_there(sign_in, desk, house, hours, outage, ticket, cleo):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    theirs = sign_in(dora)

    assert "Mail" not in text_of(theirs.get("/desk/outages/"))
    assert theirs.get(f"/desk/outages/{outage.pk}/").status_code == 404
    assert theirs.get(f"/desk/outages/begin/?ticket={ticket.ref}").status_code == 404
    for deed in ("end", "take-back", "link-ticket", "unlink-ticket"):
        answer = theirs.post(f"/desk/outages/{outage.pk}/{deed}/", {"ref": ticket.ref})
        assert answer.status_code == 404, deed
    assert desk.get("/desk/outages/999999/").status_code == 404
    assert desk.get(f"/desk/outages/{'9' * 40}/").status_code == 404
    assert sign_in(cleo).get("/desk/outages/").status_code == 404


def test_who_serves_one_of_two_services_sees_it_and_does_not_change_it(
    sign_in, house, hours, mail, desi
):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    noted = Noted(services=(mail, laptop), began_at=SATURDAY)
    outage = verbs.begin_outage(noted, by=desi.actor, at=MONDAY)

    assert sign_in(dora).get(f"/desk/outages/{outage.pk}/").status_code == 200
    assert sign_in(dora).post(f"/desk/outages/{outage.pk}/end/").status_code == 403
    outage.refresh_from_db()
    assert outage.ended_at is None


def test_the_list_and_the_ticket_cost_the_same_for_one_and_for_twenty(desk, mail, desi, ticket):
    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    def note(n):
        noted = Noted(
            services=(mail,),
            began_at=SATURDAY + n * HOUR,
            ended_at=SATURDAY + n * HOUR + timedelta(minutes=5),
        )
        verbs.begin_outage(noted, by=desi.actor, at=MONDAY, ticket=ticket)

    note(0)
    verbs.begin_outage(Noted(services=(mail,), began_at=MONDAY), by=desi.actor, at=MONDAY)
    urls = ("/desk/outages/", f"/desk/t/{ticket.ref}/")
    few = [cost(url) for url in urls]
    for n in range(1, 20):
        note(n)

    assert [cost(url) for url in urls] == few
    assert few[0] <= 20
