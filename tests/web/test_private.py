"""No page of anybody shows a private ticket, or a complaint that names somebody, to who may not."""

import re

import pytest
from django.test import Client
from django.urls import resolve, reverse

from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.files.verbs import attach_any
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.mail.models import Letter
from tricorn.mail.writing import letters_of
from tricorn.notices.verbs import tell
from tricorn.parties.verbs import SCOPES, make_token
from tricorn.standing.models import Duty
from tricorn.standing.verbs import give_duty, share
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Inquiry, Named, Outage, SavedFilter, Ticket

WORD = "Quincunx"


@pytest.fixture
def staff(house, hours, reception):
    """A private queue, from which nobody outside hears."""
    return add_service(
        by=COMMAND, at=LONG_AGO, name="Staff matters", provider=house.provider, hours=hours
    )


@pytest.fixture
def hera(house, staff):
    """Manages Staff matters and sits at its desk."""
    person = somebody("Hera", house.provider)
    for duty in ("manage", "desk"):
        give_duty(person, duty, by=COMMAND, at=LONG_AGO, service=staff)
    share(staff, by=COMMAND, at=LONG_AGO, is_private=True, intake="desk")
    staff.refresh_from_db()
    return person


@pytest.fixture
def rita(house):
    """Reviews complaints that name somebody."""
    person = somebody("Rita", house.provider)
    verbs.set_reviewer(person, by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def ordinary(una, mail):
    return make_ticket(una, mail, text="The calendar is slow")


@pytest.fixture
def secret(hera, staff, una, mail, at):
    """Una's matter in the private queue, linked to an outage that everybody at the desk reads."""
    at(NOON)
    ticket = make_ticket(una, staff, text=f"{WORD} at work")
    outage = Outage.objects.create(began_at=MONDAY, noted_at=MONDAY)
    outage.services.set([mail, staff])
    outage.tickets.add(ticket)
    return ticket


@pytest.fixture
def complaint(rita, desi, una, mail, at):
    """Una complains of Desi."""
    at(NOON)
    ticket = make_ticket(una, mail, text=f"{WORD} of Desi")
    return verbs.name_staff(ticket, [desi], by=COMMAND, at=MONDAY)


def entered(person):
    client = Client()
    client.force_login(person)
    return client


def pages(ticket, person, ordinary):
    """Every address on which somebody might come across a ticket, or its number."""
    outage = Outage.objects.first()
    view = SavedFilter.objects.create(person=person, name="Mine", query=f"q={WORD}")
    service = ticket.service
    return [
        "/desk/",
        f"/desk/?q={WORD}",
        f"/desk/?q={ticket.ref}",
        f"/desk/?service={service.slug}",
        "/desk/?tab=done",
        "/desk/?tab=unassigned",
        f"/desk/?{view.query}",
        f"/desk/search/?q={WORD}",
        "/desk/search/?q=is:any from:una",
        "/desk/?q=is:any from:una priority:critical",
        "/notices/",
        "/notices/settings/",
        "/manage/outgoing/out/",
        "/desk/held/",
        "/desk/outages/",
        f"/desk/outages/{outage.pk if outage else 1}/",
        f"/desk/t/{ordinary.ref}/",
        f"/desk/t/{ticket.ref}/",
        f"/desk/t/{ticket.ref}/assign/",
        f"/desk/t/{ticket.ref}/hand-over/",
        f"/desk/t/{ticket.ref}/change-persons/",
        f"/desk/t/{ticket.ref}/name-staff/",
        f"/t/{ticket.ref}/",
        f"/my/{ticket.ref}/",
        f"/inquiries/{ticket.ref}/",
        "/inquiries/",
        "/my/",
        "/decide/",
        "/manage/",
        f"/manage/services/{service.pk}/not-yet-covered/",
        "/manage/reports/",
        "/manage/reports/reported.csv",
        "/manage/replays/begin/",
        f"/manage/people/{ticket.requester_id}/",
        "/manage/reviewers/",
    ]


@pytest.mark.parametrize("who", ["desi", "mo", "cleo", "clive", "sam"])
@pytest.mark.parametrize("kind", ["secret", "complaint"])
def test_it_is_on_no_page_of_who_may_not_see_it(kind, who, request, ordinary, a7):
    ticket = request.getfixturevalue(kind)
    person = request.getfixturevalue(who)
    client = entered(person)
    for line in Line.objects.about("ticket", ticket.pk):
        tell(line, NOON)
        Letter.objects.bulk_create(letters_of(line, NOON), ignore_conflicts=True)

    for address in pages(ticket, person, ordinary):
        assert resolve(address.partition("?")[0])
        answer = client.get(address, follow=True)
        body = answer.content.decode()
        # What was typed into the box stands in the box.
        seen = re.sub(r'(value="|q=|filters/|<title>)[^"<]*', "", body)
        assert answer.status_code in (200, 404), address
        assert WORD not in seen, address
        if ticket.ref in address and "?" not in address:
            assert answer.status_code == 404, address
        elif "?" not in address:
            # The help beside the box has a number of its own as an example.
            assert f"{ticket.ref}<" not in re.sub(r"<code>ref:T-\d+", "", body), address
        assert "As a reviewer" not in body, address


def test_what_the_reviewer_is_told_leads_to_the_list_and_what_came_by_mail_is_read_there(
    complaint, rita, desi, at
):
    tell(Line.objects.get(kind="ticket.staff_named"), NOON)
    message = complaint.messages.get()
    type(message).objects.update(channel="mail", html="<p>Quincunx in HTML</p>")
    file = attach_any(
        message, b"%PDF-1.7 x", by=COMMAND, at=NOON, name="proof.pdf", media_type="application/pdf"
    )
    client = entered(rita)

    listed = client.get("/notices/").content.decode()
    assert "A complaint about somebody is yours to read" in listed
    assert WORD not in listed
    (notice,) = rita.notices.all()
    assert client.post(f"/notices/{notice.pk}/")["Location"] == "/inquiries/"
    assert "As a reviewer" in client.get("/notices/settings/").content.decode()

    shown = client.get(f"/inquiries/{complaint.ref}/").content.decode()
    assert "<p>Quincunx in HTML</p>" in shown
    address = f"/inquiries/{complaint.ref}/files/{file.pk}/"
    assert address in shown
    assert client.get(address).status_code == 200
    assert entered(desi).get(address).status_code == 404


@pytest.mark.parametrize("who", ["desi", "mo"])
@pytest.mark.parametrize("kind", ["secret", "complaint"])
def test_no_deed_at_the_desk_finds_it(kind, who, request):
    ticket = request.getfixturevalue(kind)
    client = entered(request.getfixturevalue(who))

    for deed in ("presence", "answer", "add-note", "open", "release", "discard", "name-staff"):
        response = client.post(f"/desk/t/{ticket.ref}/{deed}/", {"text": "x"})
        assert response.status_code == 404, deed
    for deed in ("answer", "name", "ask", "end", "release", "pass-on"):
        response = client.post(f"/inquiries/{ticket.ref}/{deed}/", {"text": "x"})
        assert response.status_code == 404, deed
    client.post("/desk/held/release/", {"ref": ticket.ref})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.changed_at <= NOON) == ("new", True)


