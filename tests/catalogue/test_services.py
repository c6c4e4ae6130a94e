"""Services, levels and hours: named once, checked before they are stored, changed for the future."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.cast import BUSINESS, LONG_AGO, MONDAY, NOON
from tricorn.catalogue.models import Level, Service, ServiceHours, Target
from tricorn.catalogue.verbs import (
    Promise,
    add_hours,
    add_level,
    add_service,
    change_hours,
    change_level,
    change_service,
    promises_of,
)
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line

WHO = {"by": COMMAND, "at": NOON}
ALWAYS = {"zone": "UTC", "weekly": {"mon": ["00:00-24:00"]}}


def refused(said: str, verb, *args, **kwargs) -> None:
    models = (Service, Level, ServiceHours, Target, Line)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(BadInput) as refusal:
        verb(*args, **kwargs, **WHO)
    assert said in str(refusal.value)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_a_service_has_a_standard_level_with_what_the_house_promises(mail):
    level = mail.levels.get()

    assert (level.name, level.is_default) == ("Standard", True)
    assert [each.within for each in promises_of(level, MONDAY)] == ["8h", "3d"]


def test_a_name_is_given_once_in_any_case(mail, hours, house):
    refused(
        "There is a service called MAIL already.",
        add_service,
        name=" MAIL",
        provider=house.provider,
        hours=hours,
    )
    refused("called business days 8 to 20 already", add_hours, name=hours.name.lower(), spec=ALWAYS)
    refused("has a level called standard already", add_level, mail, name="standard", hours=hours)


@pytest.mark.parametrize("name", ["", "\0", "n" * 121])
def test_a_name_that_cannot_be_is_refused(house, hours, name):
    refused("name of the service", add_service, name=name, provider=house.provider, hours=hours)
    refused("name of the hours", add_hours, name=name, spec=ALWAYS)


def test_services_with_names_beyond_letters_have_addresses_of_their_own(house, hours):
    made = [
        add_service(name=name, provider=house.provider, hours=hours, **WHO)
        for name in ("電梯", "🛗", "Lift!", "Lift?", "L" * 120, "L" * 119)
    ]

    slugs = {service.slug for service in made}
    assert len(slugs) == 6
    assert all(0 < len(slug) <= 60 for slug in slugs)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"zone": "Mars/Olympus", "weekly": {}}, "Mars/Olympus"),
        ({"zone": "UTC", "weekly": {"mon": ["08:00-12:00", "11:00-13:00"]}}, "weekly.mon"),
        ({"zone": "UTC", "weekly": {"mon": ["8-12"]}}, "weekly.mon[0]"),
        ({"zone": "UTC"}, "weekly"),
        ({}, "zone"),
        ({**ALWAYS, "closed": [{"on": "2026-02-29"}]}, "closed[0].on"),
        ({**ALWAYS, "closed": [{"on": "2026-02-28", "name": "\0"}]}, "closed[0].name"),
    ],
)
def test_hours_that_contradict_themselves_are_refused_with_the_place(house, hours, spec, said):
    refused(said, add_hours, name="Night", spec=spec)
    refused(said, change_hours, hours, name=hours.name, spec=spec)


def test_the_29th_of_february_is_a_day_in_its_year(house):
    made = add_hours(name="Leap", spec={**ALWAYS, "closed": [{"on": "2028-02-29"}]}, **WHO)

    assert made.spec["closed"] == [{"on": "2028-02-29"}]


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        (Promise("answer", "8h"), "A target is one of closing, first_response, resolution"),
        (Promise("resolution", "soon"), '"soon" is not a target'),
        (Promise("resolution", ""), "is not a target"),
        (Promise("resolution", "8h", kinds=["order"]), "There is no kind of ticket 'order'."),
        (Promise("resolution", "8h", priorities=["P1"]), "There is no priority 'P1'."),
        (Promise("resolution", "8h", stopped_by=["rain"]), "There is no holder 'rain'."),
    ],
)
def test_a_promise_that_no_clock_can_keep_is_refused(mail, hours, promise, said):
    refused(said, add_level, mail, name="Gold", hours=hours, promises=[promise])
    refused(said, change_level, mail.levels.get(), hours=hours, promises=[promise])


def test_a_target_is_kept_in_one_spelling(mail, hours):
    promise = Promise("resolution", " 000000001H 000000090M 000000000S ")

    level = add_level(mail, name="Gold", hours=hours, promises=[promise], **WHO)

    assert level.targets.get().within == "2h30m"


@pytest.mark.parametrize("price", [Decimal(-1), Decimal(10) ** 10, Decimal("NaN")])
def test_a_price_that_nobody_pays_is_refused(mail, hours, price):
    refused("The price is an amount", add_level, mail, name="Gold", hours=hours, price=price)


def test_there_is_one_standard_level(mail, hours):
    refused(
        "has a standard level already", add_level, mail, name="Gold", hours=hours, is_default=True
    )


def test_another_promise_holds_from_its_moment_and_the_old_one_until_then(mail):
    level = mail.levels.get()

    change_level(level, hours=level.hours, promises=[Promise("resolution", "1d")], **WHO)

    before, after = NOON - timedelta(seconds=1), NOON
    assert [each.within for each in promises_of(level, before)] == ["8h", "3d"]
    assert [each.within for each in promises_of(level, after)] == ["1d"]


def test_other_hours_hold_from_their_moment_and_the_old_ones_until_then(mail, hours):
    change_hours(hours, name="Round the clock", spec=ALWAYS, **WHO)

    level = mail.levels.get()
    assert [target.spec for target in level.targets.at(LONG_AGO)] == [BUSINESS] * 2
    assert [target.spec for target in level.targets.at(NOON)] == [ALWAYS] * 2


def test_a_service_keeps_its_address_when_it_is_renamed(mail, hours):
    changed = change_service(
        mail, name="Post", description="Letters", hours=hours, places=[], is_retired=True, **WHO
    )

    assert (changed.name, changed.slug, changed.is_retired) == ("Post", "mail", True)
