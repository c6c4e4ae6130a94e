"""Who letters come from: the service, else the house, else the machine's setting."""

import pytest

from tests.cast import MONDAY, NOON, make_ticket
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Line
from tricorn.mail.models import Identity
from tricorn.mail.verbs import Given, drop_identity, send_code, set_identity

pytestmark = pytest.mark.django_db
HOUSE = Given("The Hoúse, IT", "it@house.example")
MAIL = Given("Mail desk", "mail@house.example", "The mail desk\nRoom 12")


def test_a_service_speaks_under_its_own_name_and_the_rest_under_the_houses(
    una, mail, mo, post_office
):
    set_identity(None, HOUSE, by=mo.actor, at=MONDAY)
    set_identity(mail, MAIL, by=mo.actor, at=MONDAY)
    make_ticket(una, mail)
    send_code("una@example.org", "K7QF-22", at=NOON)

    run_once(lambda: NOON)

    of_mail, of_house = post_office.letters
    assert of_mail["From"] == "Mail desk <mail@house.example>"
    assert of_mail.text.endswith("\n\nThe mail desk\nRoom 12\n")
    assert of_house["From"].addresses[0].display_name == "The Hoúse, IT"
    assert of_house["From"].addresses[0].addr_spec == "it@house.example"


def test_setting_the_same_twice_is_once_and_removing_goes_back(una, mail, mo, post_office):
    for _ in range(2):
        set_identity(mail, MAIL, by=mo.actor, at=MONDAY)
    drop_identity(mail, by=mo.actor, at=MONDAY)
    drop_identity(mail, by=mo.actor, at=MONDAY)
    make_ticket(una, mail)

    run_once(lambda: NOON)

    assert post_office.letters[0]["From"] == "House IT <desk@house.example>"
    kinds = [line.kind for line in Line.objects.filter(subject="identity").order_by("id")]
    assert kinds == ["identity.set", "identity.removed"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given("", "a@b.example"), "name"),
        (Given("x" * 81, "a@b.example"), "name"),
        (Given("x", "nowhere"), "address"),
        (Given("x", "a@b.example\nBcc: c@d.example"), "address"),
        (Given("x", "a@b.example", "x" * 1001), "signature"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(house, given, field):
    with pytest.raises(BadInput) as refusal:
        set_identity(None, given, by=COMMAND, at=NOON)

    assert refusal.value.facts["field"] == field
    assert not Identity.objects.exists()


def test_a_name_with_a_line_end_adds_no_header(una, mail, mo, post_office):
    set_identity(
        None, Given("IT\r\nBcc: all@example.org", "it@house.example"), by=mo.actor, at=MONDAY
    )
    make_ticket(una, mail)

    run_once(lambda: NOON)

    assert post_office.letters[0]["Bcc"] is None
    assert post_office.recipients == ["una@example.org"]
