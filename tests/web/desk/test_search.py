"""The desk's one search: matters, what was said, people; what is like a report; shared views."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import COMMAND, LONG_AGO, NOON, make_ticket, somebody
from tests.knowledge.conftest import written
from tricorn.catalogue.verbs import add_service
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs


def test_what_is_found_stands_in_sections_with_its_words_marked(desk, desi, mail, una, cleo):
    named = make_ticket(una, mail, text="Printer jams")
    said = make_ticket(cleo, mail, text="No paper\nThe old printer ate all of it")
    noted = make_ticket(una, mail, text="Access")
    verbs.add_note(noted, by=desi.actor, at=NOON, text="She means the printer room")
    somebody("Petra Printer")
    article = written(by=desi, services=(mail,), title="Feeding the printer")
    verbs.resolve(named, by=desi.actor, at=NOON, note="Oiled")

    response = desk.get("/desk/search/?q=printer")

    results = response.context["results"]
    assert [hit.ref for hit in results.named] == [named.ref]
    assert {hit.ref for hit in results.said} == {said.ref, noted.ref}
    assert (results.named_count.count, results.said_count.count) == (1, 2)
    assert [each.name for each in results.people] == ["Petra Printer"]
    assert response.context["articles"] == [article]
    page = response.content.decode()
    assert "/help/" in page
    assert "The old <mark>printer</mark> ate all" in page
    assert "<mark>Printer</mark> jams" in page


def test_fields_narrow_the_search_and_what_fits_nothing_is_said_there_and_in_the_queue(
    desk, desi, mail, una, cleo
):
    hers = make_ticket(una, mail, text="Printer jams")
    make_ticket(cleo, mail, text="Printer is slow")

    for text in ("printer from:una", "from:una"):
        named = desk.get("/desk/search/", {"q": text}).context["results"].named
        assert [hit.ref for hit in named] == [hers.ref], text
    for address in ("/desk/search/", "/desk/"):
        page = desk.get(address, {"q": "printer service:mial"}).content.decode()
        assert "service:mial fits nothing here. No service is called so." in page
        assert f'href="{address}?q=printer%20service%3AMail"' in page
    odd = desk.get("/desk/search/", {"q": "from: printer kind:thing"})
    assert odd.status_code == 200
    assert "There is: complaint" in odd.content.decode()


def test_it_costs_the_same_for_one_and_for_many(desk, mail, una):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/desk/search/?q=slow").status_code == 200
        return len(queries)

    make_ticket(una, mail)
    somebody("Slow Sue")
    one = cost()
    for n in range(15):
        make_ticket(una, mail, text=f"{n} slow\nslow again")
        somebody(f"Slow{n} Sue")
    assert cost() == one


def test_held_reports_and_other_desks_are_not_found(desk, sign_in, mail, una, house, hours):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    lea = somebody("Lea", house.provider)
    give_duty(lea, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    ticket = make_ticket(una, mail, text="Zebra stripes")
    held = verbs.Report(service=mail, text="Zebra spam", requester=una, held_for="links")
    verbs.report(held, by=una.actor, at=NOON)

    assert [hit.ref for hit in desk.get("/desk/search/?q=zebra").context["results"].named] == [
        ticket.ref
    ]
    assert sign_in(lea).get("/desk/search/?q=zebra").context["results"].is_empty


def test_a_number_leads_to_its_ticket_and_odd_words_to_an_empty_page(desk, mail, una):
    ticket = make_ticket(una, mail)

    assert desk.get("/desk/search/", {"q": ticket.ref}).url == f"/desk/t/{ticket.ref}/"
    for text in ("", '"', "-", "%", "a\0b", "NEAR(", "x" * 900):
        response = desk.get("/desk/search/", {"q": text})
        assert response.status_code == 200
        assert response.context["results"].is_empty


def test_htmx_gets_the_part_that_the_page_includes(desk, mail, una):
    part = desk.get("/desk/search/?q=mail", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert 'id="results"' in part


def test_what_is_like_a_report_stands_beside_it_while_it_is_typed(desk, mail, una, cleo):
    before = make_ticket(cleo, mail, text="Projector flickers in the archive")
    make_ticket(una, mail, text="Mail is slow")

    part = desk.post("/desk/new/alike/", {"text": "the projector in room 4 flickers"})

    assert [each.ref for each in part.context["alike"]] == [before.ref]
    assert 'hx-post="/desk/new/alike/"' in desk.get("/desk/new/").content.decode()
    assert desk.post("/desk/new/alike/", {"text": "pro"}).content.decode().strip() == ""


def test_what_is_like_a_ticket_is_one_step_from_its_page_and_never_itself(desk, mail, una, cleo):
    one = make_ticket(cleo, mail, text="Projector flickers in the archive")
    other = make_ticket(una, mail, text="The projector is loud")

    assert f"/desk/search/?like={one.ref}" in desk.get(f"/desk/t/{one.ref}/").content.decode()
    response = desk.get(f"/desk/search/?like={one.ref}")
    assert [each.ref for each in response.context["alike"]] == [other.ref]
    assert desk.get("/desk/search/?like=T-999").status_code == 404


def test_the_box_says_what_it_did_not_understand_and_finds_the_rest(desk, mail, una):
    ticket = make_ticket(una, mail)

    response = desk.get("/desk/?q=slow+due:soon")

    page = response.content.decode()
    assert [row.ref for row in response.context["page"].rows] == [ticket.ref]
    assert "due:soon was not understood and left out." in page
    assert "What can I type here?" in page


def test_a_word_in_very_many_matters_is_said_to_be_looked_for_in_the_newest(
    desk, mail, una, monkeypatch
):
    monkeypatch.setattr("tricorn.tickets.reads.asked.MOST", 2)
    tickets = [make_ticket(una, mail) for _ in range(3)]

    response = desk.get("/desk/?q=slow")

    assert "only the newest 10,000 were looked through" in response.content.decode()
    assert {row.ref for row in response.context["page"].rows} == {t.ref for t in tickets[1:]}
