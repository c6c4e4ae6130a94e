"""`tricorn hours`, run as people run it."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys

import pytest

HOURS = """zone = "America/New_York"
[weekly]
mon = ["08:30-17:00"]
tue = ["08:30-17:00"]
wed = ["08:30-17:00"]
thu = ["08:30-17:00"]
fri = ["08:30-17:00"]
[holidays]
country = "US"
subdivision = "MA"
"""


@pytest.fixture
def run(tmp_path):
    """Run `tricorn hours ...` in a folder with H.toml; the answer has text, not bytes."""
    (tmp_path / "H.toml").write_text(HOURS, encoding="utf-8")

    def run(*args, stdin=b""):
        if isinstance(stdin, str):
            stdin = stdin.encode()
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "there.is.none"}
        done = subprocess.run(
            [sys.executable, "-m", "tricorn", "hours", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


def due(run, table, *more):
    args = more or ("--within", "3d")
    return run("due", "--hours", "H.toml", *args, "--start-column", "opened", "-", stdin=table)


def test_due_keeps_the_columns_and_adds_one(run):
    status, out, err = due(run, 'id,opened,words\n1,2015-04-17 10:00:00,"a, b"\n2,,x\n')
    assert (status, err) == (0, "")
    assert out == (
        'id,opened,words,due\n1,2015-04-17 10:00:00,"a, b",2015-04-23T10:00:00-04:00\n2,,x,\n'
    )


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2015-01-05 09:00", "2015-01-08T09:00:00-05:00"),
        ("2015-01-05T09:00:30.9", "2015-01-08T09:00:30-05:00"),
        ("2015-01-05T14:00:00Z", "2015-01-08T09:00:00-05:00"),
        ("2015-01-05T15:00:00+01:00", "2015-01-08T09:00:00-05:00"),
        (" 2015-01-05 ", "2015-01-08T08:30:00-05:00"),
        ("2015-03-08 02:30:00", "2015-03-12T08:30:00-04:00"),
    ],
)
def test_times_are_read_as_iso_with_or_without_offset(run, opened, expected):
    status, out, _ = due(run, f"opened\n{opened}\n")
    assert status == 0
    assert out.splitlines()[1].endswith("," + expected)


def test_each_row_may_have_its_own_target(run):
    table = "opened,within\n2015-01-05 09:00,8h\n2015-01-05 09:00,90m\n2015-01-05 09:00,1d\nx,\n"
    status, out, err = due(run, table, "--within-column", "within")
    assert [row["due"] for row in csv.DictReader(io.StringIO(out))] == [
        "2015-01-05T17:00:00-05:00",
        "2015-01-05T10:30:00-05:00",
        "2015-01-06T09:00:00-05:00",
        "",
    ]
    assert status == 1
    assert 'line 5, column opened: "x" is not a time' in err


def test_elapsed_adds_seconds(run):
    table = "a,b\n2015-01-02 16:59:00,2015-01-05 08:31:00\n2015-01-02 16:59:00,\n"
    args = ("elapsed", "--hours", "H.toml", "--start-column", "a", "--end-column", "b", "-")
    status, out, err = run(*args, stdin=table)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "a,b,elapsed_seconds",
        "2015-01-02 16:59:00,2015-01-05 08:31:00,120",
        "2015-01-02 16:59:00,,",
    ]


def test_bad_rows_are_named_and_written_without_a_result(run):
    table = (
        'opened,words\n2015-01-05 09:00,"two\nlines"\n05/01/2015 09:00,x\n2015-02-29,x\n'
        "2015-01-05\n0015-01-05,x\n2015-01-05,x,y\n2015-01-05,ok\n"
    )
    status, out, err = due(run, table)
    rows = list(csv.reader(io.StringIO(out)))
    assert status == 1
    assert [row[2] for row in rows[1:]] == [
        "2015-01-08T09:00:00-05:00", "", "", "", "", "", "2015-01-08T08:30:00-05:00",
    ]  # fmt: skip
    assert err.splitlines() == [
        'tricorn: standard input, line 4, column opened: "05/01/2015 09:00" is not a time; '
        "write it like 2015-01-31 08:30:00.",
        'tricorn: standard input, line 5, column opened: "2015-02-29" is not a time; '
        "write it like 2015-01-31 08:30:00.",
        "tricorn: standard input, line 6, column all: 1 cells where the header has 2.",
        "tricorn: standard input, line 7, column opened: the year 15 cannot be right; "
        "expected 1900 to 2199.",
        "tricorn: standard input, line 8, column all: 3 cells where the header has 2.",
        "tricorn: 5 rows were refused and written without a result.",
    ]


def test_an_end_before_its_start_is_named(run):
    args = ("elapsed", "--hours", "H.toml", "--start-column", "a", "--end-column", "b", "-")
    status, out, err = run(*args, stdin="a,b\n2015-01-06,2015-01-05\n")
    assert (status, out) == (1, "a,b,elapsed_seconds\n2015-01-06,2015-01-05,\n")
    assert 'line 2, column b: the end lies before "a".' in err


def test_json_is_one_value(run):
    status, out, _ = due(run, "opened\n2015-01-05 09:00\nx\n", "--within", "3d", "--json")
    assert status == 1
    assert json.loads(out) == {
        "rows": [
            {"opened": "2015-01-05 09:00", "due": "2015-01-08T09:00:00-05:00"},
            {"opened": "x", "due": None},
        ],
        "refused": [
            {
                "line": 3,
                "column": "opened",
                "why": '"x" is not a time; write it like 2015-01-31 08:30:00.',
            }
        ],
    }


def test_gzip_and_a_byte_order_mark_are_read_as_they_are(run, tmp_path):
    table = "\ufeffopened,é\n2015-01-05 09:00,🎄\n".encode()
    (tmp_path / "in.csv.gz").write_bytes(gzip.compress(table, mtime=0))
    args = ("due", "--hours", "H.toml", "--within", "8h", "--start-column", "opened")
    from_file, from_pipe = (
        run(*args, "in.csv.gz"),
        run(*args, "-", stdin=gzip.compress(table, mtime=0)),
    )
    assert from_file == from_pipe
    assert from_file[:2] == (0, "opened,é,due\n2015-01-05 09:00,🎄,2015-01-05T17:00:00-05:00\n")


def test_huge_cells_and_nul_bytes_pass_through(run):
    long = "x" * 1_000_000 + "\x00"
    status, out, _ = due(run, f"opened,words\n2015-01-05 09:00,{long}\n")
    assert status == 0
    assert long in out


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "standard input is empty; its first line must name the columns."),
        ("when\n2015-01-05\n", 'standard input has no column "opened"; it has: when.'),
        ("openned\n2015-01-05\n", 'did you mean "openned"?'),
        ("opened,opened\n2015-01-05,2015-01-05\n", 'has 2 columns named "opened"; rename one.'),
        ("opened,due\n2015-01-05,\n", 'has a column "due" already; choose a name with --as.'),
        ('opened\n"2015-01-05\n', "line 2: this is not CSV"),
        (b"opened,x\n2015-01-05,\xff\xfe\n", "this is not UTF-8 text"),
        (gzip.compress(b"opened\n2015-01-05\n", mtime=0)[:-9], "the gzip file is damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(run, table, sentence):
    status, out, err = due(run, table)
    assert (status, out) == (1, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--within", "soon"), '"soon" is not a target'),
        (("--within", "3d", "--within-column", "x"), "Give --within or --within-column"),
        (("--within", "3d", "--nonsense"), "No such option"),
    ],
)
def test_wrong_use_is_exit_status_two(run, args, sentence):
    status, _, err = due(run, "opened\n", *args)
    assert status == 2
    assert sentence in err


def test_bad_hours_are_refused_with_the_place(run, tmp_path):
    (tmp_path / "H.toml").write_text(HOURS.replace("17:00", "25:00", 1))
    status, out, err = due(run, "opened\n2015-01-05\n")
    assert (status, out) == (1, "")
    assert err.startswith("tricorn: H.toml, weekly.mon[0]: ")


def test_hours_that_never_open_give_no_due_time_and_say_so(run, tmp_path):
    (tmp_path / "H.toml").write_text('zone = "UTC"\n[weekly]\n')
    status, out, err = due(run, "opened\n2015-01-05\n")
    assert (status, out) == (0, "opened,due\n2015-01-05,\n")
    assert "1 row is never due" in err


def test_hours_may_be_an_icalendar_file(run, tmp_path):
    (tmp_path / "desk.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART;TZID=Europe/Berlin:20240101T080000\r\nDTEND;TZID=Europe/Berlin:20240101T180000\r\n"
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    args = ("due", "--hours", "desk.ics", "--within", "1d", "--start-column", "opened", "-")
    status, out, _ = run(*args, stdin="opened\n2024-03-05 10:00\n")
    assert (status, out.splitlines()[1]) == (0, "2024-03-05 10:00,2024-03-11T10:00:00+01:00")


def test_check_and_week_say_what_the_hours_mean(run):
    status, out, _ = run("check", "H.toml", "--json")
    assert status == 0
    assert json.loads(out)["holidays"] == {"country": "US", "subdivision": "MA"}
    status, out, _ = run("week", "H.toml", "--on", "2015-04-22")
    assert status == 0
    assert out.splitlines()[0].split(None, 2)[2] == "closed (Patriots' Day)"


def test_hours_never_load_django(run):
    code = (
        "import sys, tricorn.cli.hours, tricorn.engine.hours as h; h.Hours.always();"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
