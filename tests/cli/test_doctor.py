"""`tricorn doctor`: every finding says what is and what next."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.cast import NOON, make_ticket
from tricorn.cli import database
from tricorn.cli.doctor import doctor, examine
from tricorn.cli.worker import Worker
from tricorn.journal import triggers
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Delivery
from tricorn.mail.models import Letter
from tricorn.tickets.verbs import Came, add_mailbox, keep, note_fetched

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def findings(at=NOON):
    return {each.what: each for each in examine(at)}


def alive(home, at):
    Worker(home / "workers", clock=lambda: at).beat()


def test_with_a_worker_and_a_mail_server_all_is_well(house, home, settings):
    settings.PUBLIC_URL = "https://help.example"
    alive(home, NOON)

    found = findings()

    assert {each.how for each in found.values()} == {"good", "note"}
    assert [each.what for each in found.values() if each.how == "note"] == ["mail"]
    assert found["public address"].sentence == "https://help.example"


def test_as_json_it_is_one_object_and_without_a_worker_it_fails(house, home):
    answer = CliRunner().invoke(doctor, ["--json"])

    data = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert data["well"] is False
    assert {"what": "worker", "how": "bad"}.items() <= data["findings"][4].items()


def test_a_worker_that_went_silent_is_named(house, home):
    alive(home, NOON - timedelta(minutes=5))

    worker = findings()["worker"]

    assert worker.how == "bad"
    assert worker.sentence.startswith("last sign of life 300 s ago: it stopped.")


def test_a_broken_sign_of_life_is_no_worker(house, home):
    (home / "workers").mkdir()
    (home / "workers" / "x.json").write_text("{")

    assert findings()["worker"].how == "bad"


def test_what_was_given_up_and_refused_is_counted_with_the_last_reason(una, mail, home):
    make_ticket(una, mail)
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="failed", problem="NotSent: the line is cut")
    Letter.objects.create(
        line=delivery.line,
        kind="receipt",
        recipient="una@example.org",
        message_id="<1@x>",
        state="failed",
        problem="The mail server refused the address (550).",
        made_at=NOON,
    )

    found = findings()

    assert found["deliveries"].how == "bad"
    assert found["deliveries"].sentence == "1 given up; the last: NotSent: the line is cut"
    assert "(550)" in found["letters"].sentence


def test_a_mail_server_that_does_not_answer_is_bad(house, home, settings):
    settings.EMAIL_BACKEND = "tricorn.mail.outgoing.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert findings()["mail"].how == "bad"
    assert findings()["mail"].sentence.startswith("127.0.0.1:1 does not answer")


def test_missing_guards_are_named(house, home):
    with triggers.suspended(connection):
        guards = findings()["guards of the journal"]

    assert guards.how == "bad"
    assert "journal_line_no_update" in guards.sentence


def test_a_look_that_fails_is_a_finding_and_not_the_end(house, settings, tmp_path):
    settings.HOME = tmp_path / "nowhere"

    found = findings()

    assert found["disk"].how == "bad"
    assert "mail" in found


def test_it_leaves_no_table_behind(house, home):
    findings()

    assert "tricorn_doctor" not in connection.introspection.table_names()


def test_calendars_are_asked_for_this_year_and_the_next(house, home):
    sentence = findings(datetime(2026, 11, 21, tzinfo=UTC))["public holidays"].sentence

    assert "2026 to 2028" in sentence


def test_before_the_tables_are_there_only_the_waiting_migrations_are_named(home, monkeypatch):
    monkeypatch.setattr(database, "unapplied", lambda: ["journal.0001"])

    found = findings()

    assert found["migrations"].sentence.startswith("1 wait;")
    assert not {"deliveries", "public address"} & set(found)
    assert not [each for each in found.values() if "could not be looked at" in each.sentence]


def test_a_mailbox_that_is_not_reached_and_letters_that_wait_are_named(mail, home):
    box = add_mailbox(by=COMMAND, at=NOON, address="help@house.example", service=mail)
    note_fetched(box, at=NOON, problem="The server refuses this login and password.")
    keep([Came(b"From: x", box, NOON - timedelta(hours=1))])

    found = findings()

    assert found["mailbox"].how == found["letters that came"].how == "bad"
    assert "refuses this login" in found["mailbox"].sentence
