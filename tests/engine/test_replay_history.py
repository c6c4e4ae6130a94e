"""Histories: what is kept, what is left out and counted, how priorities are read."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tricorn.engine.errors import BadInput, BadTimeline
from tricorn.engine.replay import (
    MISSING,
    SENTENCES,
    WAIT_SENTENCES,
    History,
    Row,
    guess_priority,
    read_priorities,
)
from tricorn.engine.replay.reasons import (
    DUPLICATE,
    IMPOSSIBLE,
    NO_START,
    REVERSED,
    WAIT_IMPOSSIBLE,
    WAIT_NO_START,
    WAIT_NO_TICKET,
    WAIT_REVERSED,
)

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
SECOND = int(NOON.timestamp())


def test_rows_become_columns() -> None:
    history = History.from_rows(
        [
            Row("A", NOON, "3 - Moderate", began=SECOND - 60, resolved=SECOND + 60, person="una"),
            Row("B", NOON, "High", "request", "3 - Moderate", met=True, due=SECOND + 9),
            Row("C", NOON, "High", person="una", met=False, waits=[("supplier", SECOND, None)]),
        ]
    )

    assert len(history) == 3
    assert history.priorities == ("3 - Moderate", "High")
    assert history.priority.tolist() == [0, 1, 1]
    assert history.priority_opened.tolist() == [0, 0, 1]
    assert [history.kinds[k] for k in history.kind] == ["incident", "request", "incident"]
    assert history.resolved.tolist() == [SECOND + 60, MISSING, MISSING]
    assert history.person.tolist() == [0, -1, 0]
    assert history.flag.tolist() == [-1, 1, 0]
    assert history.is_open.tolist() == [False, True, True]
    assert history.starts("began").tolist() == [SECOND - 60, SECOND, SECOND]
    assert (history.wait_ticket.tolist(), history.wait_end.tolist()) == ([2], [MISSING])
    assert history.until == SECOND + 60


def test_fractions_of_a_second_are_cut_off_also_before_1970() -> None:
    before = datetime(1969, 12, 31, 23, 59, 58, 500_000, tzinfo=UTC)

    history = History.from_rows([Row("A", before), Row("B", NOON.replace(microsecond=999_999))])

    assert history.reported.tolist() == [-2, SECOND]


def test_what_is_left_out_is_counted_by_its_first_reason() -> None:
    rows = [
        Row("A", NOON),
        Row("A", None),
        Row("B", None),
        Row("C", NOON, resolved=SECOND - 1),
        Row("D", NOON, closed=SECOND - 1),
        Row("E", NOON, began=SECOND + 1),
        Row("F", NOON, first_response=SECOND - 1),
        Row("G", NOON, due=datetime(9998, 1, 1, tzinfo=UTC)),
        Row("H", datetime(1899, 12, 31, tzinfo=UTC)),
    ]

    history = History.from_rows(rows, excluded={"no number": 2, DUPLICATE: 1})

    assert history.refs == ("A", "F")
    assert history.excluded == {
        "no number": 2,
        DUPLICATE: 2,
        NO_START: 1,
        IMPOSSIBLE: 2,
        REVERSED: 3,
    }
    assert set(history.excluded) - {"no number"} <= set(SENTENCES)


def test_waits_that_cannot_be_are_counted_and_the_others_find_their_ticket() -> None:
    rows = [
        Row("A", None, waits=[("customer", SECOND, SECOND + 1)]),
        Row("B", NOON, waits=[("customer", None, SECOND), ("client", SECOND, SECOND - 1)]),
        Row("C", NOON, waits=[("", SECOND, SECOND + 5), ("user", SECOND, 10**12)]),
    ]

    history = History.from_rows(rows)

    assert history.excluded_waits == {
        WAIT_NO_TICKET: 1,
        WAIT_NO_START: 1,
        WAIT_IMPOSSIBLE: 1,
        WAIT_REVERSED: 1,
    }
    assert set(history.excluded_waits) <= set(WAIT_SENTENCES)
    assert [history.refs[k] for k in history.wait_ticket] == ["C"]


def test_arrays_make_the_same_history_as_rows() -> None:
    rows = [
        Row("A", NOON, "High", resolved=SECOND + 60, waits=[("customer", SECOND, None)]),
        Row("B", None, "Low"),
        Row("C", NOON, "Low", "request", resolved=SECOND + 90),
    ]
    arrays = History.from_columns(
        ["A", "B", "C"],
        np.array([SECOND, MISSING, SECOND]),
        priority=["High", "Low", "Low"],
        kind=["incident", "incident", "request"],
        resolved=np.array([SECOND + 60, MISSING, SECOND + 90]),
        waits=([0], [SECOND], [MISSING], ["customer"]),
    )

    told = History.from_rows(rows)

    assert arrays.refs == told.refs
    assert arrays.excluded == told.excluded == {NO_START: 1}
    for name in ("priority", "kind", "reported", "resolved", "due", "wait_ticket", "wait_holder"):
        assert getattr(arrays, name).tolist() == getattr(told, name).tolist(), name


def test_some_tickets_keep_their_waits_and_the_end_of_the_log() -> None:
    rows = [
        Row(f"T{n}", SECOND + n, waits=[("customer", SECOND + n, SECOND + 100 + n)])
        for n in range(5)
    ]
    history = History.from_rows(rows)

    part = history.take(np.array([False, True, False, True, False]))

    assert part.refs == ("T1", "T3")
    assert part.wait_ticket.tolist() == [0, 1]
    assert part.wait_end.tolist() == [SECOND + 101, SECOND + 103]
    assert part.until == history.until


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"resolvd": np.zeros(1)}, "no column resolvd"),
        ({"resolved": np.zeros(2)}, "2 entries for 1"),
        ({"waits": ([0], [0], [1], ["the weather"])}, "the weather"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: dict, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        History.from_columns(["A"], np.array([0]), **columns)


def test_a_moment_without_a_zone_is_refused_by_name() -> None:
    with pytest.raises(BadTimeline, match=r"T-9.*no time zone"):
        History.from_rows([Row("T-9", datetime(2026, 1, 1, 8))])
    with pytest.raises(BadTimeline, match="whole UTC seconds"):
        History.from_rows([Row("T-9", 1.5)])


@pytest.mark.parametrize(
    ("name", "priority"),
    [
        ("1 - Critical", "critical"),
        ("2 - High", "high"),
        ("3 - Moderate", "moderate"),
        ("4 - Low", "low"),
        ("5 - Planning", "low"),
        ("P1", "critical"),
        ("p4", "low"),
        ("2", "high"),
        ("Highest", "critical"),
        ("Lowest", "low"),
        ("Medium", "moderate"),
        ("Blocker", "critical"),
        ("Very high", "critical"),
        ("very low", "low"),
        ("2 normal", "moderate"),
        ("3 high", "high"),
        ("Urgent", "critical"),
        ("Sehr hoch", "critical"),
        ("moyenne", "moderate"),
        ("purple", None),
        ("", None),
        ("12", None),
        ("Highlands", None),
    ],
)
def test_the_priorities_of_sources_are_read_by_their_words_then_numbers(
    name: str, priority: str | None
) -> None:
    assert guess_priority(name) == priority


def test_a_mapping_goes_before_guessing_and_is_checked() -> None:
    assert read_priorities(("High", "purple"), {"purple": "low"}) == {
        "High": "high",
        "purple": "low",
    }
    assert read_priorities(("1",), {"1": "low"}) == {"1": "low"}
    with pytest.raises(BadInput, match="cannot be 'lowish'"):
        read_priorities(("1",), {"1": "lowish"})
