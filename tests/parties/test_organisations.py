"""Organisations are a tree with one name each; places have an address of their own."""

import pytest

from tests.cast import NOON
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import House, Organisation, Place
from tricorn.parties.verbs import (
    add_organisation,
    add_place,
    change_house,
    change_place,
    furnish,
    rename_organisation,
)

WHO = {"by": COMMAND, "at": NOON}


def refused(said: str, verb, *args, **kwargs) -> None:
    models = (Organisation, Place, House, Line)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(BadInput) as refusal:
        verb(*args, **kwargs, **WHO)
    assert said in str(refusal.value)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_an_organisation_knows_everything_above_it(finance):
    payroll = add_organisation(name="Payroll", parent=finance, **WHO)
    night = add_organisation(name="Payroll at night", parent=payroll, **WHO)

    assert night.above == [finance.pk, payroll.pk, night.pk]
    below = Organisation.objects.filter(path__startswith=finance.path)
    assert set(below) == {finance, payroll, night}


def test_number_one_is_not_above_number_eleven(house):
    made = [add_organisation(name=f"No. {n}", **WHO) for n in range(12)]

    for each in made:
        assert list(Organisation.objects.filter(path__startswith=each.path)) == [each]


def test_a_name_is_given_once_in_any_case(finance):
    refused("There is an organisation called FINANCE already.", add_organisation, name="FINANCE")
    sales = add_organisation(name="Sales", **WHO)
    refused("called finance already", rename_organisation, sales, name=" finance ")


def test_a_new_name_moves_nobody(finance, cleo):
    renamed = rename_organisation(finance, name="Money", **WHO)

    assert (renamed.path, cleo.memberships.get().organisation) == (finance.path, renamed)


def test_a_tree_has_an_end(finance):
    deepest = finance
    Organisation.objects.filter(pk=finance.pk).update(path=f"/{'1' * 497}/")
    deepest.refresh_from_db()

    refused(
        "Finance lies too deep to hold another one.", add_organisation, name="X", parent=deepest
    )


def test_a_place_has_an_address_that_nobody_else_has(reception):
    assert reception.slug == "reception"
    refused("The address /at/reception/ belongs to another", add_place, name="R", slug="Reception")
    refused("Give the place a short address of letters", add_place, name="電梯")
    assert add_place(name="電梯", slug="lift-b", **WHO).slug == "lift-b"
    assert add_place(name="<script>Lift</script> C", **WHO).slug == "scriptliftscript-c"


def test_a_place_does_not_lie_within_itself(reception):
    desk = add_place(name="Front desk", within=reception, **WHO)

    for inner in (reception, desk):
        refused("cannot lie within itself", change_place, reception, name="R", within=inner)


def test_a_house_is_furnished_once(house):
    refused("furnished already", furnish, provider="Other", sector="it", zone="UTC")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zone": "Mars/Olympus"}, "There is no time zone"),
        ({"scheme": "marketing"}, "There is no naming scheme"),
        ({"fewest": 2}, "never below three"),
        ({"fewest": 70_000}, "or above 1,000"),
        ({"danger_number": "5" * 41}, "at most 40 fit"),
        ({"public_url": "javascript:alert(1)"}, "is not a public address"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(house, changes, said):
    refused(said, change_house, changes=changes)


def test_a_house_in_no_zone_is_not_furnished(db):
    refused("There is no time zone", furnish, provider="X", sector="it", zone="Nowhere")
    refused("Choose what you run", furnish, provider="X", sector="ship", zone="UTC")
