"""A program for test_killed_worker: workers that are killed at random while they deliver.

    python -m tests.journal.killed FILE COUNT

Writes COUNT lines, lets two workers at a time deliver them, each telling the line's id to FILE,
and kills each by force after some lines, until nothing waits. Prints how many were killed.
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
    workers: dict[int, int] = {}  # each with the number of lines told at which it is killed
    patience = time.monotonic() + SECONDS_AT_MOST
    while Delivery.objects.filter(state="waiting").exists() and time.monotonic() < patience:
        connections.close_all()
        while len(workers) < 2:
            workers[start()] = lines_in(file) + luck.randint(2, 12)
        time.sleep(luck.uniform(0.002, 0.01))
        for pid in [pid for pid, ends in workers.items() if ends <= lines_in(file)]:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            del workers[pid]
            kills += 1
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return kills


def lines_in(file: str) -> int:
    with open(file, "rb") as stream:
        return stream.read().count(b"\n")


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
