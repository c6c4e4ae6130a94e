"""Random histories: the columns say what each ticket's own clock says."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.histories_given import SOURCE, Told, agreement_of, stories, targets
from tricorn.engine.agreement import PRIORITIES, Agreement, Clause
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours, Schedule, Window
from tricorn.engine.replay import MISSING, History, Row, reclock, reclock_many
from tricorn.engine.replay.reasons import (
    NO_STOP,
    OPEN,
    OTHER_KIND,
    OTHER_PRIORITY,
    STOP_BEFORE_START,
    UNKNOWN_PRIORITY,
)
from tricorn.engine.replay.reclock import REASONS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(moment: datetime | None) -> int:
    return MISSING if moment is None else (moment - EPOCH) // timedelta(seconds=1)


def slow_verdict(
    row: Row, agreement: Agreement, stop: str, until: datetime, opened: bool
) -> tuple[str | None, str, int, bool, int]:
    """One ticket and one stop, by the engine's single clock: clause, reason, elapsed, met, due."""
    clause, reason = slow_choice(row, agreement, stop, opened)
    if clause is None:
        return None, reason, 0, False, MISSING
    begin = row.began if clause.start == "began" and row.began is not None else row.reported
    end = getattr(row, stop)
    if end is not None and end < begin:
        return clause.id, STOP_BEFORE_START, 0, False, MISSING
    if end is None and (row.resolved or row.closed):
        return clause.id, NO_STOP, 0, False, MISSING
    clock = Told(row).clock(agreement.terms(clause), clause.start, stop)
    at = until if end is None else end
    late = clock.breached(at)
    undecided = end is None and not late
    elapsed = clock.elapsed(at) // timedelta(seconds=1)
    return clause.id, OPEN if undecided else "", elapsed, not late, seconds(clock.due(at))


def slow_choice(
    row: Row, agreement: Agreement, stop: str, opened: bool
) -> tuple[Clause | None, str]:
    name = row.priority_opened if opened and row.priority_opened is not None else row.priority
    known = SOURCE.get(name)
    of_stop = [clause for clause in agreement.clauses if clause.stop == stop]
    firsts = [
        next((clause for clause in of_stop if clause.applies_to(row.kind, each)), None)
        for each in ((known,) if known else PRIORITIES)
    ]
    if not any(not clause.kinds or row.kind in clause.kinds for clause in of_stop):
        return None, OTHER_KIND
    if any(first is not firsts[0] for first in firsts):
        return None, UNKNOWN_PRIORITY
    return firsts[0], "" if firsts[0] else OTHER_PRIORITY


@settings(max_examples=75, deadline=None)
@given(stories(), st.booleans())
def test_every_ticket_is_judged_as_its_own_clock_judges_it(
    story: tuple[list[Row], Agreement], opened: bool
) -> None:
    rows, agreement = story
    history = History.from_rows(rows)
    until = EPOCH + timedelta(seconds=history.until)

    found = reclock(history, agreement, mapping=SOURCE, priority_at="opened" if opened else "final")

    for stop, verdicts in found.by_stop.items():
        for n, row in enumerate(rows):
            clause, reason, elapsed, met, due = slow_verdict(row, agreement, stop, until, opened)
            k = int(verdicts.clause[n])
            assert (agreement.clauses[k].id if k >= 0 else None) == clause
            assert REASONS[verdicts.reason[n]] == reason
            assert verdicts.elapsed[n] == elapsed
            assert verdicts.due[n] == due
            if not reason:
                assert bool(verdicts.met[n]) == met


@settings(max_examples=30, deadline=None)
@given(stories())
def test_what_is_judged_and_what_is_excluded_are_all_tickets(
    story: tuple[list[Row], Agreement],
) -> None:
    rows, agreement = story
    twice = [*rows, rows[0], Row("lost", reported=None)]

    found = reclock(History.from_rows(twice), agreement, mapping=SOURCE)

    assert int(found.is_judged.sum()) + sum(found.excluded.values()) == len(twice)
    for stop, verdicts in found.by_stop.items():
        judged = int(verdicts.is_judged.sum())
        assert judged + sum(found.excluded_by(stop).values()) == len(rows)
        of_stop = [c.id for c in agreement.clauses if c.stop == stop]
        for by in ("clause", "priority", "month"):
            counted = [each for each in found.attainment(by) if each.clause in of_stop]
            assert sum(each.share.n for each in counted) == judged
            met = int(verdicts.met[verdicts.is_judged].sum())
            assert sum(each.share.met for each in counted) == met


