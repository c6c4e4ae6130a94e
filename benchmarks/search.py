"""Finding among very many tickets: `python -m benchmarks.search [COUNT]`.

Loads a made-up history whose words are as unequal as those of a language into a fresh SQLite file
(or TRICORN_DATABASE), then asks again and again; beside it a LIKE over the same texts.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from statistics import median

ROUNDS = 7
WORDS = 30_000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250_000
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRICORN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tricorn.config.settings"
        some, rare = load(count)
        size = sum(each.stat().st_size for each in Path(home).rglob("*") if each.is_file())
        if size > 1_000_000:
            print(f"the database has {size / 1e6:,.0f} MB")
        measure(some, rare)


def load(count: int) -> tuple[str, str]:
    """Fill the database; return a word that some tickets have, and a rare one."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from benchmarks.history import records
    from tricorn.catalogue.models import Service
    from tricorn.demo.fill import fill
    from tricorn.journal import triggers
    from tricorn.journal.actor import IMPORT
    from tricorn.parties.models import Organisation
    from tricorn.tickets.imports import Record, store

    triggers.install(connection)
    at = datetime.now(UTC)
    fill(at=at)
    chance = random.Random(7)
    words = [
        f"{chance.choice('bdfgklmnprstvz')}{chance.choice('aeiou')}{n:x}" for n in range(WORDS)
    ]
    weights = list(accumulate(1 / (n + 3) for n in range(WORDS)))

    def told() -> Iterator[Record]:
        for record in records(count, until=at):
            said = chance.choices(words, cum_weights=weights, k=40)
            yield Record(**{**vars(record), "text": f"{record.summary} {' '.join(said)}"})

    began = time.perf_counter()
    store(
        told(),
        Service.objects.get(slug="workplace-it"),
        by=IMPORT,
        at=at,
        organisation=Organisation.objects.get(name="Finance"),
    )
    print(f"{count:,} tickets loaded in {time.perf_counter() - began:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return words[400], words[20_000]


def measure(some: str, rare: str) -> None:
    from django.db import connection

    from tricorn.engine.roles import find_scheme
    from tricorn.parties.models import Person
    from tricorn.search import reads, verbs
    from tricorn.standing.portrait import portrait
    from tricorn.tickets.models import Message, Ticket
    from tricorn.tickets.reads import queue
    from tricorn.tickets.reads.filters import Filters
    from tricorn.tickets.reads.search import alike_at_desk, results

    at = datetime.now(UTC)
    desi = Person.objects.get(name__startswith="Desi")
    agent = queue.Agent.of(portrait(desi.pk, at))
    scheme = find_scheme("fm")
    text = Message.objects.order_by("-pk").values_list("text", flat=True)[5]
    ticket = Ticket.objects.order_by("-pk")[0]

    def page(box: str, tab: str = "all") -> Callable[[], object]:
        return lambda: queue.page(agent, Filters(tab=tab, text=box), at=at, scheme=scheme)

    def like(word: str) -> Callable[[], object]:
        found = Message.objects.filter(text__icontains=word).order_by("-pk")
        return lambda: list(found.values_list("ticket", flat=True)[:20])

    rows: list[tuple[str, Callable[[], object]]] = [
        (f"LIKE: a rare word ({rare})", like(rare)),
        ("LIKE: two words that never meet", like("no such words")),
        ("find: a rare word", lambda: reads.find("ticket", rare, most=20)),
        ("find: a word that one in eight has", lambda: reads.find("ticket", "printer", most=20)),
        ("find: two words", lambda: reads.find("ticket", f"printer {some}", most=20)),
        ("find: a phrase", lambda: reads.find("ticket", '"asks for a password"', most=20)),
        ("find: the beginning of a word", lambda: reads.find("ticket", "pri", most=20)),
        ("similar to a report of 45 words", lambda: reads.similar("ticket", text, most=5)),
        ("what is like it, as the desk sees it", lambda: alike_at_desk(agent, text)),
        ("queue, plain", page("")),
        ("queue: a word that one in eight has", page("printer")),
        ("queue: words and fields", page(f"printer {some} kind:incident -is:mine due:>1h")),
        ("queue: from a person", page('from:"Person 77" is:any')),
        ("queue, done: a word that one in eight has", page("printer", "done")),
        ("queue, done: a rare word", page(rare, "done")),
        ("search page: a rare word", lambda: results(agent, rare, at=at)),
        ("search page: a word that one in eight has", lambda: results(agent, "printer", at=at)),
        (
            "put one document",
            lambda: verbs.put("ticket", ticket.pk, title=ticket.summary, body=text),
        ),
    ]
    print(f"{connection.vendor}, median of {ROUNDS} in ms")
    for name, ask in rows:
        ask()
        took = []
        for _ in range(ROUNDS if not name.startswith("LIKE") else 3):
            began = time.perf_counter()
            ask()
            took.append((time.perf_counter() - began) * 1000)
        print(f"{name:<46}{median(took):>9.1f}", flush=True)


if __name__ == "__main__":
    main()
