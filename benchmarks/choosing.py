"""Choosing the agreement for a new ticket, beside a bare insert: `python -m benchmarks.choosing`.

Fills a database of its own, on SQLite and on a PostgreSQL server of its own, with 10,000 agreements
and 1,000,000 entitled persons: for one service through organisations of a hundred members each, for
another service every person by name. Then asks for random persons which agreement applies, as a
report does, and prints median and p95 beside inserting one bare row of a ticket.
`python -m benchmarks.choosing 100 10000` takes other numbers.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tricorn.catalogue.models import Service

AGREEMENTS, PERSONS = 10_000, 1_000_000
ROUNDS, WARM = 500, 20
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
AT = datetime(2026, 10, 12, 6, tzinfo=UTC)
BUSINESS = {
    "zone": "Europe/Berlin",
    "weekly": {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
}
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
WHEN = "'2026-01-05 08:00:00'"


def fill(agreements: int, persons: int) -> tuple[Service, Service]:
    """Fill an empty database; return the services, one of organisations and one of named persons.

    Every person belongs to one organisation, each organisation has an agreement of its own, and by
    it the person is covered twice: as a member for the first service, by name for the second.
    """
    from django.db import connection

    from tricorn.catalogue.verbs import Promise, add_hours, add_service
    from tricorn.journal.actor import COMMAND
    from tricorn.parties.models import Organisation, Person
    from tricorn.parties.verbs import furnish

    who = {"by": COMMAND, "at": BEGAN}
    house = furnish(
        **who, provider="The house", sector="it", zone="Europe/Berlin", danger_number="112"
    )
    hours = add_hours(**who, name="Business days", spec=BUSINESS)
    first, second = (
        add_service(
            **who,
            name=name,
            provider=house.provider,
            hours=hours,
            promises=[Promise("resolution", "3d")],
        )
        for name in ("Mail", "Phone")
    )
    groups = Organisation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    people = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    each = max(persons // agreements, 1)
    own = f"{groups} + 1 + (i - 1) / {each}"
    agreed = f"1 + (i - 1) / {each}"
    with connection.cursor() as cursor:
        for count, statement in (
            (
                agreements,
                "INSERT INTO parties_organisation (id, name, parent_id, path, is_provider) "
                f"SELECT {groups} + i, 'Company ' || i, NULL, '/' || ({groups} + i) || '/', false",
            ),
            (
                persons,
                "INSERT INTO parties_person (id, password, name, email, zone, language, is_active, "
                "source, source_id, made_at) "
                f"SELECT {people} + i, '!', 'Person ' || i, NULL, '', '', true, 'made-up', "
                f"'' || i, {WHEN}",
            ),
            (
                persons,
                "INSERT INTO parties_membership (person_id, organisation_id, title, since, until) "
                f"SELECT {people} + i, {own}, '', {WHEN}, NULL",
            ),
            (
                agreements,
                "INSERT INTO agreements_agreement (id, ref, client_id, provider_id) "
                f"SELECT i, 'A-' || i, {groups} + i, {house.provider.pk}",
            ),
            (
                agreements,
                "INSERT INTO agreements_version (id, agreement_id, number, title, text, hash, "
                "zone, from_at, to_at, activated_at) "
                f"SELECT i, i, 1, 'Help', '{{}}', '', 'Europe/Berlin', {WHEN}, NULL, {WHEN}",
            ),
            (
                agreements,
                "INSERT INTO agreements_entitlement (id, version_id, scope, person_id, "
                "organisation_id, place_id, includes_below, funder_id) "
                f"SELECT i, i, 'organisation', NULL, {groups} + i, NULL, true, {groups} + i",
            ),
            (
                agreements,
                "INSERT INTO agreements_entitlement_services (entitlement_id, service_id) "
                f"SELECT i, {first.pk}",
            ),
            (
                persons,
                "INSERT INTO agreements_entitlement (id, version_id, scope, person_id, "
                "organisation_id, place_id, includes_below, funder_id) "
                f"SELECT {agreements} + i, {agreed}, 'person', {people} + i, NULL, NULL, true, "
                f"{own}",
            ),
            (
                persons,
                "INSERT INTO agreements_entitlement_services (entitlement_id, service_id) "
                f"SELECT {agreements} + i, {second.pk}",
            ),
        ):
            into, _, select = statement.partition("SELECT")
            numbers = NUMBERS.format(count=count)
            cursor.execute(f"{into} {numbers} SELECT {select} FROM n")
    _clauses(agreements)
    return first, second


def _clauses(agreements: int) -> None:
    """Two clauses for every version."""
    from tricorn.agreements.models import Clause

    Clause.objects.bulk_create(
        (
            Clause(
                version_id=version,
                name=name,
                start="reported",
                stop=stop,
                hours="desk",
                spec=BUSINESS,
                within=within,
                per="month",
            )
            for version in range(1, agreements + 1)
            for name, stop, within in (("R1", "first_response", "1h"), ("R2", "resolved", "8h"))
        ),
        batch_size=1000,
    )


def choose(service: Service, person_id: int) -> str:
    """Choose as a report does, with the clauses of what was chosen; return the agreement's ref."""
    from tricorn.parties.models import Person
    from tricorn.tickets.verbs.clocks import Promises
    from tricorn.tickets.verbs.intake import choose_for

    promises = Promises(service.pk)
    person = Person(pk=person_id)
    choice = choose_for(service, person, None, "incident", "moderate", AT, promises.clauses)
    if choice is None:
        raise SystemExit(f"Person {person_id} is covered by nothing.")
    promises.clauses.first(choice.version, "resolved", "incident", "moderate")
    return choice.version.agreement.ref


