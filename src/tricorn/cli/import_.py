"""`tricorn import`: real tickets from a file, with a dry run and a report of every bad row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from tricorn.cli.output import answer, progress
from tricorn.cli.zones import known_zone
from tricorn.engine.errors import BadInput

SHOWN = 20


@click.group("import")
def import_() -> None:
    """Bring real tickets in from a file; twice is once, and nothing is half-written."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing."),
        click.option("--encoding", default="utf-8-sig", help="Encoding of the file (UTF-8)."),
        click.option(
            "--organisation", metavar="NAME", help="Let the people of the file belong to it."
        ),
        click.option("--service", metavar="NAME", help="The service these tickets are for."),
        click.option("--zone", metavar="ZONE", help="Zone of times that say none: Europe/Berlin."),
    ):
        command = option(command)
    return command


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@_options
def servicenow(file: Path, **options: Any) -> None:
    """An incident event log of ServiceNow: one row per update.

    Without --service, one service is named after the file.

    Example: tricorn import servicenow incidents.csv.gz --zone America/Sao_Paulo --dry-run
    """
    from tricorn.cli.database import ready

    ready()
    from tricorn.tickets.imports import read_servicenow

    def read(zone: ZoneInfo | None, heard: Callable[[int], None]) -> Any:
        return read_servicenow(file, zone=zone, encoding=options["encoding"], on_bytes=heard)

    _bring_in(file, read, **options)


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "map_name", required=True, metavar="MAP", help="A TOML file, or boston311.")
@_options
def csv(file: Path, map_name: str, **options: Any) -> None:
    """Any table, one row per ticket, with a map that says which column means what.

    Example: tricorn import csv requests.csv --map boston311 --zone America/New_York
    """
    from tricorn.cli.database import ready

    ready()
    from tricorn.tickets.imports import load_map, read_mapped

    given = load_map(map_name)
    options["service"] = options["service"] or given.service

    def read(zone: ZoneInfo | None, heard: Callable[[int], None]) -> Any:
        return read_mapped(file, given, zone=zone, encoding=options["encoding"], on_bytes=heard)

    _bring_in(file, read, **options)


def _bring_in(
    file: Path,
    read: Callable[[ZoneInfo | None, Callable[[int], None]], Any],
    *,
    zone: str | None,
    service: str | None,
    organisation: str | None,
    dry_run: bool,
    as_json: bool,
    encoding: str,
) -> None:
    from django.utils import timezone

    from tricorn.journal.actor import IMPORT
    from tricorn.tickets.imports.home import organisation_called, service_called
    from tricorn.tickets.imports.store import ImportReport, by_service, store

    known = known_zone(zone)
    size = file.stat().st_size if file.is_file() else 0
    with progress(f"Reading {file.name}", total=size) as bar:
        batch = read(known, bar.reach)
    at = timezone.now()
    usual = service or title_of(file)
    report = ImportReport(dry_run=dry_run)
    with progress("Writing tickets", total=len(batch.records)) as bar:
        for name, records in by_service(batch.records, usual).items():
            with service_called(name, zone=zone, by=IMPORT, at=at, dry_run=dry_run) as found:
                report.add(
                    store(
                        records,
                        found,
                        by=IMPORT,
                        at=at,
                        organisation=organisation_called(organisation, by=IMPORT, at=at),
                        on_batch=bar.advance,
                        dry_run=dry_run,
                    )
                )
    report.rows, report.refused, report.problems = batch.rows, batch.refused, batch.problems
    _say(report, usual, as_json)
    if not batch.records:
        raise BadInput(f"Nothing of {file.name} could be read; the lines above say why.")


def _say(report: Any, name: str, as_json: bool) -> None:
    for problem in report.problems if as_json else report.problems[:SHOWN]:
        click.echo(str(problem), err=True)
    if not as_json and len(report.problems) > SHOWN:
        click.echo(f"... and {len(report.problems) - SHOWN} more refused rows.", err=True)
    if as_json:
        answer(
            {
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "refused": report.refused,
                "rows": report.rows,
                "dry_run": report.dry_run,
                "problems": [
                    {"line": p.line, "column": p.column, "problem": p.words}
                    for p in report.problems
                ],
            },
            True,
        )
        return
    would = "Would bring" if report.dry_run else "Brought"
    click.echo(
        f"{would} {report.created} new tickets into {name}; {report.updated} brought up to date, "
        f"{report.unchanged} unchanged. {report.rows} rows read, {report.refused} refused."
    )


def title_of(file: Path) -> str:
    """Return a name for a service from the name of a file: incident_log.csv.gz, Incident log."""
    stem = re.sub(r"(\.(csv|gz|tsv|txt))+$", "", file.name, flags=re.IGNORECASE)
    words = re.sub(r"[\W_]+", " ", stem).strip()
    return (words[:1].upper() + words[1:])[:120] or "Imported tickets"
