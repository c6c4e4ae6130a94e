"""`tricorn search`: the index of words, built anew from what there is."""

from __future__ import annotations

import click

from tricorn.cli import database
from tricorn.cli.output import answer, progress


@click.group()
def search() -> None:
    """The index of words by which matters, people and articles are found."""


@search.command()
@click.option("--kind", "only", default="", metavar="KIND", help="ticket, person or article alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(only: str, as_json: bool) -> None:
    """Build the index anew. Who searches meanwhile finds by the old one.

    The index keeps itself; this is for when tricorn doctor says that something cannot be found.

    Example: tricorn search rebuild
    """
    database.ready()
    from tricorn.search.kinds import SOURCES

    if only and only not in SOURCES:
        raise click.UsageError(f"A kind is one of {', '.join(SOURCES)}, not {only!r}.")
    answer({kind: built(kind) for kind in SOURCES if only in ("", kind)}, as_json)


def built(kind: str) -> int:
    """Build the index of a kind with a bar; return how many can be found."""
    from tricorn.search import verbs
    from tricorn.search.kinds import SOURCES

    with progress(f"Reading each {kind}", total=SOURCES[kind].count()) as bar:
        return verbs.rebuild(kind, on_batch=bar.advance)


def fill_empty() -> None:
    """Build the index of each kind that has things to find, and no index: after an update."""
    from tricorn.search import reads
    from tricorn.search.kinds import SOURCES

    for kind, source in SOURCES.items():
        if reads.count(kind) == 0 and source.count():
            built(kind)
