"""`tricorn export` and `tricorn token`: as typed, with their answers."""

import json

import pytest
from click.testing import CliRunner

from tricorn.cli.export import export
from tricorn.cli.token import token
from tricorn.engine.errors import BadInput
from tricorn.parties.models import Token
from tricorn.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def run(command, *arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_everything_goes_into_a_folder_as_of_one_moment(mail, tmp_path):
    answer = run(export, tmp_path / "out", "--json")

    assert answer.exit_code == 0, answer.exception
    assert json.loads(answer.stdout)["missing_files"] == []
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {"parties.Person", "tickets.Ticket"} <= {each["table"] for each in manifest["tables"]}
    assert not Ticket.objects.exists(), "the connection still answers"


def test_a_format_that_is_none_is_refused(house, tmp_path):
    assert isinstance(run(export, tmp_path, "--format", "xml").exception, BadInput)


def test_a_token_is_made_listed_and_taken_back(una):
    given = ("--name", "Script", "--scope", "tickets:read", "--scope", "people:read")

    made = run(token, "add", "una@example.org", *given, "--json")

    assert made.exit_code == 0, made.exception
    told = json.loads(made.stdout)
    assert told["token"].startswith("tricorn_")
    listed = json.loads(run(token, "list", "--json").stdout)
    assert [each["scopes"] for each in listed] == [["tickets:read", "people:read"]]
    assert told["token"] not in run(token, "list").stdout
    assert run(token, "revoke", told["id"]).exit_code == 0
    assert run(token, "list").stdout == ""
    assert Token.objects.get().revoked_at


@pytest.mark.parametrize(
    "words", [("nobody@example.org", "tickets:read"), ("una@example.org", "everything")]
)
def test_a_token_for_nobody_or_for_nothing_is_refused(una, words):
    person, scope = words

    answer = run(token, "add", person, "--name", "Script", "--scope", scope)

    assert isinstance(answer.exception, BadInput)
    assert not Token.objects.exists()
