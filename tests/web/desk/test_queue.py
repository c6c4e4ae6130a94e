"""The queue: what is due next on top, narrowed by its address, at the same cost for any length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import Promise, add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import SavedFilter, Ticket


@pytest.fixture
def laptop(house, hours, mail):
    return add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Laptop",
        provider=house.provider,
        hours=hours,
        promises=[Promise("resolution", "4h")],
    )


def refs(response):
    return [row.ref for row in response.context["page"].rows]


def test_what_is_due_first_stands_on_top(desk, mail, laptop, una):
    slow = make_ticket(una, mail)
    broken = make_ticket(una, laptop, text="Laptop does not charge")

    response = desk.get("/desk/")

    assert response.status_code == 200
    assert refs(response) == [broken.ref, slow.ref]
    assert "due now" in response.content.decode()


def test_what_waits_without_a_date_stands_last(desk, desi, mail, cleo, a7, una):
    first = make_ticket(cleo, mail)
    second = make_ticket(una, mail)
    verbs.answer(first, by=desi.actor, at=NOON, text="Since when?")
    verbs.wait(first, by=desi.actor, at=NOON, holder="customer")

    response = desk.get("/desk/")

    assert refs(response) == [second.ref, first.ref]
    assert "waiting for the person asking" in response.content.decode()


def test_a_row_says_who_the_person_is_for_the_service(desk, mail, cleo, a7):
    make_ticket(cleo, mail)

    page = desk.get("/desk/").content.decode()

    assert "Cleo" in page
    assert "uses the service" in page


def test_tabs_show_their_own_and_count_them(desk, desi, mail, una):
    mine = make_ticket(una, mail, text="mine")
    verbs.assign(mine, by=desi.actor, at=NOON, to=desi)
    waits = make_ticket(una, mail, text="waits")
    verbs.wait(waits, by=desi.actor, at=NOON, holder="supplier")
    done = make_ticket(una, mail, text="done")
    verbs.resolve(done, by=desi.actor, at=NOON, note="Fixed")

    assert refs(desk.get("/desk/?tab=mine")) == [mine.ref]
    assert refs(desk.get("/desk/?tab=waiting")) == [waits.ref]
    assert refs(desk.get("/desk/?tab=unassigned")) == [waits.ref]
    assert refs(desk.get("/desk/?tab=done")) == [done.ref]
    counts = desk.get("/desk/").context["page"].counts
    assert (counts.all, counts.mine, counts.unassigned, counts.waiting) == (2, 1, 1, 1)


def test_the_team_has_a_tab_once_something_was_handed_to_it(desk, desi, mail, una, house):
    ticket = make_ticket(una, mail)
    assert "My team" not in desk.get("/desk/").content.decode()

    verbs.hand_over(ticket, by=desi.actor, at=NOON, note="Yours", team=house.provider)

    assert refs(desk.get("/desk/?tab=team")) == [ticket.ref]
    assert "My team" in desk.get("/desk/").content.decode()


def test_filters_narrow_it_and_stay_in_the_address(desk, mail, laptop, una):
    make_ticket(una, mail)
    broken = make_ticket(una, laptop, text="Laptop does not charge")

    response = desk.get("/desk/?service=laptop&kind=incident&priority=moderate")

    assert refs(response) == [broken.ref]
    assert "tab=mine&amp;kind=incident&amp;priority=moderate&amp;service=laptop" in (
        response.content.decode()
    )


def test_late_only_leaves_out_what_is_on_time(desk, mail, laptop, una, clock):
    make_ticket(una, mail)
    broken = make_ticket(una, laptop)
    clock(MONDAY + 5 * HOUR)

    response = desk.get("/desk/?late=yes")

    assert refs(response) == [broken.ref]
    assert "late by 1 h" in response.content.decode()


def test_words_in_the_box_are_found_in_what_was_said(desk, mail, una):
    slow = make_ticket(una, mail, text="Mail is slow since Monday\nIt hurts in the Café")
    make_ticket(una, mail, text="I forgot my password")

    assert refs(desk.get("/desk/?q=SLOW+mon")) == [slow.ref]
    assert refs(desk.get("/desk/?q=cafe")) == [slow.ref]
    assert refs(desk.get("/desk/?q=onday")) == []


@pytest.mark.parametrize(
    "text", ["%", "_", "'", "\\", "a\0b", "\u202eq", "T-", "9" * 40, "x" * 5000]
)
def test_odd_words_in_the_box_find_nothing_and_break_nothing(desk, mail, una, text):
    make_ticket(una, mail)

    response = desk.get("/desk/", {"q": text})

    assert response.status_code == 200
    assert refs(response) == []


def test_a_ref_in_the_box_leads_to_the_ticket_finished_or_not(desk, desi, mail, una):
    ticket = make_ticket(una, mail)
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Fixed")

    response = desk.get("/desk/", {"q": ticket.ref.lower()})

    assert response.status_code == 302
    assert response.url == f"/desk/t/{ticket.ref}/"


def test_the_number_of_another_system_leads_to_the_ticket(desk, mail, una):
    ticket = make_ticket(una, mail)
    Ticket.objects.filter(pk=ticket.pk).update(source="servicenow", source_id="INC0000045")

    assert desk.get("/desk/?q=INC0000045").url == f"/desk/t/{ticket.ref}/"


def test_an_address_that_means_nothing_shows_the_plain_queue(desk, mail, una):
    ticket = make_ticket(una, mail)

    response = desk.get("/desk/?tab=%00&kind=x&priority=5&late=maybe&after=1-2-3&before=zz&page=9")

    assert refs(response) == [ticket.ref]


def test_an_agent_of_one_service_sees_only_that_one(sign_in, mail, laptop, una, house):
    lea = somebody("Lea", house.provider)
    give_duty(lea, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    hidden = make_ticket(una, mail)
    shown = make_ticket(una, laptop)
    browser = sign_in(lea)

    response = browser.get("/desk/")

    assert refs(response) == [shown.ref]
    assert response.context["page"].counts.all == 1
    assert refs(browser.get("/desk/", {"q": hidden.ref})) == []
    assert refs(browser.get("/desk/?service=mail")) == []


def test_held_reports_are_not_in_the_queue(desk, mail, una):
    verbs.report(
        verbs.Report(service=mail, text="Buy now", requester=una, held_for="many links"),
        by=una.actor,
        at=MONDAY,
    )

    response = desk.get("/desk/")

    assert refs(response) == []
    assert response.context["held_count"] == 1


def test_every_ticket_stands_on_exactly_one_page_in_both_directions(desk, mail, una):
    for n in range(120):
        make_ticket(una, mail, at=MONDAY + (n // 3) * HOUR / 60)

    pages, url = [], "/desk/"
    while url:
        response = desk.get(url)
        pages.append(refs(response))
        url = response.context["after_url"]
    back, url = [], response.context["before_url"]
    while url:
        response = desk.get(url)
        back.append(refs(response))
        url = response.context["before_url"]

    assert [len(page) for page in pages] == [40, 40, 40]
    assert len({ref for page in pages for ref in page}) == 120
    assert back == [pages[1], pages[0]]


def test_a_full_page_costs_the_same_queries_as_one_row(desk, mail, cleo, a7, finance):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/desk/").status_code == 200
        return len(queries)

    make_ticket(cleo, mail)
    one = cost()
    for n in range(45):
        make_ticket(somebody(f"Person{n} Someone", finance), mail)

    assert cost() == one
    assert one <= 23


def test_a_view_is_kept_under_a_name_and_forgotten(desk, desi, mail):
    response = desk.post(
        "/desk/filters/save/", {"name": "Late mail", "late": "yes", "service": "mail"}
    )

    saved = SavedFilter.objects.get()
    assert response.url == "/desk/?late=yes&service=mail"
    assert (saved.person, saved.name, saved.query) == (desi, "Late mail", "late=yes&service=mail")
    assert "Late mail" in desk.get("/desk/").content.decode()

    desk.post(f"/desk/filters/{saved.pk}/forget/")
    assert not SavedFilter.objects.exists()


def test_the_same_name_keeps_the_new_view(desk, mail):
    for kind in ("incident", "request"):
        desk.post("/desk/filters/save/", {"name": "Today", "kind": kind})

    assert [saved.query for saved in SavedFilter.objects.all()] == ["kind=request"]


def test_a_view_without_a_name_is_refused_and_not_kept(desk, mail):
    response = desk.post("/desk/filters/save/", {"name": " \t ", "kind": "incident"})

    assert response.status_code == 422
    assert "The name is empty. Write it down." in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_nobody_forgets_the_view_of_somebody_else(desk, mo, mail):
    saved = verbs.save_filter(by=mo.actor, at=NOON, name="Mine", query="tab=mine")

    desk.post(f"/desk/filters/{saved.pk}/forget/")

    assert SavedFilter.objects.filter(pk=saved.pk).exists()


def test_htmx_gets_the_part_that_the_page_includes(desk, mail, una):
    make_ticket(una, mail)

    part = desk.get("/desk/?kind=incident", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.strip().startswith("{#") is False
    assert 'id="queue"' in part


def test_the_desk_is_closed_to_strangers_and_to_whom_it_does_not_open(client, sign_in, sam, house):
    assert client.get("/desk/").status_code == 302
    assert sign_in(sam).get("/desk/").status_code == 404
