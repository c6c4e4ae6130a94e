"""`tricorn search rebuild` and what the doctor says of the index."""

import json

import pytest
from click.testing import CliRunner

from tests.cast import NOON, make_ticket
from tricorn.cli.doctor import examine
from tricorn.cli.search import fill_empty, search
from tricorn.search import reads, verbs
from tricorn.tickets.verbs import Report, report


@pytest.fixture
def shelf(db, una, cleo, mail):
    report(Report(service=mail, text="Slow spam", held_for="links"), by=una.actor, at=NOON)
    return [make_ticket(una, mail, text=f"Zebra {n}").pk for n in range(3)]


def health(tmp_path, settings):
    settings.HOME = tmp_path
    return {each.what: each for each in examine(NOON)}["search"]


def test_what_cannot_be_found_is_said_and_found_again_after_rebuilding(shelf, tmp_path, settings):
    assert health(tmp_path, settings).how == "good"
    verbs.forget("ticket", shelf[0])
    verbs.put("ticket", 999, title="Ghost", body="")
    verbs.forget("ticket", shelf[1])

    found = health(tmp_path, settings)
    assert (found.how, "ticket 2 of 3" in found.sentence) == ("bad", True)

    told = CliRunner().invoke(search, ["rebuild", "--json"])
    assert told.exit_code == 0
    assert json.loads(told.stdout)["ticket"] == 3
    assert sorted(reads.find("ticket", "zebra", most=9)) == shelf
    assert reads.find("ticket", "ghost", most=9) == []
    assert reads.find("ticket", "spam", most=9) == []
    assert reads.find("person", "una", most=9)
    assert health(tmp_path, settings).how == "good"


def test_an_index_that_is_empty_after_an_update_is_filled(shelf):
    verbs.forget_many("ticket", shelf)

    fill_empty()

    assert sorted(reads.find("ticket", "zebra", most=9)) == shelf


def test_a_kind_that_is_none_is_wrong_use(db):
    told = CliRunner().invoke(search, ["rebuild", "--kind", "planet"])

    assert told.exit_code == 2
    assert "A kind is one of" in told.output
