"""Running clocks go on by a newer version where its signed text says so, and stay where it does not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import A7, HOUR, LONG_AGO, MONDAY, NOON, SATURDAY, make_ticket
from tricorn.agreements.verbs import activate
from tricorn.cli.worker import Worker
from tricorn.engine import agreement as text
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.models import Line
from tricorn.tickets import verbs
from tricorn.tickets.jobs import move_clocks, note_move
from tricorn.tickets.models import Move, Ticket
from tricorn.tickets.reads.explained import clocks_shown
from tricorn.tickets.verbs import moves

# Begins on Tuesday, 13 October, with half the time to resolve.
STAYS = A7.replace("from = 2026-05-04", "from = 2026-10-13").replace('"8h"', '"4h"')
MOVES = STAYS.replace("[parties]", 'running = "move"\n\n[parties]')
TUESDAY = MONDAY + timedelta(days=1)  # 08:00 in Berlin
MIDNIGHT = TUESDAY - 8 * HOUR


def put(toml: str, at: datetime = LONG_AGO):
    version = activate(text.Agreement.from_toml(toml), by=COMMAND, at=at).version
    for line in Line.objects.filter(kind="agreement.activated"):
        note_move(line, at)
    return version


def work(at: datetime = TUESDAY) -> None:
    while move_clocks(at):
        pass


def runs_by(ticket: Ticket) -> set[str]:
    ticket.refresh_from_db()
    clauses = {str(clock.clause.version) for clock in ticket.clocks.all() if clock.clause}
    return {str(ticket.version), *clauses}


def test_running_clocks_move_when_the_version_begins_and_not_before(a7, cleo, mail):
    ticket = make_ticket(cleo, mail)
    second = put(MOVES)

    work(MIDNIGHT - HOUR)
    assert runs_by(ticket) == {"A-7 v1"}
    work(TUESDAY)

    assert runs_by(ticket) == {"A-7 v2"}
    assert second.from_at == MIDNIGHT
    clock = ticket.clocks.get(measure="resolution")
    assert (clock.started_at, clock.due_at) == (MONDAY, MONDAY + 4 * HOUR)
    assert ticket.covered_by == "A-7 v2 covers Finance; Finance pays."


def test_without_the_words_in_the_text_nothing_moves(a7, cleo, mail, desi):
    ticket = make_ticket(cleo, mail)
    put(STAYS)

    work()
    verbs.prioritise(ticket, by=desi.actor, at=TUESDAY, priority="high")

    assert Move.objects.count() == 0
    assert runs_by(ticket) == {"A-7 v1"}


def test_another_priority_keeps_the_version_of_the_report_and_after_a_move_the_newer_one(
    a7, cleo, mail, desi
):
    ticket = make_ticket(cleo, mail)
    put(MOVES)
    verbs.prioritise(ticket, by=desi.actor, at=MIDNIGHT - HOUR, priority="high")
    assert runs_by(ticket) == {"A-7 v1"}

    work()
    verbs.prioritise(ticket, by=desi.actor, at=TUESDAY + HOUR, priority="low")

    assert runs_by(ticket) == {"A-7 v2"}


def test_each_move_is_a_line_and_the_explanation_says_so(a7, cleo, mail):
    ticket = make_ticket(cleo, mail)
    second = put(MOVES)
    work(TUESDAY + 3 * HOUR)

    line = Line.objects.about("ticket", ticket.pk).get(kind="ticket.moved")
    assert (line.at, line.actor) == (MIDNIGHT, WORKER)
    assert line.data == {"agreement": "A-7", "was": 1, "now": 2, "version": second.pk}
    for clock in clocks_shown(ticket, at=TUESDAY + 3 * HOUR):
        assert clock.version == 2
        assert clock.sentences[-1] == (
            "Since 13 October 2026 00:00 it runs by A-7 v2, before by A-7 v1: "
            "the signed text moves the clocks that run."
        )


def test_what_had_ended_before_keeps_its_verdict_and_what_ended_since_moves(a7, cleo, mail, desi):
    before = make_ticket(cleo, mail, at=SATURDAY)
    since = make_ticket(cleo, mail, text="Another")
    verbs.resolve(before, by=desi.actor, at=NOON, note="Fixed")
    verbs.resolve(since, by=desi.actor, at=MIDNIGHT + HOUR, note="Fixed")
    put(MOVES)

    work()

    assert runs_by(before) == {"A-7 v1"}
    assert runs_by(since) == {"A-7 v2"}
    assert since.clocks.get(measure="resolution").is_met is False


def test_when_the_worker_comes_by_decides_nothing(a7, cleo, mail, desi):
    early, late = (make_ticket(cleo, mail, text=each) for each in ("One", "Two"))
    put(MOVES)
    work(MIDNIGHT)
    Move.objects.update(done_at=None, last_ticket=early.pk)
    Ticket.objects.filter(pk=late.pk).update(version=a7)
    verbs.resolve(early, by=desi.actor, at=TUESDAY, note="Fixed")
    verbs.resolve(late, by=desi.actor, at=TUESDAY, note="Fixed")
    work(TUESDAY + HOUR)

    columns = ("measure", "due_at", "breach_at", "elapsed_seconds", "closed_seconds", "is_met")
    assert list(early.clocks.values_list(*columns)) == list(late.clocks.values_list(*columns))


def test_waits_stay_counted(a7, cleo, mail, desi):
    ticket = make_ticket(cleo, mail)
    verbs.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="customer")
    verbs.go_on(ticket, by=desi.actor, at=MONDAY + 3 * HOUR)
    put(MOVES)

    work()

    assert ticket.clocks.get(measure="resolution").due_at == MONDAY + 6 * HOUR


def test_whom_the_newer_version_does_not_cover_stays(a7, cleo, clive, mail):
    ticket, own = make_ticket(cleo, mail), make_ticket(clive, mail, text="Mine")
    put(MOVES.replace('organisation = "Finance"', 'person = "clive@example.org"'))

    work()

    assert runs_by(ticket) == {"A-7 v1"}
    assert runs_by(own) == {"A-7 v2"}
    assert Move.objects.get().done_at == TUESDAY


def test_another_agreement_and_the_house_promise_stay(a7, cleo, una, mail):
    activate(
        text.Agreement.from_toml(
            A7.replace('"A-7"', '"B-1"').replace('organisation = "Finance"', 'person = "Una"')
        ),
        by=COMMAND,
        at=LONG_AGO,
    )
    other = make_ticket(una, mail)
    nobody = make_ticket(None, mail, text="A visitor asks")
    put(MOVES)

    work()

    assert runs_by(other) == {"B-1 v1"}
    assert runs_by(nobody) == {"None"}


def test_a_text_put_on_record_after_its_day_moves_from_then_on(a7, cleo, mail, desi):
    done, runs = make_ticket(cleo, mail), make_ticket(cleo, mail, text="Another")
    verbs.resolve(done, by=desi.actor, at=TUESDAY, note="Fixed")

    put(MOVES, at=TUESDAY + HOUR)
    work(TUESDAY + 2 * HOUR)

    assert runs_by(done) == {"A-7 v1"}
    assert runs_by(runs) == {"A-7 v2"}
    assert Line.objects.get(kind="ticket.moved").at == TUESDAY + HOUR


def test_who_it_is_for_may_change_afterwards_and_the_newer_version_still_holds(
    a7, cleo, clive, mail, desi
):
    ticket = make_ticket(cleo, mail)
    put(MOVES)
    work()

    verbs.change_persons(ticket, by=desi.actor, at=TUESDAY + HOUR, requester=clive, affected=None)

    assert runs_by(ticket) == {"A-7 v2"}


def test_a_worker_that_was_killed_goes_on_where_it_was_and_twice_is_once(
    a7, cleo, mail, monkeypatch
):
    tickets = [make_ticket(cleo, mail, text=f"Number {n}") for n in range(5)]
    put(MOVES)
    monkeypatch.setattr(moves, "BATCH", 2)
    assert move_clocks(TUESDAY) == 2

    def dies(*arguments, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moves, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            move_clocks(TUESDAY)
    assert Line.objects.filter(kind="ticket.moved").count() == 2
    work()
    work()

    assert all(runs_by(ticket) == {"A-7 v2"} for ticket in tickets)
    assert Line.objects.filter(kind="ticket.moved").count() == 5


def test_the_line_is_heard_twice_and_remembered_once(a7):
    put(MOVES)
    put(MOVES)

    assert Move.objects.get().at == MIDNIGHT


def test_nothing_due_costs_one_query_however_many_tickets_are_open(
    a7, cleo, mail, django_assert_num_queries
):
    for n in range(3):
        make_ticket(cleo, mail, text=f"Number {n}")
    put(MOVES)

    with django_assert_num_queries(1):
        assert move_clocks(MONDAY) == 0
    work()
    with django_assert_num_queries(1):
        assert move_clocks(TUESDAY) == 0


def test_tickets_are_found_by_the_index_of_what_runs_by_a_version(a7, cleo, mail):
    for number in range(40):
        make_ticket(cleo, mail, text=f"Mail is slow, again {number}")
    Ticket.objects.filter(pk__gt=Ticket.objects.earliest("pk").pk).update(state="closed")
    move = Move(version=put(MOVES), at=MIDNIGHT)
    with CaptureQueriesContext(connection) as queries:
        moves._next(move.version, move)
    sql = next(each["sql"] for each in queries if "IN ('new', 'open', 'waiting')" in each["sql"])

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # So few rows that any plan will do: without a sort only what is in order already.
            cursor.execute("ANALYZE tickets_ticket")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{plan} {sql}")
        assert "ticket_runs_by" in str(cursor.fetchall())


def test_the_worker_moves_them_in_its_turn(a7, cleo, mail, tmp_path):
    ticket = make_ticket(cleo, mail)
    activate(text.Agreement.from_toml(MOVES), by=COMMAND, at=LONG_AGO)
    worker = Worker(tmp_path, clock=lambda: TUESDAY)

    while worker.turn():
        pass

    assert runs_by(ticket) == {"A-7 v2"}
