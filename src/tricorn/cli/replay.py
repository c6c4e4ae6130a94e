"""`tricorn replay`: another agreement on the tickets that really happened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tricorn.cli.agreement import needs_no_installation, read_file
from tricorn.cli.output import answer, progress
from tricorn.cli.replay_text import in_words
from tricorn.cli.zones import known_zone
from tricorn.engine.agreement import Agreement, SignedFile
from tricorn.engine.errors import BadInput
from tricorn.engine.replay import Extra, History
from tricorn.histories import load_map, open_history

if TYPE_CHECKING:
    from tricorn.studies import Case, Choice, Study

NOTHING_GIVEN = (
    "Say what holds today: --agreement NOW.toml. If nobody wrote it down, and the log says which "
    "promises were met, let it be learned: --learn RULE.toml."
)


@dataclass(frozen=True)
class Source:
    """The tickets, and how they came here."""

    history: History
    words: str
    notes: tuple[str, ...] = ()
    priorities: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


@click.command()
@click.argument("history", required=False, type=click.Path(path_type=Path))
@click.option("--agreement", "now", metavar="NOW.toml", help="The agreement of today.")
@click.option("--option", "options", multiple=True, metavar="A.toml", help="Another one; repeat.")
@click.option("--learn", metavar="RULE.toml", help="Learn today's rule from the log, and keep it.")
@click.option("--window", "windows", multiple=True, metavar="WINDOW", help='"sat 09:00-13:00".')
@click.option("--zone", metavar="ZONE", help="Zone of times that say none: Europe/Berlin.")
@click.option("--format", "format_", metavar="FORMAT", help="What wrote the file; else detected.")
@click.option("--map", "map_", metavar="MAP.toml", help="Which column means what.")
@click.option("--beside", type=click.Path(path_type=Path), help="A second file: waits, events.")
@click.option("--encoding", default="utf-8-sig", help="Encoding of the file (UTF-8).")
@click.option("--service", metavar="NAME", help="Of the program's own tickets: only this service.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day of reports.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day of reports.")
@click.option("--priority", "given", multiple=True, metavar="NAME=OURS", help='"P1=critical".')
@click.option(
    "--priority-at",
    type=click.Choice(["final", "opened"]),
    default="final",
    show_default=True,
    help="Which of a ticket's priorities decides.",
)
@click.option("--check-flag", is_flag=True, help="Compare with what the log says was met.")
@click.option("--ticket", "refs", multiple=True, metavar="REF", help="Explain this ticket.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a report to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def replay(
    history: Path | None,
    now: str | None,
    options: tuple[str, ...],
    learn: str | None,
    windows: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    given: tuple[str, ...],
    priority_at: Any,
    check_flag: bool,
    refs: tuple[str, ...],
    jobs: int,
    html: Path | None,
    as_json: bool,
    **reading: Any,
) -> None:
    """Try another agreement on the tickets that really happened.

    HISTORY is an export: an event log or list of ServiceNow, Jira, Zendesk, GLPI, Zammad,
    django-helpdesk, any CSV with a map. Without it, the program's own tickets. A file needs no
    database.

    Example: tricorn replay incidents.csv.gz --zone Europe/Berlin --agreement now.toml --option
    saturday.toml --html report.html
    """
    from tricorn import studies

    if now is None and learn is None:
        raise click.UsageError(NOTHING_GIVEN)
    extras = tuple(Extra.parse(each) for each in windows)
    mapping = priorities(given)
    today = choice(now) if now else None
    others = tuple(choice(each) for each in options)
    source = from_file(history, **reading) if history else own(reading["service"])
    if today is None:
        raise click.UsageError(NOTHING_GIVEN)
    chosen = studies.within(
        source.history,
        first.date() if first else None,
        last.date() if last else None,
        today.agreement.zone,
    )
    plan = studies.Plan(
        today,
        others,
        windows=extras,
        priorities={**source.priorities, **mapping},
        priority_at=priority_at,
    )
    case = studies.Case(chosen, plan)
    with spread(jobs) as executor, progress("Trying", total=len(plan.choices)) as bar:
        found = studies.study(
            case, source=source.words, executor=executor, heard=lambda _: bar.advance()
        )
    found = replace(found, notes=source.notes, refused=source.refused)
    if check_flag:
        found = replace(found, flag_check=studies.check_flag(case.judged(0)))
    if html:
        write_report(case, found, html)
    if as_json:
        answer(found.as_data(), True)
        return
    in_words(found)
    explain(case, refs)


def choice(file: str) -> Choice:
    """Return the agreement of a file under the name of the file."""
    from tricorn.studies import Choice

    found = read_file(file)
    content: Agreement = found.content if isinstance(found, SignedFile) else found
    name = Path(file).name
    for ending in (".toml", ".json"):
        name = name.removesuffix(ending)
    return Choice(name, content)


def priorities(given: tuple[str, ...]) -> dict[str, str]:
    """Read "P1=critical" and the like.

    Errors  BadInput for a text without "=".
    """
    found = {}
    for text in given:
        name, equals, ours = text.rpartition("=")
        if not equals:
            raise BadInput(f'--priority {text!r:.60} says nothing; write "P1=critical".')
        found[name.strip()] = ours.strip().lower()
    return found


def from_file(
    path: Path,
    *,
    zone: str | None,
    format_: str | None,
    map_: str | None,
    beside: Path | None,
    encoding: str,
    service: str | None,
) -> Source:
    """Read an export, with a bar on a terminal.

    Errors  BadInput when it cannot be read, or --service is given with it.
    """
    if service:
        raise BadInput("--service chooses among the program's own tickets; a file has its own.")
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise BadInput(f"Cannot read {path}: {problem.strerror}. Check the path.") from problem
    with progress(f"Reading {path.name}", total=size) as bar:
        read = open_history(
            path,
            zone=known_zone(zone),
            format=format_,
            map=load_map(map_) if map_ else None,
            encoding=encoding,
            progress=bar.reach,
            beside=beside,
        )
    notes = (f"{path.name} was read as {read.format}: {read.reason}.", *read.notes)
    if read.refused:
        notes += (f"{read.refused:,} of {read.rows:,} rows could not be read.",)
        for example in read.examples:
            click.echo(str(example), err=True)
    return Source(read.history, path.name, notes, dict(read.mapping), dict(read.problems))


def own(service: str | None) -> Source:
    raise BadInput("Name the export to read: tricorn replay HISTORY --agreement NOW.toml.")


@contextmanager
def spread(jobs: int) -> Iterator[Executor | None]:
    """Give an executor with so many processes; None for one."""
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield executor


def explain(case: Case, refs: tuple[str, ...]) -> None:
    """Print why each of these tickets was on time or late, under every agreement.

    Errors  BadInput for a reference that is not in the history.
    """
    places = {ref: row for row, ref in enumerate(case.history.refs)} if refs else {}
    for ref in refs:
        if ref not in places:
            raise BadInput(
                f"There is no ticket {ref!r:.60} in this history; it has {len(places):,}."
            )
        for k, name in enumerate(case.names):
            click.echo(f"\n{ref} under {name}")
            for verdict in case.judged(k).ticket(places[ref]):
                for sentence in verdict.explanation.sentences if verdict.explanation else ():
                    click.echo(f"  {sentence}")


def write_report(case: Case, found: Study, path: Path) -> None:
    """Write the report as one file.

    Errors  BadInput when it cannot be written there.
    """
    needs_no_installation()
    from tricorn.studies.page import page_of
    from tricorn.web.replay_report import report_page

    text = report_page(page_of(case, found))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise BadInput(
            f"Cannot write {path}: {problem.strerror}. Name a folder that is there."
        ) from problem
    click.echo(f"The report is in {path}.", err=True)