@settings(max_examples=30, deadline=None)
@given(stories(), st.integers(0, 5))
def test_a_ticket_is_explained_with_the_time_that_its_column_has(
    story: tuple[list[Row], Agreement], n: int
) -> None:
    rows, agreement = story
    found = reclock(History.from_rows(rows), agreement, mapping=SOURCE)

    for verdict in found.ticket(n % len(rows)):
        assert (verdict.clause is None) <= bool(verdict.reason)
        if verdict.explanation is not None:
            counted = sum((s.length for s in verdict.explanation.counted), timedelta())
            assert counted == timedelta(seconds=verdict.elapsed)


ODD = Hours.from_data({"zone": "Europe/Berlin", "weekly": {"mon": ["08:00:07-11:31:13"]}})


@settings(max_examples=30, deadline=None)
@given(
    stories(),
    st.lists(targets, min_size=1, max_size=3),
    st.sampled_from(["first_response", "resolved", "closed"]),
    st.frozensets(st.sampled_from(list(Holder)), max_size=3),
)
def test_many_at_once_are_the_same_as_one_by_one(
    story: tuple[list[Row], Agreement],
    wanted: list,
    stop: str,
    stopped_by: frozenset[Holder],
) -> None:
    rows, agreement = story
    history = History.from_rows(rows)
    calendars = [agreement.hours["desk"], ODD, Hours.always("Asia/Tokyo")]

    found = reclock_many(history, calendars, wanted, stop=stop, stopped_by=stopped_by)

    for c, hours in enumerate(calendars):
        for t, target in enumerate(wanted):
            clause = Clause("R1", (), (), "reported", stop, "desk", target, stopped_by=stopped_by)
            one = reclock(history, agreement_of(hours, clause), mapping=SOURCE)
            rows_, met = one.judged(0)
            codes = history.priority[rows_]
            size = len(history.priorities)
            assert found.n[c, t].tolist() == np.bincount(codes, minlength=size).tolist()
            assert found.met[c, t].tolist() == np.bincount(codes[met], minlength=size).tolist()


@settings(max_examples=30, deadline=None)
@given(stories(), st.integers(1, 10))
def test_a_longer_target_never_lowers_the_share_on_time(
    story: tuple[list[Row], Agreement], more: int
) -> None:
    rows, agreement = story
    history, hours = History.from_rows(rows), agreement.hours["desk"]
    for clause in agreement.clauses:
        target = clause.target
        longer = type(target)(
            **{k: v * (1 + more) for k, v in vars_of(target).items() if v is not None}
        )
        asked = {"start": clause.start, "stop": clause.stop, "stopped_by": clause.stopped_by}

        met = reclock_many(history, [hours], [target, longer], **asked).met[0]

        assert (met[1] >= met[0]).all()


def vars_of(target) -> dict[str, int | None]:
    return {"seconds": target.seconds, "days": target.days}


@settings(max_examples=30, deadline=None)
@given(stories())
def test_an_hour_that_is_served_never_runs_slower_than_one_that_is_not(
    story: tuple[list[Row], Agreement],
) -> None:
    """Around the clock, the service time is the time on the wall without pauses."""
    rows, agreement = story
    found = reclock(History.from_rows(rows), agreement, mapping=SOURCE)
    always = agreement_of(Hours.always("UTC"), *agreement.clauses)
    wide = reclock(History.from_rows(rows), always, mapping=SOURCE)

    for stop, verdicts in found.by_stop.items():
        assert (wide.by_stop[stop].elapsed >= verdicts.elapsed).all()


def test_the_oldest_and_the_longest_are_exact_without_a_table() -> None:
    week = ((Window(8 * 3600 + 7, 12 * 3600),),) * 7
    rows = [
        Row(f"T{n}", reported=n * 10**8, resolved=n * 10**8 + 10**9, priority="1")
        for n in range(-10, 20)
    ]
    history, hours = History.from_rows(rows), Hours("America/New_York", week)

    found = reclock_many(history, [hours], [targets_of(hours, row) for row in rows])

    assert found.met[0, :, 0].tolist() == [
        sum(elapsed(hours, other) <= elapsed(hours, row) for other in rows) for row in rows
    ]


def elapsed(hours: Hours, row: Row) -> int:
    start, end = (EPOCH + timedelta(seconds=s) for s in (row.reported, row.resolved))
    return Schedule(hours).elapsed(start, end) // timedelta(seconds=1)


def targets_of(hours: Hours, row: Row):
    from tricorn.engine.hours import Target

    return Target(seconds=elapsed(hours, row))
