"""What is no export, or a strange one: said in one sentence, never a crash, never a silent loss."""

import gzip
import json

import pytest

from tests.histories.given import BERLIN, DATA, assert_all_accounted, read, ticket, write
from tricorn.engine.errors import BadInput
from tricorn.engine.replay.priorities import read_priorities
from tricorn.histories import FORMATS, detect, open_history, parse_map
from tricorn.histories import objects as objects_module

MAP = parse_map('[columns]\nid = "Nr"\nreported = "Opened"\n', "desk.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("just words\n", "does not look like a table"),
        ("id,colour\n1,red\n", "Its columns are: id, colour. Name its format"),
        ("[]", "holds no JSON objects"),
        ("[1, 2]", "holds no JSON objects"),
        ('[{"id": 1}', "Its columns are: id"),
        ("{", "holds no JSON objects"),
        ('id;titre;"Date d\'ouverture"\n1;x;y\n', "GLPI in another language"),
        ("a\0,b\n", "NUL byte"),
    ],
)
def test_what_is_in_no_known_format_says_so(tmp_path, text, said):
    with pytest.raises(BadInput, match=said):
        open_history(write(tmp_path, text), zone=BERLIN)


def test_four_hundred_unknown_columns_are_not_all_listed(tmp_path):
    head = ",".join(f"c{n}" for n in range(400))

    with pytest.raises(BadInput) as refusal:
        detect(write(tmp_path, head + "\n"))

    assert "c29 and 370 more." in str(refusal.value)


def test_four_hundred_columns_with_repeated_names_are_read(tmp_path):
    head = "Issue key,Created,Resolved," + ",".join(["Comment"] * 397)
    row = "D-1,29/Feb/16 4:05 PM,29/Feb/16 5:05 PM," + "," * 396

    found = open_history(write(tmp_path, f"{head}\n{row}\n"), zone=BERLIN)

    assert len(found.history) == 1


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.*")))
def test_every_sample_is_detected_or_says_what_to_do(name):
    if name in ("neutral_waits.csv", "helpdesk_followup.csv", "zendesk_metric_events.json"):
        with pytest.raises(BadInput, match="--format"):
            detect(DATA / name)
    else:
        found = detect(DATA / name)
        assert found.format in FORMATS
        assert found.reason.startswith("it has the columns ")


def test_a_named_format_goes_before_what_the_columns_say():
    found = read("servicenow_log.csv", format="servicenow-list")

    assert found.format == "servicenow-list"
    assert found.problems["duplicate"] == 11
    assert "--format servicenow-log" in found.notes[-1]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"format": "jura"}, "There is no format 'jura'. There are: servicenow-log"),
        ({"format": "map"}, "needs a map"),
        ({"format": "jira", "map": MAP}, "not both"),
        ({"format": "glpi"}, "the column opening date is missing"),
        ({"map": MAP}, "has no column 'Nr', which the map reads as id"),
        ({"format": "servicenow-log"}, "has the columns number, incident_state"),
        (
            {"beside": DATA / "zammad.csv"},
            "has no column .id.. Beside neutral it needs id, waiting, from, to",
        ),
        ({"beside": DATA / "missing.csv"}, "Cannot open missing.csv"),
        ({"encoding": "klingon"}, "no encoding called 'klingon'"),
    ],
)
def test_wrong_use_is_one_sentence(how, said):
    with pytest.raises(BadInput, match=said):
        read("neutral.csv", **how)


def test_nothing_stands_beside_a_log():
    with pytest.raises(BadInput, match="Nothing can stand beside"):
        read("glpi.csv", beside=DATA / "neutral_waits.csv")
    with pytest.raises(BadInput, match="Nothing can stand beside"):
        read("servicenow_log.csv", beside=DATA / "neutral_waits.csv")


@pytest.mark.parametrize("name", ["jira.csv", "glpi.csv", "zammad.csv", "servicenow_list.csv"])
def test_times_without_a_zone_ask_for_one(name):
    with pytest.raises(BadInput, match="say no time zone"):
        read(name, zone=None)


def test_a_workbook_says_how_to_save_it(tmp_path):
    (tmp_path / "report.xlsx").write_bytes(b"PK\x03\x04rest")

    with pytest.raises(BadInput, match="Save the sheet as CSV"):
        detect(tmp_path / "report.xlsx")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(BadInput, match="Cannot open"):
        detect(tmp_path)


def test_another_encoding_is_named(tmp_path):
    text = (DATA / "glpi.csv").read_text(encoding="utf-8").replace("Bob", "Jörg")
    path = write(tmp_path, text, encoding="cp1252")

    with pytest.raises(BadInput, match="--encoding cp1252"):
        open_history(path, zone=BERLIN)
    assert len(open_history(path, zone=BERLIN, encoding="cp1252").history) == 2


def test_gzip_is_read_as_it_is_and_progress_is_heard(tmp_path):
    plain = (DATA / "zammad.json").read_bytes()
    packed = tmp_path / "zammad.json.gz"
    packed.write_bytes(gzip.compress(plain))
    heard = []

    found = open_history(packed, zone=None, progress=heard.append)

    assert found.history.refs == ("10001", "10002")
    assert heard[-1] == packed.stat().st_size


