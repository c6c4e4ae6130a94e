"""One history under one agreement: what is judged, counted, compared and explained."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.engine.histories_given import agreement_of
from tricorn.engine.agreement import Clause
from tricorn.engine.clock import Holder
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Hours, Target
from tricorn.engine.replay import History, Row, reclock, reclock_many

DAYS = ("mon", "tue", "wed", "thu", "fri")
DESK = Hours.from_data({"zone": "Europe/Berlin", "weekly": dict.fromkeys(DAYS, ("08:00-20:00",))})


def clause(name: str, target: str, **more: object) -> Clause:
    given = {"kinds": (), "priorities": (), "start": "reported", "stop": "resolved"} | more
    return Clause(id=name, hours="desk", target=Target.parse(target), **given)


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    """A moment of 2026 in Berlin; 3 October is a Saturday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def test_the_saturday_is_on_time_by_the_contract_and_late_on_the_wall() -> None:
    history = History.from_rows([Row("A", at(3, 10), "2 - High", resolved=at(5, 9))])

    found = reclock(history, agreement_of(DESK, clause("R1", "4h")))

    gap = found.gaps()[0]
    assert (gap.attained.met, gap.attained_wall.met, gap.points) == (1, 0, 100.0)
    assert (gap.contract.median, gap.wall.median) == (1.0, 47.0)
    assert found.by_stop["resolved"].due[0] == at(5, 12).timestamp()
    assert "Mon 5 Oct 2026 12:00" in " ".join(found.ticket(0)[0].explanation.sentences)


def test_late_is_more_than_the_target_and_not_the_target_itself() -> None:
    history = History.from_rows(
        [
            Row("A", at(5, 8), resolved=at(5, 12)),
            Row("B", at(5, 8), resolved=at(5, 12) + timedelta(seconds=1)),
            Row("C", at(5, 16), resolved=at(6, 7)),
        ]
    )

    found = reclock(history, agreement_of(DESK, clause("R1", "4h")))

    assert found.by_stop["resolved"].met.tolist() == [True, False, True]


def test_the_first_clause_that_fits_decides() -> None:
    clauses = (
        clause("R1", "1h", kinds=("incident",), priorities=("critical", "high")),
        clause("R2", "2h", kinds=("incident",)),
        clause("R3", "1h", stop="closed", priorities=("critical", "high", "moderate", "low")),
    )
    rows = [
        Row("A", at(5, 8), "P1", resolved=at(5, 9), closed=at(5, 9)),
        Row("B", at(5, 8), "P3", resolved=at(5, 9), closed=at(5, 9)),
        Row("C", at(5, 8), "purple", resolved=at(5, 9), closed=at(5, 9)),
        Row("D", at(5, 8), "P1", "wish", resolved=at(5, 9)),
    ]

    found = reclock(History.from_rows(rows), agreement_of(DESK, *clauses))

    assert found.by_stop["resolved"].clause.tolist() == [0, 1, -1, -1]
    assert found.excluded_by("resolved") == {"priority-unknown": 1, "kind-not-covered": 1}
    # All priorities lead to one clause, so it does not matter that this one is unknown.
    assert found.by_stop["closed"].clause.tolist() == [2, 2, 2, 2]
    assert found.excluded_by("closed") == {"stop-missing": 1}
    assert found.excluded == {"stop-missing": 1}


def test_the_final_priority_decides_unless_the_opened_one_is_asked_for() -> None:
    rows = [Row("A", at(5, 8), "Low", priority_opened="Critical", resolved=at(5, 12))]
    clauses = (
        clause("R1", "1h", priorities=("critical",)),
        clause("R2", "8h", priorities=("low",)),
    )
    history, agreement = History.from_rows(rows), agreement_of(DESK, *clauses)

    final = reclock(history, agreement).attainment("priority")
    opened = reclock(history, agreement, priority_at="opened").attainment("priority")

    assert [(a.clause, a.priority, a.share.met) for a in final] == [("R2", "Low", 1)]
    assert [(a.clause, a.priority, a.share.met) for a in opened] == [("R1", "Critical", 0)]
    with pytest.raises(BadInput, match="final or opened"):
        reclock(history, agreement, priority_at="sometimes")


