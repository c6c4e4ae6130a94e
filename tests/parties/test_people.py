"""Adding and changing people: one address is one person, names are one line."""

import pytest

from tests.cast import LONG_AGO, NOON, somebody
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Membership, Organisation, Person
from tricorn.parties.verbs import add_person, change_own, change_person, join, leave

WHO = {"by": COMMAND, "at": NOON}


def everything() -> list:
    models = (Person, Organisation, Membership, Line)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(said: str, verb, *args, **kwargs) -> None:
    before = everything()
    with pytest.raises(BadInput) as refusal:
        verb(*args, **kwargs, **WHO)
    assert said in str(refusal.value)
    assert everything() == before


def test_a_person_is_added_with_one_line_that_does_not_name_them(house):
    person = add_person(name="  Ada\tLovelace \n", email=" ada@example.org ", **WHO)

    assert (person.name, person.email) == ("Ada Lovelace", "ada@example.org")
    assert not person.has_usable_password()
    line = Line.objects.last()
    assert (line.kind, line.subject_id, line.data) == ("person.added", person.pk, {})


@pytest.mark.parametrize("email", ["una@example.org", "UNA@Example.ORG", " una@example.org\n"])
def test_an_address_belongs_to_one_person_in_any_case(una, sam, email):
    refused("is known already", add_person, name="Una", email=email)
    refused("Somebody else has the address", change_person, sam, email=email)


def test_ones_own_address_may_be_written_in_another_case(una):
    changed = change_person(una, email="Una@Example.org", **WHO)

    assert changed.email == "Una@Example.org"


def test_many_people_have_no_address(house):
    first, second = (add_person(name="Nobody", email="", **WHO) for _ in range(2))

    assert (first.email, second.email) == (None, None)


@pytest.mark.parametrize(
    "email",
    ["una", "una@", "@example.org", "una@example", "u na@example.org", "una@example.org\0",
     "una@example.org\nBcc: all@example.org", "u@" + "e" * 60 + ".example" * 30],
)  # fmt: skip
def test_what_is_no_address_is_refused(house, email):
    refused(
        "is not a mail address. It reads like name@example.org.", add_person, name="U", email=email
    )


@pytest.mark.parametrize("name", ["", "  ", "\0", "\u200b", "\u202e", "\u200d", "\ud800", "\n\t"])
def test_a_name_that_nobody_can_read_is_empty(house, name):
    refused("The name is empty. Write it down.", add_person, name=name)


def test_a_name_of_two_hundred_characters_fits_and_one_more_does_not(house):
    assert len(add_person(name="n" * 200, **WHO).name) == 200
    refused("has 201 characters; at most 200 fit.", add_person, name="n" * 201)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("José 👩‍💻", "José 👩‍💻"),
        ("می‌خواهم", "می‌خواهم"),
        ("\u202eאבג", "אבג"),
        ("A\0B\x1b[31mC\u2028D", "AB[31mC D"),
        ("<b>Una</b>", "<b>Una</b>"),
    ],
)
def test_a_name_is_kept_as_it_reads(house, name, kept):
    assert add_person(name=name, **WHO).name == kept


def test_an_unknown_zone_is_refused(una):
    refused("There is no time zone 'Mars/Olympus'.", add_person, name="Una", zone="Mars/Olympus")
    refused("There is no time zone", change_own, una, name="Una", zone="../../etc/passwd")


def test_nothing_changed_leaves_no_line(una):
    before = everything()

    change_person(una, name="Una", email="una@example.org", is_active=True, **WHO)

    assert everything() == before


def test_joining_twice_is_once(cleo, finance):
    before = everything()

    join(cleo, finance, **WHO)

    assert everything() == before


def test_one_leaves_once_and_may_come_back(cleo, finance):
    leave(cleo.memberships.get(), **WHO)

    refused("Cleo left Finance already.", leave, cleo.memberships.get())
    again = join(cleo, finance, by=COMMAND, at=NOON)
    assert again.since == NOON
    assert cleo.memberships.at(NOON).get() == again


def test_one_does_not_leave_before_one_has_joined(house, finance):
    person = somebody("Ben")
    member = join(person, finance, since=NOON, by=COMMAND, at=LONG_AGO)

    refused("Ben has only just joined Finance, or will do so later.", leave, member)


def test_one_does_not_join_again_on_a_day_before_one_left(cleo, finance):
    leave(cleo.memberships.get(), **WHO)

    refused("Cleo was in Finance on that day already", join, cleo, finance, since=LONG_AGO)