def test_a_damaged_gzip_is_one_sentence(tmp_path):
    packed = gzip.compress((DATA / "servicenow_log.csv").read_bytes())
    (tmp_path / "log.csv.gz").write_bytes(packed[: len(packed) // 2])

    with pytest.raises(BadInput, match="cannot be unpacked"):
        open_history(tmp_path / "log.csv.gz", zone=BERLIN)


def test_no_rows_are_an_empty_history(tmp_path):
    head = (DATA / "servicenow_log.csv").read_text(encoding="utf-8").splitlines()[0]

    for text in (head + "\n", "id,reported,resolved\n"):
        found = open_history(write(tmp_path, text), zone=BERLIN)
        assert_all_accounted(found)
        assert (len(found.history), found.rows) == (0, 0)


def test_a_year_that_cannot_be_is_refused_with_its_place(tmp_path):
    text = "id,reported,resolved\n1,9999-01-01 00:00,\n2,2024-01-01 00:00,0000-00-00 00:00\n"

    found = open_history(write(tmp_path, text), zone=BERLIN)

    assert_all_accounted(found)
    assert [str(problem) for problem in found.examples] == [
        "line 2, reported: '9999-01-01 00:00': the year 9999 cannot be right.",
        "line 3, resolved: '0000-00-00 00:00' is no moment: year 0 is out of range.",
    ]


def test_only_the_first_of_many_problems_are_kept(tmp_path):
    rows = "".join(f"{n},soon,\n" for n in range(1000))

    found = open_history(write(tmp_path, "id,reported,resolved\n" + rows), zone=BERLIN)

    assert_all_accounted(found)
    assert (found.problems["moment-unreadable"], len(found.examples)) == (1000, 5)


def tickets(many: int) -> list[dict]:
    return [
        {"id": n, "created_at": "2024-03-04T08:00:00Z", "requester_id": n % 7, "status": "open"}
        | {"subject": 'a "brace" } ] and a comma,' * (n % 3)}
        for n in range(many)
    ]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapper", [None, "tickets"])
def test_an_array_is_read_a_piece_at_a_time(tmp_path, monkeypatch, chunk, indent, wrapper):
    monkeypatch.setattr(objects_module, "CHUNK", chunk)
    told = tickets(12)
    whole = {"count": 12, wrapper: told, "next": None} if wrapper else told
    path = write(tmp_path, json.dumps(whole, indent=indent), "tickets.json")

    found = open_history(path, zone=None)

    assert found.history.refs == tuple(str(n) for n in range(12))
    assert len(set(found.history.person.tolist())) == 7


def test_the_line_of_an_object_in_an_array_is_told(tmp_path):
    told = tickets(3)
    told[2]["created_at"] = "soon"
    path = write(tmp_path, json.dumps(told, indent=0), "tickets.json")

    found = open_history(path, zone=None)

    place = path.read_text(encoding="utf-8").splitlines().index('"id": 2,')  # after its brace
    assert [problem.line for problem in found.examples] == [place]


def test_an_array_that_breaks_off_says_where(tmp_path):
    path = write(tmp_path, json.dumps(tickets(3), indent=1)[:-20], "tickets.json")

    with pytest.raises(BadInput, match="breaks off or goes wrong in or after line 16"):
        open_history(path, zone=None)


def test_ten_tickets_are_fine(tmp_path):
    path = write(tmp_path, "\n".join(json.dumps(each) for each in tickets(10)), "t.jsonl")

    found = open_history(path, zone=None)

    assert ticket(found, "3")["reported"] == "2024-03-04 09:00"
    assert len(found.history) == 10


def test_a_number_of_thousands_of_digits_is_no_json(tmp_path):
    with pytest.raises(BadInput, match="no whole JSON"):
        open_history(write(tmp_path, '[{"id": ' + "9" * 5000 + "}]"), zone=BERLIN)


def test_an_encoding_with_a_nul_in_its_name_is_none(tmp_path):
    with pytest.raises(BadInput, match="no encoding called"):
        open_history(write(tmp_path, "id,reported,resolved\n"), zone=BERLIN, encoding="utf-8\0")


def test_half_a_sign_and_nul_in_json_become_signs_that_can_be_written(tmp_path):
    row = '[{"id": "A\\ud800", "reported": "2016-03-01 10:00", "resolved": "", "priority": "\\u0000"}]'

    history = open_history(write(tmp_path, row), zone=BERLIN).history

    assert (history.refs, history.priorities) == (("A?",), ("\ufffd",))


def test_a_priority_keeps_its_spaces_and_a_mapping_finds_it_all_the_same(tmp_path):
    text = "id,reported,resolved,priority\n1,2016-03-01 10:00,, Rot \n2,2016-03-01 10:00,, \n"

    history = open_history(write(tmp_path, text), zone=BERLIN).history

    assert set(history.priorities) == {" Rot ", ""}
    assert read_priorities(history.priorities, {"Rot": "high"}) == {" Rot ": "high", "": None}


def test_endless_empty_lines_in_a_small_gzip_are_not_read_to_their_end(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"id,reported,resolved\n" + b"\n" * 200_000))

    with pytest.raises(BadInput, match="more than 100,000 empty lines in a row"):
        open_history(path, zone=BERLIN)
