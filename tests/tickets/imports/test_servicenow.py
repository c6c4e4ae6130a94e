"""Reading an event log of ServiceNow, and bringing it in."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import IMPORT
from tricorn.journal.models import Delivery, Line
from tricorn.standing.models import Fact, Use
from tricorn.tickets.imports import read_servicenow, store
from tricorn.tickets.models import Ticket

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
COLUMNS = (
    "number,incident_state,sys_mod_count,caller_id,opened_at,sys_updated_at,contact_type,category,"
    "impact,urgency,priority,resolved_at,closed_at"
)


def row(state: str, order: int, updated: str) -> str:
    """Return one update of INC1, which was opened on 29 February 2016."""
    return (
        f"INC1,{state},{order},Caller 7,29/2/2016 01:16,{updated},Phone,Category 5,"
        "1 - High,2 - Medium,2 - High,1/3/2016 11:00,6/3/2016 12:00"
    )


STORY = [
    row("New", 0, "29/2/2016 01:23"),
    row("Active", 1, "29/2/2016 08:53"),
    row("Awaiting Vendor", 2, "29/2/2016 10:00"),
    row("Active", 3, "29/2/2016 15:30"),
    row("Resolved", 4, "1/3/2016 11:00"),
]
CLOSED = row("Closed", 5, "6/3/2016 12:00")


def log(folder: Path, rows: list[str], *, columns: str = COLUMNS, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return path


def sao_paulo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SAO_PAULO).astimezone(UTC)


def test_the_events_of_an_incident_are_one_story(tmp_path):
    batch = read_servicenow(log(tmp_path, STORY), zone=SAO_PAULO)

    (record,) = batch.records
    assert (batch.rows, batch.refused) == (5, 0)
    assert record.state == "resolved"
    assert record.reported_at == sao_paulo(2016, 2, 29, 1, 16)
    assert record.first_response_at == sao_paulo(2016, 2, 29, 8, 53)
    assert record.resolved_at == sao_paulo(2016, 3, 1, 11, 0)
    assert record.waits == (
        ("supplier", sao_paulo(2016, 2, 29, 10, 0), sao_paulo(2016, 2, 29, 15, 30)),
    )
    assert (record.impact, record.urgency, record.priority) == (1, 2, "high")


def test_the_end_is_not_read_before_it_happened(tmp_path):
    batch = read_servicenow(log(tmp_path, STORY[:3]), zone=SAO_PAULO)

    (record,) = batch.records
    assert (record.state, record.waiting_on) == ("waiting", "supplier")
    assert record.resolved_at is None
    assert record.closed_at is None


def test_a_refused_row_leaves_the_rest_of_its_incident(tmp_path):
    rows = [
        STORY[0],
        STORY[1].replace("Active", "-100"),
        STORY[2].replace("29/2/2016 10:00", "28/2/2016 10:00"),
        STORY[3].replace("29/2/2016 15:30", "31/2/2016 15:30"),
        STORY[4] + ",too,many",
        CLOSED,
    ]

    batch = read_servicenow(log(tmp_path, rows), zone=SAO_PAULO)

    assert [str(problem) for problem in batch.problems] == [
        "line 3, incident_state: '-100' is no state of an incident.",
        "line 4, sys_updated_at: is before the incident was opened.",
        "line 5, sys_updated_at: '31/2/2016 15:30' is no moment: day is out of range for month.",
        "line 6: has 15 cells; 13 belong here.",
    ]
    assert (batch.rows, batch.refused) == (6, 4)
    assert [record.state for record in batch.records] == ["closed"]


def test_what_was_reopened_waited_for_nobody_while_it_was_resolved(tmp_path):
    rows = [*STORY, row("Active", 6, "2/3/2016 09:00")]

    (record,) = read_servicenow(log(tmp_path, rows), zone=SAO_PAULO).records

    assert record.state == "open"
    assert record.resolved_at is None
    assert record.waits[-1] == (
        "",
        sao_paulo(2016, 3, 1, 11, 0),
        sao_paulo(2016, 3, 2, 9, 0),
    )


def test_naive_times_without_a_zone_are_refused(tmp_path):
    with pytest.raises(BadInput, match="say no time zone"):
        read_servicenow(log(tmp_path, STORY), zone=None)


def test_a_table_of_something_else_is_refused_by_name(tmp_path):
    path = log(tmp_path, ["1,2"], columns="a,b")

    with pytest.raises(BadInput, match="no column number, incident_state, opened_at"):
        read_servicenow(path, zone=SAO_PAULO)


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    with pytest.raises(BadInput, match="is not in utf-8"):
        read_servicenow(path, zone=SAO_PAULO)


def test_gzip_is_read_as_it_is(tmp_path):
    plain = log(tmp_path, STORY)
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    assert read_servicenow(packed, zone=SAO_PAULO) == read_servicenow(plain, zone=SAO_PAULO)


def test_twice_is_once(tmp_path, mail):
    records = read_servicenow(log(tmp_path, STORY), zone=SAO_PAULO).records

    first = store(records, mail, by=IMPORT, at=NOON)
    lines = Line.objects.count()
    second = store(records, mail, by=IMPORT, at=NOON)

    assert (first.created, first.updated, first.unchanged) == (1, 0, 0)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 1)
    assert Line.objects.count() == lines


def test_a_longer_log_brings_the_ticket_up_to_date(tmp_path, mail):
    store(read_servicenow(log(tmp_path, STORY), zone=SAO_PAULO).records, mail, by=IMPORT, at=NOON)
    longer = read_servicenow(log(tmp_path, [*STORY, CLOSED]), zone=SAO_PAULO).records

    report = store(longer, mail, by=IMPORT, at=NOON)

    assert (report.created, report.updated) == (0, 1)
    ticket = Ticket.objects.get()
    assert ticket.state == "closed"
    assert ticket.waits.count() == 1
    assert ticket.clocks.count() == 2


def test_a_dry_run_counts_and_writes_nothing(tmp_path, mail):
    records = read_servicenow(log(tmp_path, STORY), zone=SAO_PAULO).records

    report = store(records, mail, by=IMPORT, at=NOON, dry_run=True)

    assert (report.created, report.dry_run) == (1, True)
    assert not Ticket.objects.exists()


def test_an_import_writes_use_and_awareness_and_tells_nobody(tmp_path, mail):
    store(read_servicenow(log(tmp_path, STORY), zone=SAO_PAULO).records, mail, by=IMPORT, at=NOON)

    ticket = Ticket.objects.get()
    assert Use.objects.get().person == ticket.requester
    assert Fact.objects.get().kind == "aware"
    assert Line.objects.filter(kind="ticket.imported").count() == 1
    assert not Delivery.objects.exists()


def test_imported_tickets_run_by_the_agreement_of_their_organisation(tmp_path, mail, a7, finance):
    rows = [row.replace("2016", "2026") for row in STORY]
    rows = [row.replace("29/2/", "1/6/").replace("1/3/", "2/6/") for row in rows]
    records = read_servicenow(log(tmp_path, rows), zone=SAO_PAULO).records

    store(records, mail, by=IMPORT, at=NOON, organisation=finance)

    ticket = Ticket.objects.get()
    assert ticket.version == a7
    assert {clock.clause.name for clock in ticket.clocks.all()} == {"R1", "R2"}