def test_who_serves_the_private_queue_finds_it_everywhere(secret, hera, ordinary):
    client = entered(hera)

    assert WORD in client.get("/desk/").content.decode()
    assert client.get(f"/desk/?q={secret.ref}")["Location"] == f"/desk/t/{secret.ref}/"
    assert WORD in client.get(f"/desk/t/{secret.ref}/").content.decode()
    assert client.get(f"/t/{secret.ref}/")["Location"] == f"/desk/t/{secret.ref}/"
    uncovered = client.get(
        f"/manage/services/{secret.service_id}/not-yet-covered/"
    ).content.decode()
    assert secret.ref in uncovered
    assert client.get(f"/desk/t/{ordinary.ref}/").status_code == 404


def test_the_name_of_a_queue_that_only_its_desk_fills_is_offered_to_nobody_else(
    secret, ordinary, desi, hera, una
):
    name = "Staff matters"
    at_desk = ("/desk/new/", f"/desk/t/{ordinary.ref}/hand-over/", "/desk/macros/0/")
    for address in ("/desk/", *at_desk):
        assert name not in entered(desi).get(address).content.decode(), address
    many = {"do": "hand_over", "ref": ordinary.ref}
    page = entered(desi).post("/desk/bulk/", many).content.decode()
    assert "To the service" in page
    assert name not in page
    for address in ("/", "/my/ask/"):
        assert name not in entered(una).get(address, follow=True).content.decode(), address
    assert name in entered(hera).get("/desk/new/").content.decode()


