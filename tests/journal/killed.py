"""A program for test_killed_worker: workers that are killed at random while they deliver.

    python -m tests.journal.killed FILE COUNT

Writes COUNT lines, lets two workers at a time deliver them, each telling the line's id to FILE,
and kills them by force after 30 to 200 ms, until nothing waits. Prints how many were killed.
"""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

from tricorn.cli import database

LEASE = timedelta(seconds=1)
SECONDS_AT_MOST = 150


def main(file: str, count: int) -> int:
    database.ready()
    from django.db import connections, transaction

    from tricorn.journal.actor import COMMAND
    from tricorn.journal.models import Delivery
    from tricorn.journal.reactors import register
    from tricorn.journal.verbs import Entry, write_all

    told = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(line, at):
        time.sleep(0.004)  # as a letter takes its time: so that most kills hit one in flight
        os.write(told, f"{line.pk}\n".encode())
        time.sleep(0.002)

    register("tally", ["test.told"], tell)
    with transaction.atomic():
        entries = [Entry("test", number, "test.told") for number in range(count)]
        write_all(entries, by=COMMAND, at=datetime.now(UTC))
    luck = random.Random(7475)
    kills = 0
    workers: dict[int, float] = {}
    patience = time.monotonic() + SECONDS_AT_MOST
    while time.monotonic() < patience:
        while len(workers) < 2:
            connections.close_all()
            workers[start()] = time.monotonic() + luck.uniform(0.03, 0.2)
        time.sleep(0.005)
        for pid in [pid for pid, ends in workers.items() if ends < time.monotonic()]:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            del workers[pid]
            kills += 1
        if kills % 10 == 0 and not Delivery.objects.filter(state="waiting").exists():
            break
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return kills


def start() -> int:
    """Fork a worker that delivers until it is killed; return its process id."""
    from tricorn.journal.deliver import run_once

    pid = os.fork()
    while pid == 0:
        if not run_once(lambda: datetime.now(UTC), lease=LEASE):
            time.sleep(0.01)
    return pid


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
