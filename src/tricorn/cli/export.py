"""`tricorn export`: everything that is kept here, as plain files, for its owner."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tricorn.cli import database
from tricorn.cli.output import answer, progress
from tricorn.engine.errors import BadInput

FORMATS = ("csv", "json")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "formats",
    default="csv,json",
    show_default=True,
    help="Which of them, with a comma between.",
)
@click.option("--force", is_flag=True, help="Write over what an earlier export left in FOLDER.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def export(folder: Path, formats: str, force: bool, as_json: bool) -> None:
    """Write everything that is kept here into FOLDER, as CSV and as JSON lines, with the files.

    Private texts are among it, secrets are not. Others may work meanwhile.
    The folder is whole when it holds manifest.json, which is written last.

    Example: tricorn export everything
    """
    chosen = [each.strip() for each in formats.split(",")]
    if not chosen or set(chosen) - set(FORMATS):
        raise BadInput(f"The format is one or both of {', '.join(FORMATS)}, not {formats!r}.")
    database.ready()
    from tricorn.insight.export import count_rows
    from tricorn.insight.export import export as write
    from tricorn.journal.actor import COMMAND

    with progress("Exporting", count_rows()) as bar:
        found = write(
            folder,
            by=COMMAND,
            at=datetime.now(UTC),
            formats=chosen,
            force=force,
            advance=bar.advance,
        )
    for name in found.missing:
        database.say(f"the file {name} is on record and not on the disk. Bring back a backup.")
    counts = {"tables": found.tables, "rows": found.rows, "files": found.files}
    if as_json:
        answer({**counts, "missing_files": list(found.missing)}, as_json=True)
        return
    said = ", ".join(f"{number:,} {what}" for what, number in counts.items())
    click.echo(f"{folder}: {said}. It holds private texts; keep it well.")
