"""`tricorn roles` reads a list of cases and adds what every scheme calls each person."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tricorn.cli import main
from tricorn.engine.roles import SCHEMES

CASES = Path(__file__).parents[1] / "data" / "roles.json"


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["roles", *args])
    code = end.value.code
    assert isinstance(code, int)
    return code


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """Run, and return the one sentence of a refusal; nothing else may have been printed."""
    assert run(*args) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("tricorn: ")
    assert printed.err.count("\n") == 1
    return printed.err[len("tricorn: ") : -1]


def test_the_same_list_comes_back_with_the_names_under_every_scheme(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(str(CASES), "--json") == 0

    given = json.loads(CASES.read_text(encoding="utf-8"))
    answered = json.loads(capsys.readouterr().out)
    assert [case.pop("roles").keys() for case in answered] == [SCHEMES.keys()] * len(given)
    assert answered == given


def test_every_worked_example_is_named_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    run(str(CASES), "--json")

    for case in json.loads(capsys.readouterr().out):
        for scheme, names in case["expect"].items():
            assert case["roles"][scheme] == names, case["case"]


def test_people_get_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.json"
    file.write_text('[{"case": "Zoë at reception", "facts": {"used": true}}]', encoding="utf-8")

    assert run(str(file)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Zoë at reception"
    assert lines[1].split() == ["fm", "user"]
    assert len(lines) == 1 + len(SCHEMES)


def test_a_dash_is_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '\ufeff[{"facts": {"paid": true}, "note": "kept \\ud800"}]'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))

    assert run("-", "--json") == 0
    (case,) = json.loads(capsys.readouterr().out)
    assert case["note"] == "kept \ud800"
    assert case["roles"]["itil4"] == ["customer", "sponsor"]


def test_an_empty_list_has_an_empty_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none.json"
    file.write_text("[]", encoding="utf-8")

    assert run(str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            b'[{"case": "a", "facts": {}',
            "is not JSON: Expecting ',' delimiter at line 1, column 27.",
        ),
        (b'{"case": "a"}', "must hold a list of cases"),
        (b'[{"facts": {}}, 7]', "Case 2 must be an object"),
        (b'[{"case": "Cleo"}]', "Case 1 “Cleo”: there are no facts."),
        (b'[{"facts": {}}, {"case": "Cleo", "facts": {"sined": true}}]', "Case 2 “Cleo”: there is"),
        (b'[{"facts": {"days": "two"}}]', "Case 1: the fact “days” must be a whole number"),
        (b'[{"facts": []}]', "Case 1: facts must be an object"),
        (b'[{"facts": {"days": NaN}}]', "Case 1: the fact “days” must be a whole number"),
        (b'[{"facts": {"days": ' + b"9" * 5000 + b"}}]", "cannot be read as JSON"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'[{"case": "\xff"}]', "is not UTF-8 text (byte 11). Save it as UTF-8."),
        (b"", "is not JSON"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_nothing_half_printed(
    text: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.json"
    file.write_bytes(text)

    assert words in refused(capsys, str(file), "--json")


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "nowhere.json"

    sentence = refused(capsys, str(missing))
    assert sentence == f"Cannot read {missing}: No such file or directory. Check the path."


def test_no_database_and_no_web_framework_is_needed() -> None:
    asked = "import sys; from tricorn.cli.roles import roles; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
