"""`tricorn agreement`: what a text promises, in plain words; a signed one into force."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.cast import A7
from tricorn.agreements.models import Version
from tricorn.cli import tricorn
from tricorn.engine.errors import BadAgreement
from tricorn.journal import triggers
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
        "R1: Every matter is first answered within 1 h of service hours, counted from when it was "
        "reported. That is promised for 95 % of them each month.",
        "R2: Every incident is resolved within 8 h of service hours, counted from when it began. "
        "That is promised for 95 % of them each month. Time spent waiting for the person asking or "
        "the supplier does not count.",
        "Service hours “desk”: Monday 08:00-20:00; Tuesday 08:00-20:00; Wednesday 08:00-20:00; "
        "Thursday 08:00-20:00; Friday 08:00-20:00; Saturday closed; Sunday closed. "
        "Times in Europe/Berlin.",
        "Covered: everybody in Finance and what is below it; Finance pays.",
        "Price: 8,240 EUR a month.",
        "Signed by clive@example.org, Head of Finance, on 4 May 2026.",
    ]


def test_check_as_json_reads_back_as_the_same_text(a7_file):
    data = json.loads(run("check", a7_file, "--json").stdout)

    assert data["agreement"]["ref"] == "A-7"
    assert len(data["hash"]) == 64
    assert (data["proved"], data["differs"]) == (None, [])


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
        (b"%PDF-1.7\n\xe2\xe3", "is a PDF, which is for reading. Name the .toml or .json"),
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


def later(**changes):
    text = A7.replace("from = 2026-05-04", "from = 2126-11-01", 1)
    for old, new in changes.items():
        text = text.replace(f'{old} = "8h"', f'{old} = "{new}"')
    return text


def activated(text, tmp_path):
    path = tmp_path / "new.toml"
    path.write_text(text, encoding="utf-8")
    assert run("activate", path).exit_code == 0


@pytest.mark.django_db
def test_show_says_every_version_with_clauses_signatures_period_and_state(a7, tmp_path):
    activated(later(target="4h"), tmp_path)

    data = json.loads(run("show", "a-7", "--json").stdout)

    assert (data["ref"], data["client"], data["provider"]) == ("A-7", "Finance", "House IT")
    first, second = data["versions"]
    assert [first["state"], second["state"]] == ["in_force", "begins_later"]
    assert first["hash"] == a7.hash
    assert first["period"] == {"from": "2026-05-03T22:00:00+00:00", "to": None}
    assert first["signatures"] == [
        {"by": "Clive", "capacity": "Head of Finance", "on": "2026-05-04"}
    ]
    assert first["clauses"][1] == {
        "id": "R2",
        "kinds": ["incident"],
        "priorities": [],
        "start": "began",
        "stop": "resolved",
        "hours": "desk",
        "target": "8h",
        "share": "0.95",
        "per": "month",
        "stopped_by": ["customer", "supplier"],
    }
    assert second["clauses"][1]["target"] == "4h"
    people = run("show", "A-7").stdout
    assert "Version 1, in force: Mail for Finance" in people
    assert "within 4 h of service hours" in people


MORE = """
[[availability]]
id = "V1"
hours = "desk"
share = "99.5 %"

[[workload]]
id = "W1"
at_most = 200

[[exception]]
id = "X1"
words = "Planned work"

[[credit]]
clause = "R2"
percent = 5