def test_before_it_is_handed_over_one_reads_that_it_will_be_gone(ordinary, staff, hera, desi, at):
    at(NOON)
    share(staff, by=hera.actor, at=NOON, is_private=True, intake="everybody")
    client = entered(desi)
    address = f"/desk/t/{ordinary.ref}/hand-over/"

    assert "private: you will not see it any more" in client.get(address).content.decode()
    client.post(address, {"service": staff.pk, "team": "", "text": "Yours"})

    assert client.get(f"/desk/t/{ordinary.ref}/").status_code == 404
    assert entered(hera).get(f"/desk/t/{ordinary.ref}/").status_code == 200


def test_a_manager_of_everything_cannot_let_herself_in(secret, staff, hera, mo):
    client = entered(mo)
    page = f"/manage/people/{mo.pk}/"

    answer = client.post(
        reverse("manage:person-give-duty", args=[mo.pk]),
        {"duty-duty": "desk", "duty-service": staff.pk},
    )
    assert answer.status_code == 422
    assert "Only who manages this very service" in answer.content.decode()
    answer = client.post(
        reverse("manage:person-set-password", args=[hera.pk]),
        {"password-password": "a long enough one 7"},
    )
    assert answer.status_code == 422
    hera.refresh_from_db()
    assert not hera.has_usable_password()
    answer = client.post(
        f"/manage/services/{staff.pk}/",
        {"name": "Staff matters", "hours": staff.hours_id, "intake": "desk"},
    )
    assert answer.status_code == 422
    staff.refresh_from_db()
    assert staff.is_private
    assert client.get(page).status_code == 200
    assert not Duty.objects.filter(person=mo, service=staff).exists()


def test_nobody_changes_how_a_reviewer_signs_in_to_read_on_as_them(complaint, rita, mo, hera):
    client, other = entered(mo), somebody("Second Mo")
    secret = make_token(mo, by=mo.actor, at=NOON, name="x", scopes=SCOPES, days=1).secret
    program = {"Authorization": f"Bearer {secret}"}

    for person in (rita, hera):
        page, given = f"/manage/people/{person.pk}/", {"email": "mine@example.org"}
        answers = [
            client.post(f"{page}change/", {"name": person.name, **given}),
            client.post(f"{page}set-password/", {"password-password": "a long enough one 7"}),
            client.post(f"/manage/people/{other.pk}/merge/", {"other": person.pk}),
            client.patch(
                f"/api/v1/people/{person.pk}",
                given,
                content_type="application/json",
                headers=program,
            ),
        ]
        assert [each.status_code for each in answers] == [422, 422, 422, 403]
        was = (person.email, person.password)
        person.refresh_from_db()
        assert (person.email, person.password, person.merged_into) == (*was, None)
    assert (
        client.patch(
            f"/api/v1/people/{rita.pk}",
            {"name": "Rita Ray"},
            content_type="application/json",
            headers=program,
        ).json()["name"]
        == "Rita Ray"
    )


