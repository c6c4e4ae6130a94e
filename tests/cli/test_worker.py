"""`tricorn worker`: delivers, seals, gives signs of life, and outlives a database that goes away."""

import json
import os
import subprocess
import sys
import threading

import psycopg
import pytest

from tests.beside import PATIENCE, wait_until
from tests.cast import NOON, make_ticket
from tests.house.ground import ROOT
from tests.insight.replaying import uploaded
from tests.own_database import own_database
from tricorn.cli.worker import SEAL_AT, Worker
from tricorn.journal.models import Delivery, Seal
from tricorn.journal.sealing import pending


class StopsWhenItRests(threading.Event):
    """Asks the worker to stop when it has nothing to do for the first time."""

    def wait(self, timeout=None):
        self.set()
        return True


@pytest.mark.django_db
def test_a_turn_delivers_what_is_ready_and_leaves_a_sign_of_life(una, mail, tmp_path):
    make_ticket(una, mail)
    work = Worker(tmp_path / "workers", clock=lambda: NOON)

    assert work.turn() == 1

    assert Delivery.objects.get().state == "done"
    (sign,) = (tmp_path / "workers").glob("*.json")
    assert json.loads(sign.read_text())["at"] == NOON.isoformat()
    assert json.loads(sign.read_text())["pid"] == os.getpid()


@pytest.mark.django_db(transaction=True)
def test_a_run_that_waits_is_worked_on_beside_the_mail_and_leaves_no_thread(mo, tmp_path, settings):
    settings.HOME = tmp_path
    replay = uploaded(mo)
    work = Worker(tmp_path / "workers", clock=lambda: NOON)

    work.turn()
    work.finish()

    replay.refresh_from_db()
    assert (replay.state, replay.progress) == ("ready", 100)
    assert threading.active_count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_seals_at_its_start_and_then_leaves_its_sign_away_when_it_stops(una, mail, tmp_path):
    make_ticket(una, mail)
    work = Worker(tmp_path / "workers", clock=lambda: NOON, stop=StopsWhenItRests())

    work.run()

    assert Seal.objects.count() == 1
    assert pending() == 0
    assert list((tmp_path / "workers").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_thousand_lines_are_sealed_without_waiting_for_the_minute(house, tmp_path):
    from django.db import transaction

    from tricorn.journal.actor import COMMAND
    from tricorn.journal.verbs import Entry, write_all

    work = Worker(tmp_path / "workers", clock=lambda: NOON)
    work.seal()
    assert not work._is_time_to_seal()

    with transaction.atomic():
        entries = [Entry("test", number, "test.said") for number in range(SEAL_AT)]
        write_all(entries, by=COMMAND, at=NOON)

    assert work._is_time_to_seal()


@pytest.mark.django_db
def test_a_full_disk_does_not_stop_the_mail(una, mail, tmp_path):
    make_ticket(una, mail)
    (tmp_path / "workers").write_text("a file where the folder should be")

    assert Worker(tmp_path / "workers", clock=lambda: NOON).turn() == 1


@pytest.mark.only_on("postgresql")
def test_it_goes_on_after_the_database_closed_its_connections(tmp_path):
    with own_database(tmp_path) as environment:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tricorn", "worker"],
            cwd=ROOT,
            env=dict(environment),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_until(lambda: list((tmp_path / "workers").glob("*.json")))
            with psycopg.connect(environment["TRICORN_DATABASE"], autocommit=True) as operator:
                for _ in range(2):
                    wait_until(lambda: others(operator, "count(*)") > 0)
                    others(operator, "pg_terminate_backend(pid)")
                    wait_until(lambda: others(operator, "count(*)") > 0)
            assert worker.poll() is None
        finally:
            worker.terminate()
            _, said = worker.communicate(timeout=PATIENCE)

    assert worker.returncode == 0
    assert "the PostgreSQL database does not answer" in said
    assert "Trying again in 1 s." in said


def others(operator, what):
    """Ask about the connections of the worker: those to this database that are not ours."""
    rows = operator.execute(
        f"SELECT {what} FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchall()
    return rows[0][0] if rows else 0
