"""What README.md shows on the command line runs as it is written there."""

import pytest
from click.testing import CliRunner

from tests.house.ground import ROOT
from tests.house.test_docs import commands_in
from tricorn.cli import tricorn

# The import of the log is run by test_import.py, the replay by its journey.
SHOWN = [
    words[1:]
    for words in commands_in((ROOT / "README.md").read_text(encoding="utf-8"))
    if words[0] == "./tricorn" and "servicenow" not in words
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_it_does_what_it_says(words, monkeypatch):
    monkeypatch.chdir(ROOT)

    result = CliRunner().invoke(tricorn, words)

    assert result.exit_code == 0, result.output
    assert "Would bring 4 new tickets" in result.output or ",2025-12-" in result.output


def test_there_is_something_to_run():
    assert [words[0] for words in SHOWN] == ["import", "hours"]
