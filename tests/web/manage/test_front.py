"""The overview: what there is, and what is missing."""

from tests.cast import LONG_AGO, somebody
from tricorn.catalogue.verbs import add_hours, add_service
from tricorn.journal.actor import COMMAND
from tricorn.parties.verbs import change_house
from tricorn.standing.verbs import give_duty


def test_an_empty_house_says_what_to_begin_with(manage, house):
    change_house(by=COMMAND, at=LONG_AGO, changes={"danger_number": ""})

    page = manage.get("/manage/").content.decode()

    assert "No number to call in danger is set." in page
    assert "No service is offered yet." in page
    assert "There is one manager alone." in page


def test_what_is_missing_of_a_service_is_named(manage, house, mail, reception):
    never = add_hours(by=COMMAND, at=LONG_AGO, name="Never", spec={"zone": "UTC", "weekly": {}})
    add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=never)

    page = manage.get("/manage/").content.decode()

    assert "QR codes cannot be printed" in page
    assert "Laptop has hours that are never open" in page
    assert "Laptop promises nothing" in page
    assert "Nobody works at the desk for Mail." in page


def test_nothing_missing_is_said_too(manage, mail, desi, house):
    second = somebody("Max", house.provider)
    give_duty(second, "manage", by=COMMAND, at=LONG_AGO)
    change_house(by=COMMAND, at=LONG_AGO, changes={"public_url": "https://help.example.org"})

    assert "Nothing is missing." in manage.get("/manage/").content.decode()


def test_the_overview_costs_the_same_for_one_service_and_for_thirty(
    manage, house, hours, mail, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(26) as first:
        manage.get("/manage/")
    for n in range(30):
        add_service(
            by=COMMAND, at=LONG_AGO, name=f"Service {n}", provider=house.provider, hours=hours
        )

    with django_assert_num_queries(len(first)):
        page = manage.get("/manage/").content.decode()
    assert "more." in page
