"""Changing people, organisations, places and the house: written once, with a line each."""

import pytest

from tests.cast import LONG_AGO, MONDAY, NOON
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties import verbs
from tricorn.parties.models import House


def last_line(subject, row):
    return Line.objects.about(subject, row.pk).last()


def test_a_first_password_is_kept_as_a_hash_and_the_journal_says_when(una, mo):
    verbs.set_password(una, "correct horse battery", by=mo.actor, at=NOON)

    una.refresh_from_db()
    line = last_line("person", una)
    assert una.check_password("correct horse battery")
    assert (line.kind, line.at, line.actor, line.data) == (
        "person.password_set",
        NOON,
        mo.actor,
        {},
    )


def test_a_password_that_is_there_is_not_replaced(una):
    verbs.set_password(una, "correct horse battery", by=COMMAND, at=MONDAY)
    lines = Line.objects.count()

    with pytest.raises(BadInput, match="has a password already"):
        verbs.set_password(una, "another horse battery", by=COMMAND, at=NOON)

    una.refresh_from_db()
    assert una.check_password("correct horse battery")
    assert Line.objects.count() == lines


def test_who_has_no_address_gets_no_password(house):
    nobody = verbs.add_person(by=COMMAND, at=LONG_AGO, name="Nobody")

    with pytest.raises(BadInput, match="no mail address"):
        verbs.set_password(nobody, "correct horse battery", by=COMMAND, at=NOON)


def test_taking_a_password_away_twice_is_refused(una):
    verbs.set_password(una, "correct horse battery", by=COMMAND, at=MONDAY)
    verbs.remove_password(una, by=COMMAND, at=NOON)

    with pytest.raises(BadInput, match="sign in by code already"):
        verbs.remove_password(una, by=COMMAND, at=NOON)


def test_a_renamed_organisation_keeps_its_members_and_its_place_in_the_tree(finance, cleo):
    path = finance.path

    verbs.rename_organisation(finance, by=COMMAND, at=NOON, name="  Treasury\n")

    finance.refresh_from_db()
    assert (finance.name, finance.path) == ("Treasury", path)
    assert cleo.memberships.get().organisation == finance
    assert last_line("organisation", finance).kind == "organisation.renamed"


def test_a_place_is_changed_and_keeps_its_address(reception, finance):
    verbs.change_place(
        reception, by=COMMAND, at=NOON, name="Lobby", organisation=finance, is_open_to_reports=False
    )

    reception.refresh_from_db()
    assert (reception.name, reception.slug) == ("Lobby", "reception")
    assert (reception.organisation, reception.is_open_to_reports) == (finance, False)
    assert last_line("place", reception).kind == "place.changed"


def test_a_place_never_lies_within_itself(reception):
    inner = verbs.add_place(by=COMMAND, at=LONG_AGO, name="Desk", within=reception)
    innermost = verbs.add_place(by=COMMAND, at=LONG_AGO, name="Bell", within=inner)

    for within in (reception, inner, innermost):
        with pytest.raises(BadInput, match="cannot lie within itself"):
            verbs.change_place(reception, by=COMMAND, at=NOON, name="R", within=within)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://help.example.org/", "https://help.example.org"),
        ("http://10.0.0.5:8000", "http://10.0.0.5:8000"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_public_address_is_kept_without_a_trailing_slash(house, address, kept):
    verbs.change_house(by=COMMAND, at=NOON, changes={"public_url": address})

    assert House.objects.get().public_url == kept


def test_own_words_for_roles_that_do_not_exist_are_refused(house):
    for labels in ({"fm": {"king": "Queen"}}, {"mine": {"client": "Boss"}}):
        with pytest.raises(BadInput, match="has no role"):
            verbs.change_house(by=COMMAND, at=NOON, changes={"labels": labels})
