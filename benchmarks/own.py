"""The program's own tickets as a history: `python -m benchmarks.own [COUNT]`.

Loads a made-up history through the import's own verb into a fresh SQLite file (or TRICORN_DATABASE),
then reads it as the replay does: from the database, from the file that is kept beside it, and from
that file after some tickets have changed. Seconds by the clock and of the processor; the file's size.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.web import load

ROUNDS = 5
CHANGED = 40
BEGAN, ENDS = datetime(2015, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)


def best(task: Callable[[], object]) -> str:
    """Return the seconds of the fastest of some rounds: by the clock, and of the processor."""
    times = []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        task()
        times.append((time.perf_counter() - began, time.process_time() - worked))
    wall, processor = (min(each) for each in zip(*times, strict=True))
    return f"{wall:8.3f} s{processor:8.3f} s"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRICORN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tricorn.config.settings"
        load(count)
        from django.utils import timezone

        from tricorn.engine.replay import History
        from tricorn.insight.replays import loaded
        from tricorn.insight.replays.loaded import own_history
        from tricorn.parties.models import Person
        from tricorn.tickets.models import Ticket
        from tricorn.tickets.verbs import add_note

        at = timezone.now()

        def own() -> History:
            return own_history(None, BEGAN, ENDS, at=at)

        def afresh() -> History:
            for path in loaded.folder().glob("*.npz"):
                path.unlink()
            return own()

        first = best(afresh)
        history = own()
        size = sum(path.stat().st_size for path in loaded.folder().glob("*.npz"))
        second = best(own)
        desi = Person.objects.get(name__startswith="Desi")
        for ticket in Ticket.objects.order_by("-pk")[:CHANGED]:
            add_note(ticket, text="Looked at", by=desi.actor, at=at)
        print(f"{len(history):,} tickets, {len(history.wait_ticket):,} waits")
        print(f"{'from the database':<40}{first}")
        print(f"{'from the file':<40}{second}   {size / 1e6:.1f} MB")
        print(f"{f'from the file, {CHANGED} tickets changed':<40}{best(own)}")


if __name__ == "__main__":
    main()
