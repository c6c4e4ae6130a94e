"""`tricorn verify`: has anybody changed the past?"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from tricorn.cli import database
from tricorn.cli.output import answer

MOST_SHOWN = 20


@click.command()
@click.option("--head", default="", metavar="HASH", help="A head printed earlier must be in it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(head: str, as_json: bool) -> None:
    """Read the journal again: every seal, guard, text, signed version, authority and answer.

    Prints the head, the hash that stands for everything up to now. Keep it where nobody can
    change it: --head then also catches who owns the database. Exit status 1 when anything is off.

    Example: tricorn verify --head 9f86d081884c7d65...
    """
    database.configure()
    if database.unapplied():
        database.ready()
    from django.db import connection

    from tricorn.journal import sealing, triggers

    verdict = sealing.verify(head.strip().lower())
    problems = list(verdict.problems)
    if gone := triggers.missing(connection):
        problems.append(f"Missing guards of append-only tables: {', '.join(gone)}.")
    problems += changed_texts()
    found = {
        "holds": not problems,
        "seals": verdict.seals,
        "sealed_lines": verdict.lines,
        "lines_not_sealed_yet": verdict.unsealed,
        "head": verdict.head,
    }
    if as_json:
        answer({**found, "problems": problems}, as_json)
    else:
        answer({**found, "holds": "no" if problems else "yes"}, as_json)
        for problem in problems[:MOST_SHOWN]:
            click.echo(f"tricorn: {problem}", err=True)
        if len(problems) > MOST_SHOWN:
            click.echo(
                f"tricorn: and {len(problems) - MOST_SHOWN} more; --json lists all", err=True
            )
    sys.exit(1 if problems else 0)


def changed_texts() -> Iterator[str]:
    """Yield a sentence for each record that is not as it was written."""
    from tricorn.agreements import proof_deeds
    from tricorn.agreements.offer_proof import changed_offers
    from tricorn.agreements.proof import changed_versions
    from tricorn.standing.proof import changed_authority
    from tricorn.tickets import texts

    yield from texts.changed_texts()
    yield from changed_versions()
    yield from changed_offers()
    yield from changed_authority()
    yield from proof_deeds.changed_reviews()
    yield from proof_deeds.changed_work()
    yield from proof_deeds.changed_trials()
