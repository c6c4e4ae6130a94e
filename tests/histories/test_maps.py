"""Any other table, with a map that says which column means what."""

import pytest

from tests.histories.given import BERLIN, ZoneInfo, assert_all_accounted, ticket, write
from tricorn.engine.errors import BadInput
from tricorn.histories import load_map, open_history, parse_map

NEW_YORK = ZoneInfo("America/New_York")
MAP = """
source = "old desk"
null = ["-"]
[columns]
id = ["House", "Nr"]
reported = "Opened"
closed = "Done"
priority = "Prio"
kind = "Kind"
state = "State"
met = "Kept?"
due = "Due"
group = "Kind"
requester = "Who"
[values.kind]
Fault = "incident"
[values.priority]
A = "critical"
[values.met]
jo = "yes"
[values.state]
Void = "cancelled"
[dates]
formats = ["%m/%d/%Y %I:%M %p"]
[[waits]]
holder = "supplier"
from = "Sent"
to = "Back"
"""
HEAD = "House,Nr,Opened,Done,Prio,Kind,State,Kept?,Due,Who,Sent,Back\n"


def read(folder, *rows, text=MAP):
    path = write(folder, HEAD + "\n".join(rows) + "\n")
    found = open_history(path, zone=NEW_YORK, map=parse_map(text, "old.toml"))
    assert_all_accounted(found)
    return found


def test_a_mapped_row_is_a_ticket_with_its_promise(tmp_path):
    found = read(
        tmp_path,
        "H,1,12/24/2015 05:30 PM,12/28/2015 09:00 AM,A,Fault,-,jo,12/29/2015 05:30 PM,Ann,"
        "12/26/2015 09:00 AM,12/27/2015 09:00 AM",
    )

    told = ticket(found, "H, 1", NEW_YORK)
    assert told == {
        "began": "",
        "reported": "2015-12-24 17:30",
        "first_response": "",
        "resolved": "2015-12-28 09:00",
        "closed": "2015-12-28 09:00",
        "due": "2015-12-29 17:30",
        "priority": "A",  # as the source writes it; what it means for us stands beside
        "priority_opened": "A",
        "kind": "incident",
        "met": True,
        "group": "Fault",
        "waits": [("supplier", "2015-12-26 09:00", "2015-12-27 09:00")],
    }
    assert found.mapping == {"A": "critical"}
    assert found.format == "map"


def test_a_wait_that_is_empty_is_none_and_a_reversed_one_is_counted(tmp_path):
    found = read(
        tmp_path,
        "H,1,12/24/2015 05:30 PM,-,A,Fault,-,-,-,Ann,-,-",
        "H,2,12/24/2015 05:30 PM,-,A,Fault,-,-,-,Ann,12/27/2015 09:00 AM,12/26/2015 09:00 AM",
        "H,3,12/24/2015 05:30 PM,-,A,Fault,Void,-,-,Ann,-,-",
    )

    assert len(found.history.wait_ticket) == 0
    assert found.history.excluded_waits == {"wait-reversed": 1}
    assert found.problems == {"cancelled": 1}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[[waits]]\nholder = "cat"\nfrom = "a"\nto = "b"', "'cat' is no holder"),
        ('[[waits]]\nholder = "user"\nfrom = "a"', "each has holder, from and to"),
        ("waits = 3", "waits stand as"),
    ],
)
def test_waits_of_a_map_that_cannot_be_followed_say_why(more, said):
    text = '[columns]\nid = "a"\nreported = "b"\n'
    text = f"{more}\n{text}" if more.startswith("waits =") else f"{text}{more}\n"
    with pytest.raises(BadInput, match=said):
        parse_map(text, "old.toml")


def test_the_shipped_map_of_boston_tells_due_times_the_flag_and_the_type(tmp_path):
    path = write(
        tmp_path,
        "case_enquiry_id,open_dt,target_dt,closed_dt,ontime_status,case_status,case_title,type,"
        "source\n"
        "1,2015-01-05T09:00:00,2015-01-08T09:00:00,2015-01-07T09:00:00,ONTIME,Closed,Lamp,Lights,"
        "Call\n"
        "2,2015-01-05T09:00:00,,,OVERDUE,Open,Lamp,Lights,Call\n"
        "3,2015-05-05T09:00:10,,2015-05-05T09:00:00,ONTIME,Closed,Paint,Graffiti,App\n",
    )

    found = open_history(path, zone=NEW_YORK, map=load_map("boston311"))

    assert_all_accounted(found)
    first, second = ticket(found, "1", NEW_YORK), ticket(found, "2", NEW_YORK)
    assert (first["due"], first["met"], first["group"]) == ("2015-01-08 09:00", True, "Lights")
    assert (second["due"], second["met"], second["closed"]) == ("", False, "")
    assert first["kind"] == "request"
    assert found.problems == {"times-reversed": 1}
    assert found.examples[0].column == "closed_dt"


def test_a_map_with_a_missing_column_of_waits_says_so(tmp_path):
    with pytest.raises(BadInput, match="no column 'Sent', which the map reads as a wait"):
        open_history(
            write(tmp_path, HEAD.replace("Sent", "Gone")), zone=BERLIN, map=parse_map(MAP, "x.toml")
        )


def test_a_map_that_ships_is_known_by_its_columns(tmp_path):
    columns = dict.fromkeys(
        name for names in load_map("boston311").columns.values() for name in names
    )
    row = {**dict.fromkeys(columns, ""), "case_enquiry_id": "1", "case_status": "Closed"}
    row |= {"open_dt": "2015-01-02 08:30:00", "closed_dt": "2015-01-02 09:30:00", "type": "Lights"}
    path = tmp_path / "requests.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")

    read = open_history(path, zone=ZoneInfo("America/New_York"))

    assert (read.format, len(read.history), list(read.groups.names)) == ("map", 1, ["Lights"])
    assert "boston311" in read.reason