[review]
per = "quarter"
"""


@pytest.mark.django_db
def test_show_says_what_a_version_says_beyond_its_clauses(a7, tmp_path):
    text = later().replace("2126-11-01", '2126-11-01\nnotice = "3 months"') + MORE
    signed = 'capacity = "Head of Finance"'
    activated(text.replace(signed, f'{signed}\nmethod = "paper"'), tmp_path)

    first, second = json.loads(run("show", "A-7", "--json").stdout)["versions"]

    assert second["availability"] == [
        {"id": "V1", "services": ["mail"], "hours": "desk", "share": "0.995", "per": "month"}
    ]
    assert second["workloads"] == [
        {
            "id": "W1",
            "services": ["mail"],
            "kinds": [],
            "priorities": [],
            "at_most": 200,
            "per": "month",
        }
    ]
    assert second["exceptions"] == [{"id": "X1", "words": "Planned work"}]
    assert second["credits"] == [{"clause": "R2", "below": "0.95", "percent": "5", "amount": None}]
    assert second["prices"] == [
        {"amount": "8240", "currency": "EUR", "per": "month", "basis": "flat"}
    ]
    assert second["review"] == {"per": "quarter", "within": "14 days"}
    assert (second["kind"], second["running"]) == ("full", "stay")
    assert (second["notice"], second["renews"]) == ("3 months", None)
    assert second["signatures"][0]["method"] == "paper"
    assert (first["availability"], first["review"], first["notice"]) == ([], None, None)
    people = run("show", "A-7").stdout
    assert "  How available, V1: Available 99.5 % of service hours a month.\n" in people
    assert "  Reviewed every quarter, within 14 days.\n" in people


@pytest.mark.django_db
def test_show_still_says_what_it_can_of_a_text_that_was_changed(a7):
    with triggers.suspended(connection):
        Version.objects.update(text="{")

    version = json.loads(run("show", "A-7", "--json").stdout)["versions"][0]

    assert version["availability"] is None
    assert version["clauses"][1]["target"] == "8h"


@pytest.mark.django_db
def test_a_version_that_a_newer_one_follows_is_superseded_and_one_that_ended_expired(a7, tmp_path):
    activated(A7.replace("from = 2026-05-04", "from = 2026-05-05\nto = 2026-05-06"), tmp_path)

    data = json.loads(run("show", "A-7", "--json").stdout)

    assert [each["state"] for each in data["versions"]] == ["superseded", "expired"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "A-8"], "There is no agreement A-8. Did you mean A-7?"),
        (["show", "quite another"], "There is: A-7."),
        (["export", "A-7", "--to", "x", "--version", "9"], "A-7 has no version 9. There is: 1."),
        (["diff", "A-7", "--from", "1", "--to", "2"], "A-7 has no version 2. There is: 1."),
    ],
)
def test_what_is_not_there_is_one_sentence_with_what_is(a7, arguments, sentence):
    answer = run(*arguments)

    assert answer.exit_code == 1
    assert sentence in str(answer.exception)


@pytest.mark.django_db
def test_export_writes_three_files_and_each_text_is_proved(a7, tmp_path):
    answer = run("export", "A-7", "--to", tmp_path / "both" / "sides")

    names = ["A-7-v1.json", "A-7-v1.pdf", "A-7-v1.toml"]
    assert sorted(path.name for path in (tmp_path / "both" / "sides").iterdir()) == names
    assert len(answer.stdout.splitlines()) == 3
    for ending in ("json", "toml"):
        proved = run("check", tmp_path / "both" / "sides" / f"A-7-v1.{ending}")
        assert proved.exit_code == 0
        assert a7.hash in proved.stdout.splitlines()[-1]
    data = json.loads((tmp_path / "both" / "sides" / "A-7-v1.json").read_text())
    assert data["agreement"]["agreement"]["ref"] == "A-7"
    assert (data["hash"], data["version"], data["journal_head"]) == (a7.hash, 1, "")
    assert data["signatures"][0]["name"] == "Clive"


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["toml", "json"])
def test_check_names_the_field_that_was_changed_and_activate_refuses_it(a7, tmp_path, ending):
    run("export", "A-7", "--to", tmp_path)
    path = tmp_path / f"A-7-v1.{ending}"
    text = path.read_text(encoding="utf-8")
    old, new = ('"target": "8h"', '"target": "80h"') if ending == "json" else ('"8h"', '"80h"')
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    answer, data = run("check", path), json.loads(run("check", path, "--json").stdout)

    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[-1] == (
        "CHANGED clause R2, target since it was signed. Clause R2, target: was 8 h of service "
        "hours, is 80 h of service hours."
    )
    assert data["proved"] is False
    assert data["differs"] == [
        {"part": "clause", "item": "R2", "field": "target", "before": "8h", "after": "80h"}
    ]
    assert "is not what its hash stands for" in str(run("activate", path).exception)


@pytest.mark.django_db
def test_nothing_is_exported_where_it_cannot_be_written(a7, tmp_path):
    (tmp_path / "file").write_text("")

    answer = run("export", "A-7", "--to", tmp_path / "file")

    assert answer.exit_code == 1
    assert "Cannot write" in str(answer.exception)


def test_check_against_another_copy_names_what_differs(a7_file, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(later(target="4h"), encoding="utf-8")

    answer = run("check", a7_file, "--against", other)

    assert answer.exit_code == 1
    assert "DIFFERS agreement, from" in answer.stdout
    assert "DIFFERS clause R2, target" in answer.stdout
    assert run("check", a7_file, "--against", a7_file).exit_code == 0


def test_diff_of_two_files_reads_clause_by_clause(a7_file, tmp_path):
    other = tmp_path / "other.toml"
    text = later(target="4h").replace('id = "R1"', 'id = "R0"').replace("share = 0.95\n", "", 1)
    other.write_text(text, encoding="utf-8")

    answer = run("diff", a7_file, other)
    data = json.loads(run("diff", a7_file, other, "--json").stdout)

    assert answer.exit_code == 0
    assert answer.stdout.splitlines() == [
        "The agreement, from: was 4 May 2026, is 1 November 2126.",
        "Clause R1 is gone: Every matter is first answered within 1 h of service hours, counted "
        "from when it was reported. That is promised for 95 % of them each month.",
        "Clause R2, target: was 8 h of service hours, is 4 h of service hours.",
        "Clause R0 is new: Every matter is first answered within 1 h of service hours, counted "
        "from when it was reported.",
    ]
    assert data["same"] is False
    assert [each["field"] for each in data["changes"]] == ["from", "", "target", ""]
    assert [each["words"] for each in data["changes"]] == answer.stdout.splitlines()
    assert run("diff", a7_file, a7_file).stdout == "Both say the same.\n"


@pytest.mark.django_db
def test_diff_of_two_versions(a7, tmp_path):
    activated(later(target="4h"), tmp_path)

    answer = run("diff", "A-7", "--from", 1, "--to", 2)

    assert "Clause R2, target: was 8 h" in answer.stdout
    assert run("diff", "A-7").exit_code == 2
    assert run("diff", "A-7", "B", "--from", 1, "--to", 2).exit_code == 2


@pytest.mark.parametrize("arguments", [["check"], ["diff"], ["check", "--against"]])
def test_checking_and_comparing_leave_no_installation_behind(a7_file, tmp_path, arguments):
    """Whoever got a file can prove it on a machine that never ran Tricorn."""
    home = tmp_path / "home"
    command, *options = arguments
    files = [a7_file, a7_file] if command == "diff" else [a7_file]
    files += [*options, a7_file] if options else []
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("DJANGO")},
        "TRICORN_HOME": str(home),
        "PYTHONPATH": "src",
    }

    done = subprocess.run(
        [sys.executable, "-m", "tricorn", "agreement", command, *map(str, files)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert not home.exists()