def test_months_are_those_of_the_report_on_the_calendar_of_the_agreement() -> None:
    rows = [
        Row("A", datetime(2026, 9, 30, 21, 59, tzinfo=UTC), resolved=at(5, 9)),
        Row("B", datetime(2026, 9, 30, 22, 0, tzinfo=UTC), resolved=at(5, 9, month=11)),
    ]

    found = reclock(History.from_rows(rows), agreement_of(DESK, clause("R1", "900h")))

    assert [(a.month, a.share.n) for a in found.attainment("month")] == [
        ("2026-09", 1),
        ("2026-10", 1),
    ]


def test_few_tickets_cannot_tell_and_many_can() -> None:
    rows = [Row(f"T{n}", at(5, 8), resolved=at(5, 9 + n % 2 * 9)) for n in range(40)]
    agreement = agreement_of(DESK, clause("R1", "4h"))

    few = reclock(History.from_rows(rows[:3]), agreement).attainment()[0].share
    many = reclock(History.from_rows(rows), agreement).attainment()[0].share

    assert (few.can_tell, many.can_tell) == (False, True)
    assert (many.met, many.n) == (20, 40)
    assert many.low < 0.5 < many.high


def test_an_open_ticket_counts_once_it_is_late_and_is_excluded_before() -> None:
    rows = [Row("A", at(5, 8)), Row("B", at(5, 11)), Row("C", at(5, 9), resolved=at(5, 13))]
    history = History.from_rows(rows, ended=at(5, 13))

    found = reclock(history, agreement_of(DESK, clause("R1", "4h")))

    share = found.attainment()[0].share
    assert (share.met, share.n) == (1, 2)
    assert found.excluded == {"open": 1}
    assert found.gaps()[0].n == 1
    assert found.ticket(1)[0].reason == "open"
    assert found.ticket(1)[0].due == at(5, 15)


def test_waits_of_those_whom_the_clause_names_stop_the_clock() -> None:
    waits = [
        ("customer", at(5, 7), at(5, 9)),
        ("customer", at(5, 8, 30), at(5, 10)),
        ("supplier", at(5, 10), at(5, 12)),
        ("", at(5, 13), at(5, 14)),
        ("customer", at(5, 15), at(8, 15)),
    ]
    history = History.from_rows([Row("A", at(5, 8), resolved=at(5, 16), waits=waits)])
    stopped_by = frozenset({Holder.CUSTOMER})

    found = reclock(history, agreement_of(DESK, clause("R1", "4h", stopped_by=stopped_by)))

    verdict = found.ticket(0)[0]
    assert verdict.elapsed == 4 * 3600
    assert verdict.met
    assert verdict.due == at(5, 15)


def test_service_days_have_no_time_on_the_wall_to_compare_with() -> None:
    history = History.from_rows([Row("A", at(5, 8), resolved=at(6, 8))])

    gap = reclock(history, agreement_of(DESK, clause("R1", "1d"))).gaps()[0]

    assert (gap.attained.met, gap.attained_wall, gap.points) == (1, None, None)
    assert (gap.contract.total, gap.wall.total) == (12.0, 24.0)


def test_an_empty_history_has_nothing_to_tell() -> None:
    found = reclock(History.from_rows([]), agreement_of(DESK, clause("R1", "4h")))

    assert found.attainment()[0].share.value is None
    assert found.attainment("month") == ()
    assert (found.gaps()[0].contract, found.gaps()[0].points) == (None, None)
    assert found.excluded == {}
    with pytest.raises(IndexError, match="no ticket 0"):
        found.ticket(0)


def test_many_at_once_takes_targets_by_priority_and_of_any_length() -> None:
    rows = [
        Row("A", at(5, 8), "High", resolved=at(5, 12)),
        Row("B", at(5, 8), "Low", resolved=at(7, 12)),
        Row("C", at(5, 8), "Low", first_response=at(5, 9), closed=at(5, 9)),
    ]
    history = History.from_rows(rows)
    hours, century = Target(seconds=4 * 3600), Target(seconds=100 * 365 * 86_400)

    found = reclock_many(history, [DESK, Hours.always()], [[hours, Target(days=2)], hours, century])

    assert found.met.tolist() == [[[1, 0], [1, 0], [1, 1]], [[1, 0], [1, 0], [1, 1]]]
    assert found.n[0, 0].tolist() == [1, 1]
    assert found.excluded == 1
    assert found.shares[0, 2].tolist() == [1.0, 1.0]
    with pytest.raises(BadInput, match="3 targets do not fit 2 priorities"):
        reclock_many(history, [DESK], [[hours, hours, hours]])
