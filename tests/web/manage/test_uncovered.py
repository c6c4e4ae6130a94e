"""Use not yet covered, on Manage: a line on the front, the months, and the tickets behind them."""

from tests.agreements.test_everyone import cover_everyone
from tests.cast import LONG_AGO, MONDAY, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.parties.verbs import add_organisation
from tricorn.standing.verbs import give_duty, tally

ADDRESS = "/manage/services/{}/not-yet-covered/"


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_front_says_how_much_and_leads_there(manage, mail, una):
    assert "Use not yet covered" not in text_of(manage.get("/manage/"))
    make_ticket(una, mail)

    page = text_of(manage.get("/manage/"))

    assert "Mail: 1 ticket, 1 use since the first of last month" in page
    assert ADDRESS.format(mail.pk) in page


def test_a_manager_of_one_service_sees_the_line_of_that_one(of_mail, mail, una, house, hours):
    phone = add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)
    make_ticket(una, mail)
    make_ticket(una, phone)

    page = text_of(of_mail.get("/manage/"))

    assert "Mail: 1 ticket, 1 use" in page
    assert "Phone" not in page
    assert of_mail.get(ADDRESS.format(phone.pk)).status_code == 404


def test_the_service_page_says_who_is_covered_and_how_much_is_not(
    manage, mail, una, clive, finance
):
    address = f"/manage/services/{mail.pk}/"
    assert "None since the first of last month." in text_of(manage.get(address))
    make_ticket(una, mail)
    assert "1 ticket, 1 use since the first of last month" in text_of(manage.get(address))

    cover_everyone("ALL", mail, finance)

    assert "Everyone is covered by ALL v1." in text_of(manage.get(address))


def test_the_months_name_organisations_and_the_tickets_are_there(manage, mail, desi, mo):
    sue = somebody("Sue", add_organisation(by=COMMAND, at=LONG_AGO, name="Sales"))
    ticket = make_ticket(sue, mail)
    make_ticket(None, mail, text="A visitor asks")
    tally(mail, None, by=desi.actor, at=MONDAY, count=4)

    page = text_of(manage.get(ADDRESS.format(mail.pk)))

    assert "2 tickets, 6 uses" in page
    assert "Sales (1), of no organisation (1)" in page
    assert "Mail is slow" in page
    assert "Sue" not in page
    assert f"/desk/t/{ticket.ref}/" not in page
    give_duty(mo, "desk", by=COMMAND, at=MONDAY)
    assert f"/desk/t/{ticket.ref}/" in text_of(manage.get(ADDRESS.format(mail.pk)))


def test_one_month_shows_its_tickets_alone(manage, mail, una):
    make_ticket(una, mail)
    make_ticket(una, mail, at=MONDAY.replace(month=9), text="An old one")

    page = text_of(manage.get(ADDRESS.format(mail.pk) + "?month=2026-09"))

    assert "The tickets of September 2026" in page
    assert "An old one" in page
    assert "Mail is slow" not in page
    assert manage.get(ADDRESS.format(mail.pk) + "?month=soon").status_code == 404


def test_where_everybody_was_covered_that_is_said(manage, mail):
    page = text_of(manage.get(ADDRESS.format(mail.pk)))

    assert "None in the last six months" in page


def test_one_ticket_and_forty_cost_the_same(
    manage, mail, una, django_assert_max_num_queries, django_assert_num_queries
):
    make_ticket(una, mail)
    with django_assert_max_num_queries(20) as first:
        manage.get(ADDRESS.format(mail.pk))
    for n in range(39):
        make_ticket(una, mail, text=f"Number {n}")

    with django_assert_num_queries(len(first)):
        manage.get(ADDRESS.format(mail.pk))
