"""Any table with a map: what it reads, and what it refuses by line and column."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tricorn.engine.errors import BadInput
from tricorn.histories.map import parse_map, shipped_maps
from tricorn.journal.actor import IMPORT
from tricorn.parties.models import Person
from tricorn.tickets.imports import load_map, read_mapped, store
from tricorn.tickets.imports.store import by_service
from tricorn.tickets.models import Ticket

NEW_YORK = ZoneInfo("America/New_York")
MAP = parse_map(
    """
source = "old desk"
[columns]
id = "Nr"
reported = "Opened"
closed = "Closed"
summary = ["What", "Where"]
text = "Words"
kind = "Kind"
requester = "Name"
requester_email = "Mail"
[values.kind]
Fault = "incident"
Idea = "wish"
[dates]
formats = ["%m/%d/%Y %I:%M %p"]
""",
    "old.toml",
)
HEAD = "Nr;Opened;Closed;What;Where;Words;Kind;Name;Mail;Floor\n"


def table(tmp_path, *rows, encoding="utf-8"):
    path = tmp_path / "old.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding=encoding)
    return path


def test_a_row_becomes_a_ticket(tmp_path):
    path = table(
        tmp_path,
        "1;12/24/2015 05:30 PM;2015-12-28 09:00;Lamp;Hall;Dark since noon;Fault;Ann;ann@example.org;3",
    )

    (record,) = read_mapped(path, MAP, zone=NEW_YORK).records

    assert record.summary == "Lamp, Hall"
    assert record.reported_at == datetime(2015, 12, 24, 22, 30, tzinfo=UTC)
    assert record.closed_at == datetime(2015, 12, 28, 14, 0, tzinfo=UTC)
    assert (record.kind, record.state) == ("incident", "closed")
    assert record.extra == {"Floor": "3"}


def test_bad_rows_are_named_by_line_and_column(tmp_path):
    good = "1;12/24/2015 05:30 PM;;Lamp;Hall;;Fault;Ann;;3"
    path = table(
        tmp_path,
        good,
        good,
        "2;yesterday;;Lamp;Hall;;Fault;Ann;;3",
        "3;12/24/2015 05:30 PM;12/23/2015 05:30 PM;Lamp;Hall;;Fault;Ann;;3",
        "4;12/24/2015 05:30 PM;;Lamp;Hall;;Riddle;Ann;;3",
        ";12/24/2015 05:30 PM;;Lamp;Hall;;Fault;Ann;;3",
    )

    batch = read_mapped(path, MAP, zone=NEW_YORK)

    assert [str(problem) for problem in batch.problems] == [
        "line 3, Nr: '1' stood above already.",
        "line 4, Opened: 'yesterday' is no moment; expected %m/%d/%Y %I:%M %p.",
        "line 5, Closed: is before it was reported.",
        "line 6, Kind: 'riddle' is none of complaint, incident, praise, question, request, wish. "
        "Translate it in the map: [values.kind].",
        "line 7, Nr: is empty; every row needs its own id.",
    ]
    assert (batch.rows, batch.refused, len(batch.records)) == (6, 5, 1)


def test_another_encoding_is_named_and_then_read(tmp_path):
    path = table(tmp_path, "1;12/24/2015 05:30 PM;;Tür;Büro;;Fault;Jörg;;3", encoding="cp1252")

    with pytest.raises(BadInput, match="--encoding cp1252"):
        read_mapped(path, MAP, zone=NEW_YORK)
    (record,) = read_mapped(path, MAP, zone=NEW_YORK, encoding="cp1252").records
    assert record.summary == "Tür, Büro"


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("Nr;Other\n1;2\n")

    with pytest.raises(BadInput, match="no column 'Opened', which the map reads as reported"):
        read_mapped(path, MAP, zone=NEW_YORK)


def test_an_address_that_is_known_is_that_person_and_a_name_never_is(tmp_path, una, mail):
    path = table(
        tmp_path,
        "1;12/24/2015 05:30 PM;;Lamp;Hall;Dark;Fault;Whoever;UNA@example.org;3",
        "2;12/24/2015 05:31 PM;;Lamp;Hall;Dark;Fault;Una;;3",
    )

    store(read_mapped(path, MAP, zone=NEW_YORK).records, mail, by=IMPORT, at=NOON)

    first, second = Ticket.objects.order_by("source_id")
    assert first.requester == una
    assert second.requester != una
    assert Person.objects.filter(source="old desk").count() == 1


def test_organisations_places_and_services_are_taken_from_their_columns(tmp_path, mail, reception):
    given = parse_map(
        """
[columns]
id = "Nr"
reported = "Opened"
requester = "Name"
organisation = "Dept"
place = "Room"
service = "Desk"
""",
        "m.toml",
    )
    path = tmp_path / "t.csv"
    path.write_text(
        "Nr,Opened,Name,Dept,Room,Desk\n"
        '1,2026-06-01 10:00,Ann,Law,"Reception, Building B",Mail\n'
        "2,2026-06-01 10:00,Bob,law,,Phones\n"
    )
    records = read_mapped(path, given, zone=NEW_YORK).records

    assert {name: len(each) for name, each in by_service(records, "Other").items()} == {
        "Mail": 1,
        "Phones": 1,
    }
    store(records, mail, by=IMPORT, at=NOON)

    first, second = Ticket.objects.order_by("source_id")
    assert first.place == reception
    assert first.organisation == second.organisation
    assert {m.organisation.name for m in first.requester.memberships.all()} == {"Law"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns]\nid = 'a'", "reported is missing"),
        ("[columns]\nid = 'a'\nreported = 'b'\nmood = 'c'", "'mood' is no field"),
        ("columns = 3", "is a table of field = column"),
        ("sauce = 1\n[columns]\nid = 'a'\nreported = 'b'", "'sauce' is not known"),
        ("not toml", "is not TOML"),
    ],
)
def test_a_map_that_cannot_be_followed_says_why(text, said):
    with pytest.raises(BadInput, match=said):
        parse_map(text, "m.toml")


def test_every_shipped_map_loads():
    assert shipped_maps()
    for name in shipped_maps():
        assert load_map(name).columns["id"]