def insert(service: Service) -> None:
    """Write one row of a ticket and nothing else, in a transaction of its own."""
    from tricorn.tickets.models import Ticket

    moments = {"began_at": AT, "reported_at": AT, "changed_at": AT}
    Ticket(service=service, summary="Help", link_key=b"", **moments).save(force_insert=True)


def measure(do: Callable[[], object]) -> tuple[float, float]:
    """Return median and p95 in milliseconds."""
    for _ in range(WARM):
        do()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def here(agreements: int, persons: int) -> None:
    """Fill the database that the environment names, measure, and print the rows of the table."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tricorn.journal import triggers
    from tricorn.parties.models import Person

    call_command("migrate", verbosity=0)
    triggers.install(connection)
    began = time.perf_counter()
    first, second = fill(agreements, persons)
    if connection.vendor == "postgresql":  # as its own housekeeping does a minute later
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    seconds = time.perf_counter() - began
    newest = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    chance = random.Random(7)

    def somebody() -> int:
        return newest - chance.randrange(persons)

    bare = measure(lambda: insert(first))
    for name, service in (("through organisations", first), ("each by name", second)):
        with CaptureQueriesContext(connection) as queries:
            choose(service, somebody())
        found = measure(lambda service=service: choose(service, somebody()))
        print(
            f"{connection.vendor:<12}{name:<24}{found[0]:>10.2f}{found[1]:>8.2f}{len(queries):>9}"
            f"{bare[0]:>13.2f}{bare[1]:>8.2f}{seconds:>9.0f}",
            flush=True,
        )


def main(agreements: int = AGREEMENTS, persons: int = PERSONS) -> None:
    print(f"{agreements:,} agreements, {persons:,} entitled persons, {ROUNDS} rounds; milliseconds")
    print(
        f"{'database':<12}{'entitled':<24}{'choosing':>10}{'p95':>8}{'queries':>9}"
        f"{'bare insert':>13}{'p95':>8}{'fill s':>9}",
        flush=True,
    )
    from tests import postgres

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        run(home / "sqlite", "", agreements, persons)
        (home / "pg").mkdir(mode=0o755)
        try:
            server = postgres.start(home / "pg")
        except postgres.MissingError as missing:
            print(missing)
            return
        try:
            make = server.url.replace("/tricorn?", "/postgres?")
            import psycopg

            with psycopg.connect(make, autocommit=True) as connection:
                connection.execute("CREATE DATABASE tricorn")
            run(home / "postgresql", server.url, agreements, persons)
        finally:
            server.stop()


def run(home: Path, database: str, agreements: int, persons: int) -> None:
    home.mkdir()
    environment = {
        **os.environ,
        "TRICORN_HOME": str(home),
        "TRICORN_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "tricorn.config.settings",
    }
    numbers = [str(agreements), str(persons)]
    command = [sys.executable, "-m", "benchmarks.choosing", "here", *numbers]
    subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["here"]:
        here(*map(int, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
