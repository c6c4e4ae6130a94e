"""Lists of desks, one row per ticket: what each becomes, and what is left out."""

import numpy as np

from tests.histories.given import DATA, read, ticket
from tricorn.engine.replay import MISSING


def some(told: dict, *names: str) -> tuple:
    return tuple(told[name] for name in names)


def test_a_servicenow_list_with_labels():
    found = read("servicenow_list.csv")

    assert found.format == "servicenow-list"
    assert found.history.refs == ("INC10", "INC11")
    assert found.problems == {"cancelled": 1, "end-missing": 1, "duplicate": 1}
    first, second = ticket(found, "INC10"), ticket(found, "INC11")
    assert some(first, "reported", "resolved", "closed", "priority", "met", "group") == (
        "2016-03-01 08:00",
        "2016-03-01 10:00",
        "2016-03-06 10:00",
        "1 - Critical",
        True,
        "Mail",
    )
    assert second["resolved"] == ""
    assert found.history.is_open.tolist() == [False, True]
    assert found.examples[-1].line == 6


def test_jira_repeats_headers_and_says_what_time_is_left():
    found = read("jira.csv")

    assert found.format == "jira"
    one, two, three = (ticket(found, f"DESK-{n}") for n in (1, 2, 3))
    assert some(one, "reported", "first_response", "resolved", "kind", "met", "priority") == (
        "2016-02-29 16:05",
        "2016-02-29 16:30",
        "2016-03-02 10:10",
        "incident",
        True,
        "Highest",
    )
    # Done without a resolution: the day on which its status became one that is done.
    assert some(two, "resolved", "closed", "kind", "met") == (
        "2016-03-05 00:00",
        "2016-03-05 00:00",
        "request",
        False,
    )
    assert some(three, "reported", "resolved", "kind") == ("2016-03-01 12:59", "", "incident")
    assert any("waited" in note for note in found.notes)


def test_zendesk_without_metric_events_does_not_know_when_tickets_were_solved():
    found = read("zendesk.jsonl", zone=None)

    assert found.format == "zendesk"
    assert found.problems == {"end-missing": 2, "cancelled": 1, "not-json": 1}
    assert found.history.refs == ("2",)
    assert any("metric events" in note for note in found.notes)


def test_zendesk_with_metric_events_is_a_whole_history():
    found = read("zendesk.jsonl", zone=None, beside=DATA / "zendesk_metric_events.json")

    one, four = ticket(found, "1"), ticket(found, "4")
    assert some(one, "first_response", "resolved", "met", "priority", "kind") == (
        "2024-03-04 09:20",
        "2024-03-04 17:00",
        True,
        "urgent",
        "incident",
    )
    assert one["waits"] == [
        ("user", "2024-03-04 10:00", "2024-03-04 12:00"),
        ("supplier", "2024-03-04 13:00", "2024-03-04 16:00"),
    ]
    assert some(four, "resolved", "met") == ("2024-03-05 12:30", False)
    assert found.problems == {"cancelled": 1, "not-json": 1}
    assert found.beside.rows == 15


def test_glpi_says_when_it_was_due_and_whether_that_was_exceeded():
    found = read("glpi.csv")

    assert found.format == "glpi"
    one, two = ticket(found, "1"), ticket(found, "2")
    assert some(one, "resolved", "closed", "due", "met", "priority") == (
        "2024-03-04 10:00",
        "2024-03-08 08:00",
        "2024-03-04 12:00",
        True,
        "High",
    )
    assert some(two, "kind", "resolved", "met") == ("request", "", False)
    assert found.problems == {"times-reversed": 1}
    assert (found.examples[0].line, found.examples[0].column) == (5, "Resolution date")


def test_zammad_as_csv_of_its_report():
    found = read("zammad.csv")

    assert found.format == "zammad"
    one = ticket(found, "10001")
    assert some(one, "resolved", "closed", "first_response", "due", "met", "priority") == (
        "2024-03-04 12:00",
        "2024-03-04 12:00",
        "2024-03-04 08:10",
        "2024-03-04 11:00",
        False,
        "3 high",
    )
    assert found.problems == {"cancelled": 1}


def test_zammad_as_json_of_its_interface_closes_with_the_last_closing():
    found = read("zammad.json", zone=None)

    assert found.format == "zammad"
    assert some(ticket(found, "10001"), "closed", "met") == ("2024-03-04 12:00", True)
    assert some(ticket(found, "10002"), "closed", "due") == ("", "2024-03-05 11:00")


def test_django_helpdesk_as_tables():
    found = read("helpdesk_ticket.csv", zone=None, beside=DATA / "helpdesk_followup.csv")

    assert found.format == "django-helpdesk"
    one = ticket(found, "1")
    assert some(one, "resolved", "closed", "priority") == (
        "2024-03-05 13:00",
        "2024-03-08 09:00",
        "1",
    )
    assert one["waits"] == [("", "2024-03-04 11:00", "2024-03-05 11:00")]
    assert found.problems == {"cancelled": 2, "end-missing": 1}
    assert found.beside.problems == {"state-unknown": 1}


def test_django_helpdesk_as_json_carries_its_follow_ups():
    found = read("django_helpdesk.json", zone=None)

    assert ticket(found, "1")["resolved"] == "2024-03-04 11:00"
    assert found.problems == {"reported-missing": 1}


def test_our_own_columns_with_repeated_waits():
    found = read("neutral.csv", zone=None)

    one = ticket(found, "A1")
    assert one == {
        "began": "2024-03-02 10:00",
        "reported": "2024-03-04 08:00",
        "first_response": "2024-03-04 08:30",
        "resolved": "2024-03-04 16:00",
        "closed": "2024-03-05 08:00",
        "due": "2024-03-04 18:00",
        "priority": "urgent",
        "priority_opened": "normal",
        "kind": "incident",
        "met": True,
        "group": "mail",
        "waits": [
            ("user", "2024-03-04 09:00", "2024-03-04 10:00"),
            ("supplier", "2024-03-04 11:00", ""),
        ],
    }
    assert found.problems == {
        "times-reversed": 1,
        "reported-missing": 1,
        "reference-missing": 1,
        "moment-unreadable": 1,
        "cells": 1,
        "duplicate": 1,
    }
    assert found.history.excluded_waits == {"holder-unknown": 1, "wait-reversed": 1}


def test_our_own_columns_with_waits_in_a_second_file():
    found = read("neutral.csv", zone=None, beside=DATA / "neutral_waits.csv")

    assert ticket(found, "A2")["waits"] == [
        ("user", "2024-03-04 09:10", "2024-03-04 09:20"),
        ("customer", "2024-03-04 09:30", ""),
    ]
    assert found.history.excluded_waits == {
        "holder-unknown": 2,
        "wait-reversed": 2,
        "wait-start-missing": 1,
        "wait-of-no-ticket": 1,
    }
    assert "1 ticket of the second file is not in the first." in found.notes


def test_an_open_ticket_stays_open():
    found = read("neutral.csv", zone=None)
    row = found.history.refs.index("A2")

    assert np.all(found.history.resolved[row] == MISSING)
    assert found.history.is_open[row]