def test_where_letters_go_out_nobody_types_a_password_for_another(mo, una, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    client, page = entered(mo), f"/manage/people/{una.pk}/"

    assert "Set a first password" not in client.get(page).content.decode()
    answer = client.post(f"{page}set-password/", {"password-password": "a long enough one 7"})

    una.refresh_from_db()
    assert (answer.status_code, una.has_usable_password()) == (422, False)


def test_the_reviewer_reads_answers_asks_and_ends(complaint, rita, desi, una):
    client = entered(rita)
    address = f"/inquiries/{complaint.ref}/"

    assert WORD in client.get("/inquiries/").content.decode()
    assert "Una" in client.get(address).content.decode()
    assert client.post(f"{address}answer/", {"text": ""}).status_code == 422
    client.post(f"{address}answer/", {"text": "When was that?"})
    client.post(f"{address}ask/", {"person": desi.pk, "text": "Were you there?"})

    asked = f"/inquiries/asked/{Inquiry.objects.get().hearings.get().pk}/"
    assert entered(una).get(asked).status_code == 404
    page = entered(desi).get(asked).content.decode()
    assert "Were you there?" in page
    assert not re.search(rf"{WORD}|Una|{complaint.ref}", page)
    assert entered(desi).post(asked, {"text": " "}).status_code == 422
    entered(desi).post(asked, {"text": "I was not"})

    assert "I was not" in client.get(address).content.decode()
    client.post(f"{address}end/", {"outcome": "settled", "text": "Settled between you"})
    theirs = entered(una).get(f"/my/{complaint.ref}/").content.decode()
    assert "When was that?" in theirs
    assert "Settled between you" in theirs
    assert not re.search("Were you there|I was not", theirs)


def test_the_reviewer_names_passes_on_and_hands_it_to_another(complaint, rita, mo, house):
    client = entered(rita)
    address = f"/inquiries/{complaint.ref}/"
    client.post(f"{address}name/", {"persons": "Mo, nobody@example.org"})
    assert Named.objects.count() == 1
    client.post(f"{address}name/", {"persons": "Mo"})
    assert Named.objects.count() == 2
    assert client.post(f"{address}pass-on/").status_code == 422
    sven = somebody("Sven", house.provider)
    verbs.set_reviewer(sven, by=COMMAND, at=NOON)

    client.post(f"{address}pass-on/")

    assert client.get(address).status_code == 404
    given = {"text": "Callers wait", "kind": "complaint", "answer": "Passed on"}
    entered(sven).post(f"{address}release/", given)
    assert Ticket.objects.in_sight().get().summary == "Callers wait"


def test_the_box_stands_on_the_forms_once_somebody_reviews(mail, una, desi, house, at):
    at(NOON)
    box = 'name="about_staff"'
    addresses = [(una, "/my/ask/"), (desi, "/desk/new/")]
    make_ticket(una, mail)
    assert box not in Client().get("/").content.decode()

    verbs.set_reviewer(somebody("Rita", house.provider), by=COMMAND, at=MONDAY)

    assert box in Client().get("/").content.decode()
    for person, address in addresses:
        assert box in entered(person).get(address).content.decode(), address


def test_a_visitor_ticks_the_box_and_reads_who_reads_it(rita, mail, desi, at):
    at(NOON)
    page = Client().get("/").content.decode()
    word = re.search(r'name="word" value="([^"]+)"', page)[1]

    answer = Client().post("/", {"text": f"{WORD}!", "about_staff": "on", "word": word})

    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/r/{token_of(ticket)}/"
    assert "A reviewer reads this" in Client().get(answer["Location"]).content.decode()
    assert entered(desi).get(f"/desk/t/{ticket.ref}/").status_code == 404
    assert Inquiry.objects.get().reviewer == rita


def test_the_desk_reads_before_that_it_will_be_gone(rita, ordinary, desi, mo, at):
    at(NOON)
    client = entered(desi)
    address = f"/desk/t/{ordinary.ref}/name-staff/"

    assert "it is gone from this desk" in client.get(address).content.decode()
    assert client.post(address, {"persons": "Nobody Known"}).status_code == 422
    assert client.post(address, {"persons": "Mo"})["Location"] == "/desk/"
    assert client.get(address).status_code == 404


def test_manage_sets_reviewers_and_how_long_names_are_kept(mo, cleo, desi, house, at):
    at(NOON)
    client = entered(mo)
    assert client.post("/manage/reviewers/", {"person": "Nobody"}).status_code == 422
    client.post("/manage/reviewers/", {"person": "Desi", "deputy": "Cleo"})
    client.post("/manage/reviewers/keeping/", {"months": "6", "blanks_words": "on"})

    page = client.get("/manage/reviewers/").content.decode()
    assert "Desi" in page
    assert "Cleo stands in" in page
    assert 'value="6"' in page
    assert "reviewers/" in client.get("/manage/settings/").content.decode()
    assert "inquiries/" in entered(desi).get("/accounts/me/").content.decode()
    number = desi.reviewing.get().pk
    client.post(f"/manage/reviewers/{number}/end/")
    assert "Cleo stands in" not in client.get("/manage/reviewers/").content.decode()
