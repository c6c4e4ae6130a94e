"""`tricorn agreement`: what a text promises, in plain words; a signed one into force."""

import json

import pytest
from click.testing import CliRunner

from tests.cast import A7
from tricorn.agreements.models import Version
from tricorn.cli import tricorn
from tricorn.engine.errors import BadAgreement
from tricorn.journal.models import Line


def run(*arguments):
    return CliRunner().invoke(tricorn, ["agreement", *map(str, arguments)])


@pytest.fixture
def a7_file(tmp_path):
    path = tmp_path / "A-7.toml"
    path.write_text(A7, encoding="utf-8")
    return path


def test_check_says_what_is_promised_without_any_database(a7_file):
    answer = run("check", a7_file)

    assert answer.exit_code == 0
    assert answer.stdout.splitlines() == [
        "A-7, Mail for Finance: House IT serves Finance.",
        "For mail, from 4 May 2026.",
        "R1: for anything, a first answer within 1h of the hours “desk” (Europe/Berlin) after it "
        "was reported, in 95 of 100 cases, counted by the month.",
        "R2: for incident, it is resolved within 8h of the hours “desk” (Europe/Berlin) after it "
        "began, in 95 of 100 cases, counted by the month; it rests while the customer or supplier "
        "holds it up.",
        "Entitled: the organisation Finance and all below it.",
        "Price: 8240 EUR per month.",
        "Signed by clive@example.org (Head of Finance) on 4 May 2026.",
    ]


def test_check_as_json_reads_back_as_the_same_text(a7_file):
    data = json.loads(run("check", a7_file, "--json").stdout)

    assert data["agreement"]["ref"] == "A-7"
    assert len(data["hash"]) == 64


def test_a_text_that_nobody_signed_is_read_and_said_to_be_so(tmp_path):
    path = tmp_path / "draft.toml"
    path.write_text(A7.partition("[[signed]]")[0], encoding="utf-8")

    answer = run("check", path)

    assert answer.stdout.splitlines()[-1] == (
        "Nobody has signed it yet, so it cannot be put into force."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Cannot read"),
        (b"\xff\xfe\x00", "is not UTF-8 text (byte 0)"),
        (b"id,name\n1,Una\n", "is not TOML"),
        (b"x" * 1_100_000, "more than a megabyte"),
        (A7.replace('target = "8h"', 'target = "soon"').encode(), "clause R2, target"),
        (A7.replace("Europe/Berlin", "Europe/Atlantis").encode(), "Europe/Atlantis"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_with_its_place(tmp_path, content, sentence):
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)

    answer = run("check", path)

    assert answer.exit_code == 1
    assert sentence in str(answer.exception)
    assert "bad.toml" in str(answer.exception)


@pytest.mark.django_db
def test_activate_puts_it_into_force_once(a7_file, mail, clive):
    first = json.loads(run("activate", a7_file, "--json").stdout)
    second = json.loads(run("activate", a7_file, "--json").stdout)

    assert first == {
        "ref": "A-7",
        "version": 1,
        "from": "2026-05-04T00:00:00+02:00",
        "to": None,
        "hash": Version.objects.get().hash,
        "clauses": 2,
        "is_new": True,
        "dry_run": False,
    }
    assert second["is_new"] is False
    assert Line.objects.filter(kind="agreement.activated").count() == 1
    assert run("activate", a7_file).stdout == "A-7 version 1 says exactly this already.\n"


@pytest.mark.django_db
def test_a_dry_run_says_what_would_be_and_writes_nothing(a7_file, mail, clive):
    answer = run("activate", a7_file, "--dry-run")

    assert answer.stdout == "A-7 version 1 would be in force from 4 May 2026.\n"
    assert not Version.objects.exists()
    assert not Line.objects.filter(kind="agreement.activated").exists()


@pytest.mark.django_db
def test_names_that_are_not_known_are_all_listed_and_nothing_is_written(a7_file, house):
    answer = run("activate", a7_file)

    assert isinstance(answer.exception, BadAgreement)
    for name in ("'Finance'", "'mail'", "'clive@example.org'"):
        assert name in str(answer.exception)
    assert not Version.objects.exists()
