"""What a file may be called, how long it may be, and what it may not hold."""

import re

import pytest

from tests.house.ground import SOURCE, imported, name, project_files, source_files, texts

VAGUE = {"utils", "helpers", "common", "services", "managers", "signals", "misc"}
LINES = 400
# A file that is longer stands here with the reason why it is still one idea.
LONGER: dict[str, str] = {}
SIGNALS = re.compile(r"^django\.(db\.models\.signals|dispatch|core\.signals)\b")
# Built from pieces, so that this file does not find itself.
MACHINE = re.compile(
    "|".join(rf"(?<![\w.~:/])/{top}\b" for top in ("work", "root", "home", "farm"))
)
ADDRESS = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# Names of XML vocabularies look like addresses; nothing is fetched from them.
VOCABULARIES = ("http://www.w3.org/", "https://www.w3.org/")


def test_no_file_has_a_name_that_says_nothing():
    vague = [name(path) for path in project_files() if path.stem.lower() in VAGUE]

    assert vague == []


def test_no_file_outgrows_one_idea():
    long = {
        name(path): count
        for path in source_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES
    }

    assert {path: count for path, count in long.items() if path not in LONGER} == {}
    assert set(LONGER) <= set(long), "a file listed as long is long no more"


def test_nothing_travels_by_signals():
    listening = [
        (name(path), module)
        for path in source_files()
        for module in imported(path)
        if SIGNALS.match(module)
    ]

    assert listening == []


def test_migrations_import_none_of_our_code():
    importing = [
        (name(path), module)
        for path in SOURCE.glob("*/migrations/*.py")
        for module in imported(path)
        if module.split(".")[0] == "tricorn"
    ]

    assert importing == []


def test_migrations_have_names():
    unnamed = [name(p) for p in SOURCE.glob("*/migrations/*.py") if "_auto_" in p.stem]

    assert unnamed == []


def test_no_file_knows_the_machine_that_it_was_written_on():
    found = [
        f"{name(path)}:{number}: {line.strip()[:120]}"
        for path, text in texts()
        if path.suffix != ".lock"
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE.search(line)
    ]

    assert found == []


def test_pages_load_nothing_from_elsewhere():
    found = [
        f"{name(path)}: {address}"
        for path, text in texts(".html", ".css", ".js", ".svg")
        if path.is_relative_to(SOURCE)
        for address in ADDRESS.findall(text)
        if not (address + "/").startswith(VOCABULARIES)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("see " + "/ro" + "ot/.cache for it", True),
        ("open " + "/wo" + "rk/main", True),
        ("POST /manage/work/rooms", False),
        ("https://example.org/" + "home", False),
    ],
)
def test_the_search_for_machine_paths_finds_them(line, is_found):
    assert bool(MACHINE.search(line)) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ('<script src="//cdn.example.org/x.js">', True),
        ("@import url(https://fonts.example.com/a.css)", True),
        ("// a comment. And another", False),
        ('<script src="/static/tricorn.js">', False),
    ],
)
def test_the_search_for_foreign_addresses_finds_them(text, is_found):
    assert bool(ADDRESS.search(text)) is is_found
