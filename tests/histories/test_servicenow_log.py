"""A ServiceNow event log: many rows, one story per incident, whatever order they come in."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.histories.given import DATA, SAO_PAULO, assert_all_accounted, read, ticket, write
from tricorn.engine.errors import BadInput
from tricorn.engine.replay import MISSING, History
from tricorn.histories import open_history
from tricorn.tickets.imports import read_servicenow

LOG = DATA / "servicenow_log.csv"
HEAD, *ROWS = LOG.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def log():
    return read("servicenow_log.csv", zone=SAO_PAULO)


def test_the_log_is_known_by_its_columns(log):
    assert log.format == "servicenow-log"
    assert "sys_mod_count" in log.reason


def test_the_updates_of_an_incident_are_one_story(log):
    assert ticket(log, "INC01", SAO_PAULO) == {
        "began": "",
        "reported": "2016-02-29 01:16",
        "first_response": "2016-02-29 08:53",
        "resolved": "2016-03-01 11:00",
        "closed": "2016-03-06 12:00",
        "due": "",
        "priority": "2 - High",
        "priority_opened": "3 - Moderate",
        "kind": "incident",
        "met": False,
        "group": "Mail",
        "waits": [("supplier", "2016-02-29 10:00", "2016-02-29 15:30")],
    }


def test_an_end_that_no_update_has_reached_is_not_believed(log):
    waiting = ticket(log, "INC02", SAO_PAULO)

    assert (waiting["resolved"], waiting["closed"], waiting["met"]) == ("", "", True)
    assert waiting["waits"] == [("user", "2016-03-01 10:00", "")]


def test_the_time_between_resolved_and_reopened_waits_for_nobody(log):
    reopened = ticket(log, "INC03", SAO_PAULO)

    assert reopened["waits"] == [("", "2016-03-01 12:00", "2016-03-02 09:00")]
    assert (reopened["resolved"], reopened["closed"]) == ("2016-03-02 10:00", "")


def test_what_is_left_out_is_counted_with_its_place(log):
    assert log.rows == 17
    assert log.problems == {"duplicate-event": 1, "state-unknown": 1, "before-opened": 1}
    assert log.history.excluded == {"cancelled": 1, "state-unknown": 1}
    assert len(log.history) == 4
    places = {p.reason: (p.line, p.column) for p in log.examples}
    assert places["state-unknown"] == (16, "incident_state")
    assert places["before-opened"] == (17, "sys_updated_at")
    assert places["duplicate-event"][0] in (13, 14)


def test_a_person_is_counted_once(log):
    assert len(set(log.history.person.tolist())) == 3


def test_a_history_ends_with_the_last_update(log):
    assert log.history.until == log.history.closed[log.history.refs.index("INC01")]


def same(one: History, two: History) -> bool:
    for column in dataclasses.fields(History):
        a, b = getattr(one, column.name), getattr(two, column.name)
        if isinstance(a, np.ndarray):
            if a.dtype != b.dtype or not np.array_equal(a, b):
                return False
        elif a != b:
            return False
    return True


@given(order=st.permutations(ROWS))
def test_any_order_of_the_rows_is_the_same_history(tmp_path_factory, order):
    path = write(tmp_path_factory.mktemp("log"), "\n".join([HEAD, *order]) + "\n")
    shuffled = open_history(path, zone=SAO_PAULO)

    assert_all_accounted(shuffled)
    assert same(shuffled.history, read("servicenow_log.csv", zone=SAO_PAULO).history)
    assert shuffled.problems == read("servicenow_log.csv", zone=SAO_PAULO).problems


STATES = ("New", "Active", "Awaiting User Info", "Awaiting Vendor", "Resolved", "Closed")


@given(
    life=st.lists(
        st.tuples(st.sampled_from(["I1", "I2", "I3"]), st.sampled_from(STATES)), max_size=24
    ),
    seed=st.integers(0, 9),
)
def test_a_replay_and_an_import_of_one_log_tell_the_same_story(tmp_path_factory, life, seed):
    head = "number,incident_state,sys_mod_count,opened_at,sys_updated_at,resolved_at,closed_at"
    rows = [
        f"{number},{state},{n},1/3/2016 08:00,1/3/2016 {9 + n // 4:02d}:{n % 4 * 15:02d},?,?"
        for n, (number, state) in enumerate(life)
    ]
    random.Random(seed).shuffle(rows)
    path = write(tmp_path_factory.mktemp("log"), "\n".join([head, *rows]) + "\n")

    history = open_history(path, zone=SAO_PAULO).history
    records = {r.source_id: r for r in read_servicenow(path, zone=SAO_PAULO).records}

    assert set(history.refs) == set(records)
    for row, ref in enumerate(history.refs):
        record = records[ref]
        for name in ("first_response", "resolved", "closed"):
            told = getattr(record, f"{name}_at")
            assert getattr(history, name)[row] == (MISSING if told is None else told.timestamp())
        waits = [
            (record_wait[1].timestamp(), record_wait[2] and record_wait[2].timestamp())
            for record_wait in record.waits
        ]
        found = [
            (start, None if end == MISSING else end)
            for of, start, end in zip(
                history.wait_ticket, history.wait_start, history.wait_end, strict=True
            )
            if of == row
        ]
        assert sorted(found) == sorted(waits)


def test_times_without_a_zone_ask_for_one():
    with pytest.raises(BadInput, match="--zone Europe/Berlin"):
        open_history(LOG, zone=None)


def test_an_unreadable_end_is_noted_and_the_update_counts(tmp_path):
    text = LOG.read_text(encoding="utf-8").replace("1/3/2016 11:00,6/3/2016 12:00", "soon,later")

    found = open_history(write(tmp_path, text), zone=SAO_PAULO)

    assert ticket(found, "INC01", SAO_PAULO)["resolved"] == "2016-03-01 11:05"
    assert "could not be read: 12" in found.notes[0]


def test_a_list_that_looks_like_a_log_is_noted(tmp_path):
    rows = [ROWS[0].replace("INC01", f"INC{n}") for n in range(30)]

    found = open_history(write(tmp_path, "\n".join([HEAD, *rows])), zone=SAO_PAULO)

    assert len(found.history) == 30
    assert "--format servicenow-list" in found.notes[-1]


def story(tmp_path, *updates):
    """The story of one incident of 1 March 2016, opened at 8, from (state, order, updated)."""
    head = "number,incident_state,sys_mod_count,opened_at,sys_updated_at,resolved_at,closed_at"
    rows = [
        f"I1,{state},{order},1/3/2016 08:00,1/3/2016 {at},1/3/2016 18:00,2/3/2016 18:00"
        for state, order, at in updates
    ]
    path = write(tmp_path, "\n".join([head, *rows]) + "\n")
    return ticket(open_history(path, zone=SAO_PAULO), "I1", SAO_PAULO)


def test_an_end_later_than_the_newest_update_is_foretold_and_not_believed(tmp_path):
    told = story(tmp_path, ("Active", 0, "09:00"), ("Resolved", 1, "10:00"), ("Closed", 2, "11:00"))

    assert (told["resolved"], told["closed"]) == ("2016-03-01 10:00", "2016-03-01 11:00")


def test_a_state_that_lasted_no_minute_is_no_wait(tmp_path):
    told = story(
        tmp_path, ("Awaiting Vendor", 0, "09:00"), ("Active", 1, "09:00"), ("Active", 2, "10:00")
    )

    assert told["waits"] == []
