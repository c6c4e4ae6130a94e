"""The ticket's page: conversation first, every deed from there, and nothing that is not one's own."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from tests.agreements.test_choose import agree
from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Message, Ticket

SECOND = HOUR / 3600


@pytest.fixture
def ticket(mail, cleo, a7):
    return make_ticket(cleo, mail, text="Mail is slow since Monday")


@pytest.fixture
def url(ticket):
    return f"/desk/t/{ticket.ref}/"


@pytest.fixture
def mia(house):
    person = somebody("Mia", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO)
    return person


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_conversation_comes_before_everything_about_it(desk, url):
    page = text_of(desk.get(url))

    assert page.index("Mail is slow since Monday</p>") < page.index("Next step")
    assert page.index("Reply to Cleo") < page.index("Cleo, for Mail")


def test_it_says_who_the_person_is_for_this_service_and_why(desk, url):
    page = text_of(desk.get(url))

    assert "A-7 v1 covers Finance; Finance pays." in page
    assert "uses the service" in page
    assert "has used this service (on 1 day since 12 October 2026)" in page


def test_it_says_when_it_is_due_and_how_that_came(desk, url):
    page = text_of(desk.get(url))

    assert "A-7 v1, clause R2 promises 8 hours of service time." in page
    assert "It is due on Mon 12 Oct 2026 16:00, with 4 hours of service time left." in page
    assert "Mon 12 October, 08:00 to 12:00" in page


def test_the_history_says_when_each_thing_happened(desk, mail, una, url, clock):
    old = make_ticket(una, mail, at=MONDAY - 48 * HOUR)

    page = text_of(desk.get(f"/desk/t/{old.ref}/"))

    history = page[page.index('id="history"') :]
    assert "Una reported it" in history
    assert ">Saturday 08:00</time>" in history


def test_the_other_agreements_that_could_have_applied_are_listed_with_why(desk, ticket, url):
    agree("LATER", 'organisation = "Finance"', "9h")

    page = text_of(desk.get(url))

    assert "Another agreement could have applied" in page
    assert "LATER v1 covers Finance too; its promise is due later." in page


def test_without_an_agreement_the_house_promise_is_explained(desk, mail, una):
    ticket = make_ticket(una, mail)

    page = text_of(desk.get(f"/desk/t/{ticket.ref}/"))

    assert "No agreement covers this, so the house promise counts." in page
    assert "House promise, level Standard promises 3 service days." in page


def test_a_visitor_has_no_name_and_a_ticket_all_the_same(desk, mail):
    ticket = make_ticket(None, mail)

    page = text_of(desk.get(f"/desk/t/{ticket.ref}/"))

    assert "A visitor, without a name" in page
    assert "Send to the private page" in page


def test_a_reply_is_sent_and_takes_the_ticket_up(desk, desi, ticket, url):
    response = desk.post(f"{url}answer/", {"text": "Since when exactly?"})

    assert response.status_code == 302
    assert response.url == url
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert ticket.first_response_at == NOON
    said = ticket.messages.last()
    assert (said.text, said.author, said.is_public) == ("Since when exactly?", desi, True)


def test_the_same_reply_twice_is_one(desk, ticket, url):
    for _ in range(2):
        desk.post(f"{url}answer/", {"text": "Since when?", "seen": ticket.messages.last().pk})

    assert ticket.messages.filter(text="Since when?").count() == 1


def test_a_note_is_for_the_desk_alone_and_twice_is_once(desk, ticket, url):
    for _ in range(2):
        desk.post(f"{url}add-note/", {"text": "mx2 is full"})

    assert [m.is_public for m in ticket.messages.filter(text="mx2 is full")] == [False]
    ticket.refresh_from_db()
    assert ticket.first_response_at is None


def test_an_empty_reply_is_a_sentence_beside_the_box(desk, ticket, url):
    response = desk.post(f"{url}answer/", {"text": " \n "})

    assert response.status_code == 422
    assert "Write what you want to say, then send it." in text_of(response)
    assert ticket.messages.count() == 1


def test_an_endless_reply_is_refused_and_what_was_typed_stays(desk, ticket, url):
    response = desk.post(f"{url}answer/", {"text": "x" * 1_000_000})

    assert response.status_code == 422
    assert "at most 100,000 fit" in text_of(response)
    assert "x" * 1000 in text_of(response)
    assert ticket.messages.count() == 1


def test_resolving_says_what_fixed_it_and_stops_the_clocks(desk, ticket, url):
    desk.post(f"{url}resolve/", {"text": "The queue was full; it is empty now."})

    ticket.refresh_from_db()
    assert (ticket.state, ticket.resolved_at) == ("resolved", NOON)
    page = text_of(desk.get(url))
    assert "Desi resolved it" in page
    assert "on time" in page


def test_resolving_without_a_word_is_refused(desk, ticket, url):
    response = desk.post(f"{url}resolve/", {"text": ""})

    assert response.status_code == 422
    assert "Write what fixed it, for the person to read; then resolve." in text_of(response)
    ticket.refresh_from_db()
    assert ticket.state == "new"


def test_two_agents_resolve_at_once_and_the_second_keeps_their_words(
    desk, sign_in, mia, ticket, url
):
    seen = ticket.messages.last().pk
    desk.post(f"{url}resolve/", {"text": "Emptied the queue", "seen": seen})

    response = sign_in(mia).post(f"{url}resolve/", {"text": "Restarted it", "seen": seen})

    assert response.status_code == 409
    assert "Cannot resolve a ticket that is resolved." in text_of(response)
    assert "Restarted it</textarea>" in text_of(response)
    assert not ticket.messages.filter(text="Restarted it").exists()


def test_a_reply_stops_once_when_somebody_has_answered_meanwhile(
    desk, sign_in, mia, ticket, url, clock
):
    seen = ticket.messages.last().pk
    desk.post(f"{url}answer/", {"text": "Since when?", "seen": seen})
    browser = sign_in(mia)
    clock(NOON + 60 * SECOND)

    stopped = browser.post(f"{url}answer/", {"text": "We look into it", "seen": seen})
    assert stopped.status_code == 409
    assert "Desi answered 1 min ago." in text_of(stopped)
    assert "We look into it</textarea>" in text_of(stopped)
    assert not ticket.messages.filter(text="We look into it").exists()

    seen = stopped.context["reply"]["seen"].value()
    sent = browser.post(f"{url}answer/", {"text": "We look into it", "seen": seen})
    assert sent.status_code == 302
    assert ticket.messages.filter(text="We look into it").count() == 1


def test_two_agents_on_one_ticket_see_each_other(desk, sign_in, mia, ticket, url, clock):
    headers = {"HX-Request": "true"}
    last = ticket.messages.last().pk
    desk.post(f"{url}presence/", {"seen": last}, headers=headers)

    other = sign_in(mia)
    part = text_of(other.post(f"{url}presence/", {"seen": last}, headers=headers))
    assert "Desi has this open too." in part
    assert "Mia" not in part
    assert "<html" not in part

    desk.post(f"{url}answer/", {"text": "Since when?"})
    clock(NOON + 90 * SECOND)
    part = text_of(other.post(f"{url}presence/", {"seen": last}, headers=headers))
    assert "Desi has this open too." not in part
    assert "Desi answered 1 min ago." in part


def test_reading_a_ticket_writes_nothing(desk, ticket, url):
    lines = Line.objects.count()
    with CaptureQueriesContext(connection) as queries:
        desk.get(url)

    written = [
        q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "(SELECT", "SAVEPOINT"))
    ]
    assert written == []
    assert Line.objects.count() == lines


def test_one_key_takes_it_and_it_can_be_given_away(desk, desi, mia, ticket, url):
    desk.post(f"{url}assign/", {"to": "me"})
    ticket.refresh_from_db()
    assert ticket.assignee == desi

    page = text_of(desk.get(f"{url}assign/"))
    assert "Mia" in page
    assert "Cleo</option>" not in page
    desk.post(f"{url}assign/", {"to": mia.pk})
    ticket.refresh_from_db()
    assert ticket.assignee == mia

    desk.post(f"{url}assign/", {"to": ""})
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_it_cannot_be_given_to_somebody_who_does_not_serve_it(desk, cleo, ticket, url):
    response = desk.post(f"{url}assign/", {"to": cleo.pk})

    assert response.status_code == 422
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_waiting_says_on_whom_and_going_on_ends_it(desk, ticket, url):
    desk.post(f"{url}wait/", {"holder": "supplier"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waiting_on) == ("waiting", "supplier")
    assert "put it on hold, waiting for the supplier" in text_of(desk.get(url))

    desk.post(f"{url}go-on/")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waiting_on) == ("open", "")


def test_waiting_on_nobody_known_is_refused(desk, ticket, url):
    assert desk.post(f"{url}wait/", {"holder": "the moon"}).status_code == 422
    ticket.refresh_from_db()
    assert ticket.state == "new"


def test_closing_reopening_and_cancelling_are_buttons(desk, ticket, url):
    desk.post(f"{url}resolve/", {"text": "Fixed"})
    desk.post(f"{url}close/")
    ticket.refresh_from_db()
    assert ticket.state == "closed"

    desk.post(f"{url}reopen/")
    desk.post(f"{url}cancel/")
    ticket.refresh_from_db()
    assert ticket.state == "cancelled"


def test_a_closed_ticket_takes_no_reply_and_keeps_the_words(desk, ticket, url):
    desk.post(f"{url}resolve/", {"text": "Fixed"})
    desk.post(f"{url}close/")

    response = desk.post(f"{url}answer/", {"text": "One more thing"})

    assert response.status_code == 409
    assert "Reopen it first." in text_of(response)
    assert "One more thing</textarea>" in text_of(response)


def test_a_move_that_the_state_does_not_allow_is_a_sentence(desk, ticket, url):
    response = desk.post(f"{url}close/")

    assert response.status_code == 409
    assert "Cannot close a ticket that is new." in text_of(response)


def test_the_buttons_are_the_moves_of_its_state(desk, ticket, url):
    page = text_of(desk.get(url))
    assert "Take it up" in page
    assert "Cancel, no longer needed" in page
    assert "Reopen</button>" not in page

    desk.post(f"{url}resolve/", {"text": "Fixed"})
    page = text_of(desk.get(url))
    assert "Close for good" in page
    assert "Reopen</button>" in page
    assert "Cancel, no longer needed" not in page


def test_priority_count_and_time_are_set_in_the_details(desk, ticket, url):
    desk.post(f"{url}prioritise/", {"priority": "critical"})
    desk.post(f"{url}count-affected/", {"count": "40"})
    for _ in range(2):
        desk.post(f"{url}log-time/", {"minutes": "25"})

    ticket.refresh_from_db()
    assert (ticket.priority, ticket.affected_count, ticket.minutes_spent) == ("critical", 40, 25)
    page = text_of(desk.get(url))
    assert "Desi changed the priority from moderate to critical" in page
    assert "40 people" in page
    assert "Desi worked on it for 25 min" in page


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("prioritise", {"priority": "now"}),
        ("count-affected", {"count": "0"}),
        ("count-affected", {"count": "1e9"}),
        ("log-time", {"minutes": "-5"}),
        ("log-time", {"minutes": "1441"}),
        ("log-time", {}),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_their_box(desk, ticket, url, deed, given):
    lines = Line.objects.count()

    assert desk.post(f"{url}{deed}/", given).status_code == 422
    assert Line.objects.count() == lines


def test_it_is_handed_over_with_a_note_to_another_service(desk, ticket, url, hours, house):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )

    response = desk.post(
        f"{url}hand-over/",
        {"service": laptop.pk, "team": house.provider.pk, "text": "It is the network card"},
    )

    assert response.url == "/desk/"
    ticket.refresh_from_db()
    assert (ticket.service, ticket.team, ticket.assignee) == (laptop, house.provider, None)
    page = text_of(desk.get(url))
    assert "Desi handed it over to Laptop, House IT" in page
    assert "It is the network card" in page


def test_handing_over_needs_a_note_and_keeps_what_was_chosen(desk, ticket, url, mail):
    response = desk.post(f"{url}hand-over/", {"service": mail.pk, "text": ""})

    assert response.status_code == 422
    ticket.refresh_from_db()
    assert ticket.service == mail


def test_whose_matter_it_is_can_be_changed_and_the_agreement_follows(desk, mail, cleo, a7):
    ticket = make_ticket(None, mail)
    url = f"/desk/t/{ticket.ref}/change-persons/"

    assert desk.post(url, {"requester": "cleo@example.org"}).status_code == 302

    ticket.refresh_from_db()
    assert (ticket.requester, ticket.affected, ticket.version) == (cleo, cleo, a7)
    assert "Cleo &lt;cleo@example.org&gt;" in text_of(desk.get(url))


def test_nobody_of_that_name_is_said_and_nothing_changes(desk, ticket, url, cleo):
    response = desk.post(f"{url}change-persons/", {"requester": "Zoe"})

    assert response.status_code == 422
    assert "Nobody we know matches “Zoe”" in text_of(response)
    ticket.refresh_from_db()
    assert ticket.requester == cleo


def test_of_several_people_one_is_asked_for(desk, ticket, url, finance):
    one, two = somebody("Ada Lovelace", finance), None
    two = somebody("Ada2 Lovelace")

    asked = desk.post(f"{url}change-persons/", {"requester": "lovelace"})
    assert asked.status_code == 422
    assert "Several people match. Which one is it?" in text_of(asked)
    assert "ada@example.org Finance" in text_of(asked)

    desk.post(f"{url}change-persons/", {"requester": "lovelace", "requester_is": two.pk})
    ticket.refresh_from_db()
    assert ticket.requester == two != one


def test_typing_offers_people_and_lists_nobody_idly(desk, cleo):
    assert "Cleo &lt;cleo@example.org&gt;" in text_of(desk.get("/desk/people/?requester=cl"))
    assert "option" not in text_of(desk.get("/desk/people/?requester=c"))
    assert "option" not in text_of(desk.get("/desk/people/?requester=%00%00%00"))


def test_earlier_tickets_of_the_person_are_shown_newest_first(desk, mail, cleo, a7):
    for n in range(7):
        make_ticket(cleo, mail, at=MONDAY + n * HOUR / 60, text=f"Matter {n}")
    last = Ticket.objects.get(summary="Matter 6")

    earlier = desk.get(f"/desk/t/{last.ref}/").context["shown"].who.earlier

    assert [each.summary for each in earlier] == [f"Matter {n}" for n in (5, 4, 3, 2, 1)]


def test_a_photo_is_shown_to_who_serves_the_ticket(desk, sign_in, mail, sam, clock):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    ticket = verbs.report(
        verbs.Report(service=mail, text="See this", photo=picture.getvalue()), by=VISITOR, at=MONDAY
    )
    page = desk.get(f"/desk/t/{ticket.ref}/")
    src = f"/desk/t/{ticket.ref}/photo/{page.context['shown'].photos[0].number}/"

    assert src in text_of(page)
    photo = desk.get(src)
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(photo.streaming_content).startswith(b"\xff\xd8")
    assert sign_in(sam).get(src).status_code == 404


def test_what_people_write_is_shown_as_text(desk, mail, house):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7|add:7 }}"
    eve = somebody("Eve")
    eve.name = evil[:60]
    eve.save()
    ticket = make_ticket(eve, mail, text=evil)
    url = f"/desk/t/{ticket.ref}/"
    desk.post(f"{url}answer/", {"text": evil})
    desk.post(f"{url}add-note/", {"text": evil})
    desk.post("/desk/filters/save/", {"name": evil[:50], "q": "slow"})

    for address in (url, "/desk/", "/desk/?q=slow", f"{url}change-persons/", "/desk/people/?q=sc"):
        page = desk.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in desk.get(url).content.decode()


@pytest.mark.parametrize("text", ["مرحبا 👋🏽 שלום", "a\0b", "x\ud7ff\ufeff", "e\u0301" * 200])
def test_any_writing_is_kept(desk, ticket, url, text):
    response = desk.post(f"{url}answer/", {"text": text})

    assert response.status_code == 302
    assert desk.get(url).status_code == 200
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("ref", ["T-999999", "T-0", "x", "T-1'--", "9" * 30, "T-²", "%00"])
def test_a_ref_that_leads_nowhere_is_not_found(desk, house, ref):
    assert desk.get(f"/desk/t/{ref}/").status_code == 404


DEEDS = [
    *("answer", "add-note", "open", "wait", "go-on", "resolve", "close", "reopen", "cancel"),
    *("release", "discard", "prioritise", "count-affected", "log-time", "assign", "hand-over"),
    *("change-persons", "presence"),
]


def test_the_tickets_of_other_services_do_not_exist_for_an_agent_of_one(
    sign_in, ticket, url, hours, house
):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    lea = somebody("Lea", house.provider)
    give_duty(lea, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    browser = sign_in(lea)
    lines = Line.objects.count()

    assert browser.get(url).status_code == 404
    for deed in DEEDS:
        given = {"text": "x", "holder": "user", "priority": "low", "count": 2, "minutes": 2}
        assert browser.post(f"{url}{deed}/", given).status_code == 404, deed
    assert Line.objects.count() == lines
    assert not ticket.present.exists()


def test_ones_own_matter_at_another_service_is_not_read_at_the_desk(
    sign_in, mail, hours, house, desi
):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    lea = somebody("Lea", house.provider)
    give_duty(lea, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    own = make_ticket(lea, mail)
    verbs.add_note(own, by=desi.actor, at=NOON, text="She always says so")

    assert sign_in(lea).get(f"/desk/t/{own.ref}/").status_code == 404


def test_deeds_are_posted(desk, ticket, url):
    for deed in set(DEEDS) - {"assign", "hand-over", "change-persons"}:
        assert desk.get(f"{url}{deed}/").status_code == 405, deed
    assert Message.objects.count() == 1


def test_a_long_conversation_costs_the_same_queries_as_a_short_one(desk, desi, ticket, url):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    verbs.answer(ticket, by=desi.actor, at=NOON, text="Since when?")
    short = cost()
    for n in range(25):
        at = NOON + n * SECOND
        verbs.answer(ticket, by=desi.actor, at=at, text=f"Question {n}")
        verbs.wait(ticket, by=desi.actor, at=at, holder="customer")
        verbs.answer(ticket, by=ticket.requester.actor, at=at, text=f"Answer {n}")

    assert cost() == short
    assert short <= 50


def test_the_address_of_a_ticket_leads_to_the_door_of_the_reader(desk, sign_in, ticket, cleo, sam):
    address = f"/t/{ticket.ref}/"

    assert desk.get(address).url == f"/desk/t/{ticket.ref}/"
    assert sign_in(cleo).get(address).url == reverse("my:ticket", args=[ticket.ref])
    assert sign_in(sam).get(address).status_code == 404


def test_only_what_can_be_resolved_says_how_to(desk, desi, ticket, url):
    assert "To resolve, write what fixed it." in text_of(desk.get(url))

    verbs.resolve(ticket, by=desi.actor, at=NOON, note="It runs again.")

    assert "To resolve, write what fixed it." not in text_of(desk.get(url))
