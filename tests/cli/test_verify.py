"""`tricorn verify`: says yes with a head to keep, or no with every reason."""

import json

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.cast import NOON, make_ticket
from tricorn.cli.verify import verify
from tricorn.journal import triggers
from tricorn.journal.models import Line
from tricorn.journal.sealing import head, seal
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments):
    return CliRunner().invoke(verify, arguments)


def test_a_journal_that_holds_prints_its_head(una, mail):
    make_ticket(una, mail)
    while seal(at=NOON):
        pass

    answer = run("--json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {
        "holds": True,
        "seals": 1,
        "sealed_lines": Line.objects.count(),
        "lines_not_sealed_yet": 0,
        "head": head(),
        "problems": [],
    }
    assert run("--head", head().upper()).exit_code == 0


def test_for_people_it_is_a_few_lines(house):
    answer = run()

    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0].split() == ["holds", "yes"]


def test_a_head_from_elsewhere_fails_with_one_sentence(house):
    answer = run("--head", "abc")

    assert answer.exit_code == 1
    assert "The head abc is not part of this chain" in answer.stderr


def test_a_changed_line_fails(una, mail):
    make_ticket(una, mail)
    while seal(at=NOON):
        pass
    with triggers.suspended(connection):
        Line.objects.filter(kind="ticket.reported").update(by_id=99)

    answer = run("--json")

    assert answer.exit_code == 1
    assert "was changed" in json.loads(answer.stdout)["problems"][0]


def test_missing_guards_are_named_and_not_put_back_in_passing(house):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER journal_line_no_update ON journal_line")
        else:
            cursor.execute("DROP TRIGGER journal_line_no_update")
    try:
        answer = run()

        assert answer.exit_code == 1
        assert "journal_line_no_update" in answer.stderr
        assert triggers.missing(connection) == ["journal_line_no_update"]
    finally:
        triggers.install(connection)


def test_a_message_that_says_something_else_now_is_found(una, mail, desi):
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=desi.actor, at=NOON, text="You pay nothing.")
    Message.objects.filter(text="You pay nothing.").update(text="You pay everything.")

    answer = run("--json")

    number = Message.objects.get(text="You pay everything.").pk
    assert json.loads(answer.stdout)["problems"] == [
        f"The text of message {number} on {ticket.ref} is not what the journal saw."
    ]


def test_an_erased_text_is_no_problem(una, mail):
    make_ticket(una, mail)
    Message.objects.update(text="", key=b"")

    assert run().exit_code == 0


def test_a_signed_text_that_was_changed_is_found(a7):
    table = type(a7)._meta.db_table
    with triggers.suspended(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET text = replace(text, '8h', '80h')")

    answer = run()

    assert answer.exit_code == 1
    assert "The signed text of A-7 v1 is not what was signed." in answer.stderr
