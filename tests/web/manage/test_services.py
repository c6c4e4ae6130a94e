"""Services and their levels: added, changed, refused with everything typed kept."""

import pytest
from django.urls import reverse

from tests.cast import LONG_AGO, MONDAY, make_ticket
from tricorn.catalogue.models import Level, Service
from tricorn.catalogue.verbs import add_hours
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line

ADD = "/manage/services/add/"
SCRIPT = "<script>alert(1)</script>"


def rows(*targets):
    """The rows of a level's form as a browser posts them."""
    data = {"target-TOTAL_FORMS": len(targets), "target-INITIAL_FORMS": 0}
    for n, target in enumerate(targets):
        data |= {f"target-{n}-{name}": value for name, value in target.items()}
    return data


def typed(served, **more):
    return {
        "name": "Printing",
        "description": "Paper out of the wall",
        "hours": served.pk,
        **rows(
            {"measure": "first_response", "within": "4h", "stopped_by": ["user"]},
            {"measure": "resolution", "within": ""},
        ),
        **more,
    }


def test_a_service_is_added_with_what_it_promises(manage, hours, reception, mo):
    response = manage.post(ADD, typed(hours, places=[reception.pk]), follow=True)

    service = Service.objects.get(name="Printing")
    target = service.levels.get(is_default=True).targets.get()
    assert "Printing is offered from now on." in response.content.decode()
    assert (target.measure, target.within, target.stopped_by) == ("first_response", "4h", ["user"])
    assert list(service.places.all()) == [reception]
    line = Line.objects.get(kind="service.added", subject_id=service.pk)
    assert line.actor == mo.actor


def test_a_new_service_is_open_to_reports_at_once(manage, hours, client):
    manage.post(ADD, typed(hours))

    assert Service.objects.get(name="Printing").is_open_to_reports


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "mail"}, "There is a service called mail already."),
        ({"hours": "999"}, "not one of the available choices"),
        ({"target-0-within": "soon"}, "is not a target"),
        ({"target-0-within": "0h"}, "more than nothing"),
        ({"target-0-measure": "guess"}, "not one of the available choices"),
        ({"target-0-kinds": ["wonder"]}, "not one of the available choices"),
        ({"target-TOTAL_FORMS": "x"}, "ManagementForm"),
        ({"name": "Print\0ing"}, "Null characters"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(manage, mail, hours, change, said):
    response = manage.post(ADD, typed(hours, **change))

    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Paper out of the wall" in page
    assert Service.objects.count() == 1


def test_without_hours_one_is_led_to_add_some(manage):
    assert "First the hours" in manage.get(ADD).content.decode()


def test_a_service_is_changed_and_retired(manage, mail, hours):
    response = manage.post(
        reverse("manage:service", args=[mail.pk]),
        {"name": "Post", "description": "", "hours": hours.pk, "is_retired": "on"},
        follow=True,
    )

    mail.refresh_from_db()
    assert (mail.name, mail.is_retired, mail.is_open_to_reports) == ("Post", True, False)
    assert not mail.places.exists()
    assert "running clocks keep theirs" in response.content.decode()
    assert "retired" in manage.get("/manage/services/").content.decode()


def test_a_level_goes_along_when_its_service_gets_other_hours(manage, mail, una):
    ticket = make_ticket(una, mail, at=MONDAY)
    before = ticket.clocks.get(measure="resolution").due_at
    night = add_hours(
        by=COMMAND,
        at=LONG_AGO,
        name="Night",
        spec={"zone": "UTC", "weekly": {"mon": ["22:00-23:00"]}},
    )

    manage.post(
        reverse("manage:service", args=[mail.pk]),
        {"name": "Mail", "hours": night.pk, "is_open_to_reports": "on"},
    )

    level = mail.levels.get()
    assert level.hours == night
    assert level.targets.filter(until=None).first().spec == night.spec
    assert ticket.clocks.get(measure="resolution").due_at == before


def test_a_level_is_added_with_a_price(manage, mail, hours):
    manage.post(
        reverse("manage:level-add", args=[mail.pk]),
        {
            "name": "Priority",
            "hours": hours.pk,
            "price": "400.00",
            "currency": "eur",
            **rows({"measure": "resolution", "within": "4h", "priorities": ["critical", "high"]}),
        },
    )

    level = Level.objects.get(name="Priority")
    assert (str(level.price), level.currency, level.is_default) == ("400.00", "EUR", False)
    assert level.targets.get().priorities == ["critical", "high"]
    page = manage.get(reverse("manage:service", args=[mail.pk])).content.decode()
    assert "400.00 EUR a month" in page
    assert "Resolved within 4 h of service hours" in page


def test_a_price_needs_a_currency(manage, mail, hours):
    response = manage.post(
        reverse("manage:level-add", args=[mail.pk]),
        {"name": "Priority", "hours": hours.pk, "price": "400", **rows()},
    )

    assert response.status_code == 422
    assert "In which currency" in response.content.decode()


def test_a_level_with_other_targets_leaves_running_clocks_alone(manage, mail, hours, una):
    ticket = make_ticket(una, mail, at=MONDAY)
    before = {clock.measure: clock.target_id for clock in ticket.clocks.all()}
    level = mail.levels.get()

    response = manage.post(
        reverse("manage:level", args=[mail.pk, level.pk]),
        {"hours": hours.pk, **rows({"measure": "first_response", "within": "1h"})},
        follow=True,
    )

    assert "running clocks keep theirs" in response.content.decode()
    assert [target.within for target in level.targets.filter(until=None)] == ["1h"]
    assert {clock.measure: clock.target_id for clock in ticket.clocks.all()} == before


def test_a_levels_form_shows_its_targets_and_two_empty_rows(manage, mail):
    page = manage.get(reverse("manage:level", args=[mail.pk, mail.levels.get().pk]))

    shown = [form["within"].value() for form in page.context["targets"]]
    assert shown == ["8h", "3d", None, None]


def test_script_in_every_field_is_shown_as_text(manage, mail, hours):
    change = {"name": SCRIPT, "description": SCRIPT, "hours": hours.pk, "is_open_to_reports": "on"}
    pages = [
        manage.post(ADD, {**typed(hours), **change, "hours": SCRIPT, "target-0-within": SCRIPT}),
        manage.post(reverse("manage:service", args=[mail.pk]), change, follow=True),
        manage.get("/manage/services/"),
        manage.get("/manage/hours/"),
        manage.get("/manage/"),
        manage.get(reverse("manage:level-add", args=[mail.pk])),
    ]

    for page in pages:
        assert SCRIPT not in page.content.decode()
    assert "&lt;script&gt;" in pages[2].content.decode()


def test_one_service_and_twenty_cost_the_same_number_of_queries(
    manage, mail, house, hours, django_assert_max_num_queries, django_assert_num_queries
):
    from tricorn.catalogue.verbs import Promise, add_service

    with django_assert_max_num_queries(25) as first:
        manage.get("/manage/services/")
    for n in range(20):
        add_service(
            by=COMMAND,
            at=LONG_AGO,
            name=f"Service {n}",
            provider=house.provider,
            hours=hours,
            promises=[Promise("resolution", "3d")],
        )

    with django_assert_num_queries(len(first)):
        manage.get("/manage/services/")
