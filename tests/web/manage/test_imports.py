"""Import: looked at first, then taken in; a long file gets the command instead."""

import gzip
import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import NOON
from tricorn.tickets.models import Ticket
from tricorn.web.manage import imports

URL = "/manage/import/"
MAP = """
source = "old desk"
[columns]
id = "number"
reported = "opened"
summary = "what"
"""
TABLE = """number,opened,what
1,2026-03-02 09:00,Printer is out of paper
2,2026-03-03 10:00,<script>alert(1)</script>
3,yesterday,No such day
"""
SCRIPT = "<script>alert(1)</script>"
# A right beginning, and then no packed data.
BROKEN = gzip.compress(TABLE.encode())[:10] + b"\xff" * 500


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path, settings):
    settings.HOME = tmp_path


def hand_in(client, about, content=TABLE, **more):
    data = {
        "format": "csv",
        "zone": "Europe/Berlin",
        "service": about.pk,
        "map_text": MAP,
        "file": SimpleUploadedFile(
            "old desk.csv", content if isinstance(content, bytes) else content.encode()
        ),
    }
    return client.post(URL, {**data, **more})


def sealed(response):
    return response.context["sealed"]


def test_a_file_is_looked_at_with_every_bad_row_and_nothing_is_kept(manage, mail):
    response = hand_in(manage, mail)

    page = response.content.decode()
    report = response.context["report"]
    assert response.status_code == 200
    assert (report.created, response.context["rows"], response.context["refused"]) == (2, 3, 1)
    assert [(p.line, p.column) for p in response.context["problems"]] == [(4, "opened")]
    assert "Nothing is kept yet." in page
    assert not Ticket.objects.exists()


def test_what_was_looked_at_is_taken_in_once(manage, mail, tmp_path):
    look = hand_in(manage, mail)

    done = manage.post(URL, {"sealed": sealed(look)})
    assert done.status_code == 200
    assert done.context["report"].created == 2
    assert Ticket.objects.filter(service=mail).count() == 2
    assert not list((tmp_path / "imports").iterdir())

    again = manage.post(URL, {"sealed": sealed(look)})
    assert again.status_code == 422
    assert "Choose it again" in again.content.decode()
    assert hand_in(manage, mail).context["report"].unchanged == 2


def test_a_gzipped_file_is_read_as_it_is(manage, mail):
    assert hand_in(manage, mail, gzip.compress(TABLE.encode())).context["report"].created == 2


def test_a_map_that_ships_can_be_chosen(manage, mail):
    table = "case_enquiry_id,open_dt,closed_dt,case_status,type,case_title,source\n" + (
        "7,2015-01-05 09:00:00,,Open,Street light,Street light out,Web\n"
    )
    response = hand_in(manage, mail, table, map_text="", map_name="boston311")

    assert response.context["report"].created == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"zone": "Mars/Base"}, "There is no time zone"),
        ({"map_text": ""}, "A table needs a map"),
        ({"map_text": "columns"}, "is not TOML"),
        ({"map_text": MAP + 'service = "team"'}, "Here all rows go to one service"),
        ({"map_text": MAP.replace("opened", "when")}, "has no column"),
        ({"format": "servicenow"}, "is no ServiceNow event log"),
        ({"format": "guess"}, "not one of the available choices"),
        ({"service": "999"}, "not one of the available choices"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "empty"),
        ({"file": SimpleUploadedFile("x.csv", b"no table at all\n")}, "not look like a table"),
        ({"file": SimpleUploadedFile("x.csv", b"a,b\n\xff\xfe,\xff\n" * 3)}, "x.csv"),
        ({"file": SimpleUploadedFile("x.gz", b"\x1f\x8brubbish")}, "gzipped and broken"),
        ({"file": SimpleUploadedFile("x.gz", BROKEN)}, "gzipped and broken"),
        ({"file": SimpleUploadedFile("x.csv", b"a," + b"x" * 5_000_000)}, "line 1"),
        ({"map_text": MAP + "[columns.x]"}, "is no field"),
        ({"map_text": "values = 1\n" + MAP}, "values is a table"),
        ({"map_text": MAP + "[values]\nkind = 1"}, "kind is a table"),
        ({"map_text": 'null = ""\n' + MAP}, "null is a list"),
        ({"map_text": "dates = 1\n" + MAP}, "dates is a table"),
        ({"map_text": MAP + '[dates]\nformats = ["%Y %Y"]'}, "same part of a date twice"),
        ({"map_text": "a = " + "[" * 20_000}, "too many tables or brackets"),
        ({"file": ""}, "required"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(manage, mail, more, said):
    response = hand_in(manage, mail, **more)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", ["???", "..x", "ß" * 120 + ".csv", "a/b\\c.csv", "\u202egpj.csv"])
def test_a_file_may_be_called_anything(manage, mail, name):
    file = SimpleUploadedFile("x.csv", TABLE.encode())
    file.name = name

    assert hand_in(manage, mail, file=file).context["report"].created == 2


def test_a_long_file_gets_the_exact_command(manage, mail):
    rows = "".join(f"{n},2026-03-02 09:00,x\n" for n in range(imports.MOST_ROWS + 1))
    response = hand_in(manage, mail, "number,opened,what\n" + rows)

    assert response.context["command"] == (
        "./tricorn import csv old_desk.csv --zone Europe/Berlin --map MAP.toml --service Mail"
    )
    assert not Ticket.objects.exists()


def test_a_seal_that_we_did_not_write_opens_nothing(manage, mail):
    for seal in ("", "rubbish", sealed(hand_in(manage, mail))[:-2] + "xx"):
        response = manage.post(URL, {"sealed": seal})
        assert response.status_code == 422
        assert "too old" in response.content.decode()


def test_a_file_name_leads_nowhere_else(manage, mail, tmp_path):
    hand_in(manage, mail, file=SimpleUploadedFile("../../evil.csv", TABLE.encode()))

    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent.parent for path in kept] == [tmp_path / "imports"]


def test_what_was_looked_at_a_day_ago_is_put_away(manage, mail, tmp_path):
    old = tmp_path / "imports" / "old"
    old.mkdir(parents=True)
    (old / "table.csv").write_text(TABLE)
    before = NOON.timestamp() - 2 * 24 * 3600
    os.utime(old, (before, before))

    hand_in(manage, mail)

    assert not old.exists()


def test_script_in_a_file_and_in_every_field_is_shown_as_text(manage, mail):
    wrong = hand_in(manage, mail, zone=SCRIPT, map_text=SCRIPT, map_name=SCRIPT, format=SCRIPT)
    table = TABLE.replace("yesterday", SCRIPT)
    look = hand_in(manage, mail, table, file=SimpleUploadedFile(f"{SCRIPT}.csv", table.encode()))

    for page in (wrong, look):
        assert not re.search("<script>alert", page.content.decode())


def test_without_a_service_one_is_led_to_add_one(manage, house):
    assert "First a service" in manage.get(URL).content.decode()
