"""`tricorn mail read`: what would be made of these letters."""

import json
from pathlib import Path

from click.testing import CliRunner

from tricorn.cli import tricorn

KEPT = Path(__file__).parents[1] / "data" / "mail"


def run(*arguments):
    return CliRunner().invoke(tricorn, ["mail", "read", *map(str, arguments)])


def test_each_file_of_a_folder_is_parsed_or_quarantined_with_its_reason():
    answer = run(KEPT / "talon", "--json")
    told = json.loads(answer.stdout)

    assert answer.exit_code == 0
    assert told["read"] == told["parsed"] + told["quarantined"] == len(told["files"])
    assert told["parsed"] == 13
    assert {row["state"] for row in told["files"]} == {"parsed", "quarantined"}
    assert all(row["reason"] for row in told["files"] if row["state"] == "quarantined")


def test_a_table_says_the_same_in_words(tmp_path):
    (tmp_path / "a.eml").write_text("From: una@example.org\nSubject: Printer\n\nHello")
    (tmp_path / "b.eml").write_text("Hello")

    answer = run(tmp_path)

    assert answer.exit_code == 0
    assert "Printer" in answer.stdout
    assert "2 files: 1 parsed, 1 quarantined" in answer.stdout


def test_a_file_that_is_not_there_is_wrong_use():
    assert run("nowhere.eml").exit_code == 2
