"""`tricorn replay`: another agreement on the tickets that really happened."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tricorn.cli.agreement import needs_no_installation, read_file
from tricorn.cli.output import answer, progress
from tricorn.cli.replay_source import Reading, Source, from_file, from_program
from tricorn.engine.agreement import Agreement, SignedFile
from tricorn.engine.errors import BadInput
from tricorn.engine.rates import Rates
from tricorn.engine.replay import Extra, History
from tricorn.engine.replay.reclock import PriorityAt

if TYPE_CHECKING:
    from tricorn.engine.learn import Learned
    from tricorn.studies import Case, Choice, Plan, Study

NOTHING_GIVEN = (
    "Say what holds today: --agreement NOW.toml. If nobody wrote it down, and the log says which "
    "promises were met, let it be learned: --learn RULE.toml."
)
OWN_PATH = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("history", required=False, type=OWN_PATH)
@click.option("--agreement", "now", metavar="NOW.toml", help="The agreement of today.")
@click.option("--option", "options", multiple=True, metavar="A.toml", help="Another one; repeat.")
@click.option(
    "--learn", metavar="RULE.toml", type=OWN_PATH, help="Learn today's rule, and write it there."
)
@click.option("--window", "windows", multiple=True, metavar="WINDOW", help='"sat 09:00-13:00".')
@click.option("--rates", metavar="RATES.toml", type=OWN_PATH, help="The provider's own rates.")
@click.option("--team", metavar="TEAM.toml", type=OWN_PATH, help="Who works when; simulate it.")
@click.option("--goal", metavar="SHARE", help='The cheapest that would have met "95 %".')
@click.option("--budget", metavar="AMOUNT", help="The best for so much a month.")
@click.option("--save", metavar="FOLDER", type=OWN_PATH, help="Write what was found as texts.")
@click.option("--zone", metavar="ZONE", help="Zone of times that say none: Europe/Berlin.")
@click.option("--format", "format_", metavar="FORMAT", help="What wrote the file; else detected.")
@click.option("--map", "map_", metavar="MAP.toml", help="Which column means what.")
@click.option("--beside", type=OWN_PATH, help="A second file: waits, events.")
@click.option("--encoding", default="utf-8-sig", help="Encoding of the file (UTF-8).")
@click.option("--service", metavar="NAME", help="Of the program's own tickets: only this service.")
@click.option("--group", "groups", multiple=True, metavar="NAME", help="Only this type, category.")
@click.option("--from", "first", type=DAY, help="First day of reports.")
@click.option("--to", "last", type=DAY, help="Last day of reports.")
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
@click.option("--html", type=OWN_PATH, help="Write a report to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def replay(**given: Any) -> None:
    """Try another agreement on the tickets that really happened.

    HISTORY is an export: an event log or list of ServiceNow, Jira, Zendesk, GLPI, Zammad,
    django-helpdesk, any CSV with a map. Without it, the program's own tickets. A file needs no
    database.

    Example: tricorn replay incidents.csv.gz --zone Europe/Berlin --agreement now.toml --option
    saturday.toml --html report.html
    """
    _answer(Asked.of(given))


@dataclass(frozen=True)
class Asked:
    """What was asked on the command line, read and checked before any ticket is."""

    path: Path | None
    now: Choice | None
    options: tuple[Choice, ...]
    learn: Path | None
    windows: tuple[Extra, ...]
    rates: Rates | None
    team: Path | None
    goal: str | None
    budget: Decimal | None
    save: Path | None
    reading: Reading
    service: str | None
    groups: tuple[str, ...]
    days: tuple[datetime | None, datetime | None]
    priorities: dict[str, str]
    priority_at: PriorityAt
    check_flag: bool
    refs: tuple[str, ...]
    jobs: int
    html: Path | None
    as_json: bool

    @classmethod
    def of(cls, given: dict[str, Any]) -> Asked:
        """Errors  UsageError without an agreement; BadInput and its kin for what cannot be read."""
        if given["now"] is None and given["learn"] is None:
            raise click.UsageError(NOTHING_GIVEN)
        if given["history"] and given["service"]:
            raise BadInput("--service chooses among the program's own tickets; a file has --group.")
        if (given["goal"] or given["budget"]) and not given["rates"]:
            raise BadInput("A search compares prices: give the provider's own with --rates.")
        for folder in (p.parent for p in (given["learn"], given["html"]) if p):
            if not folder.is_dir():
                raise BadInput(f"There is no folder {folder} to write to. Make it first.")
        if given["save"] and given["save"].exists() and not given["save"].is_dir():
            raise BadInput(f"{given['save']} is a file. Name a folder to write to.")
        names = ("zone", "format_", "map_", "beside", "encoding")
        return cls(
            path=given["history"],
            now=choice(given["now"]) if given["now"] else None,
            options=tuple(choice(each) for each in given["options"]),
            learn=given["learn"],
            windows=tuple(Extra.parse(each) for each in given["windows"]),
            rates=Rates.from_toml(text_of(given["rates"]), given["rates"].name)
            if given["rates"]
            else None,
            team=given["team"],
            goal=given["goal"],
            budget=money(given["budget"]) if given["budget"] else None,
            save=given["save"],
            reading=Reading(**{name: given[name] for name in names}),
            service=given["service"],
            groups=given["groups"],
            days=(given["first"], given["last"]),
            priorities=priorities(given["given"]),
            priority_at=given["priority_at"],
            check_flag=given["check_flag"],
            refs=given["refs"],
            jobs=given["jobs"],
            html=given["html"],
            as_json=given["as_json"],
        )


def _answer(asked: Asked) -> None:
    from tricorn import studies
    from tricorn.cli.replay_text import in_words
    from tricorn.studies.rules import with_rules

    source = from_file(asked.path, asked.reading) if asked.path else from_program(asked.service)
    learned = learn_from(source, asked) if asked.learn else None
    today = asked.now or choice(str(asked.learn))
    history = chosen(source, asked, learned, today.agreement.zone)
    rows = rows_of(history, asked.refs)
    plan = studies.Plan(
        today,
        asked.options,
        windows=asked.windows,
        priorities={**source.priorities, **asked.priorities},
        priority_at=asked.priority_at,
        rates=asked.rates,
    )
    plan, searched = search_for(history, plan, asked)
    case = studies.Case(history, plan)
    with spread(asked.jobs) as executor, progress("Trying", total=len(plan.choices)) as bar:
        found = studies.study(
            case, source=source.words, executor=executor, heard=lambda _: bar.advance()
        )
    found = replace(
        found, notes=source.notes, refused=dict(source.refused), searched=searched or None
    )
    if asked.check_flag:
        found = replace(found, flag_check=studies.check_flag(case.judged(0)))
    if learned:
        found = with_rules(found, learned)
    if asked.team:
        found = simulated(case, found, asked.team, asked.jobs)
    if asked.html:
        write_report(case, found, asked.html)
    if asked.as_json:
        answer(found.as_data(), True)
        return
    in_words(found)
    explain(case, rows)


def choice(file: str) -> Choice:
    """Return the agreement of a file under the name of the file."""
    from tricorn.studies import Choice

    found = read_file(file)
    content: Agreement = found.content if isinstance(found, SignedFile) else found
    name = Path(file).name
    for ending in (".toml", ".json"):
        name = name.removesuffix(ending)
    return Choice(name, content)


def simulated(case: Case, found: Study, team: Path, jobs: int) -> Study:
    """Simulate a team under every agreement. Errors: BadTeam naming the place in the text."""
    from tricorn.studies.staff import with_staff

    text = text_of(team)
    with spread(jobs) as executor, progress("Simulating", total=1000) as bar:
        return with_staff(
            case,
            found,
            text,
            source=team.name,
            executor=executor,
            heard=lambda done: bar.reach(round(1000 * done)),
        )


def text_of(path: Path) -> str:
    """Errors  BadInput for a file that cannot be read, or is no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise BadInput(f"Cannot read {path}: {problem.strerror}. Check the path.") from problem
    except UnicodeDecodeError as problem:
        raise BadInput(f"{path} is not UTF-8 text. Save it as UTF-8.") from problem


def money(text: str) -> Decimal:
    """Errors  BadInput for what is no amount."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise BadInput(f"--budget is a month's money like 400, not {text!r:.40}.")
    return amount


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


def learn_from(source: Source, asked: Asked) -> Learned:
    """Learn today's rule and write it; one that goes by groups is several texts.

    Errors  BadInput when nothing can be learned, or no zone is said.
    """
    from tricorn.studies.rules import learned_from, texts_of

    if asked.learn is None:
        raise ValueError("Nothing is to be learned.")
    zone = asked.now.agreement.zone if asked.now else asked.reading.zone
    if zone is None:
        raise BadInput("Service hours need a zone to be learned in: --zone Europe/Berlin.")
    with progress("Learning", total=1000) as bar:
        found = learned_from(
            source.history,
            source.groups,
            zone=zone,
            priorities={**source.priorities, **asked.priorities},
            priority_at=asked.priority_at,
            heard=lambda done: bar.reach(round(1000 * done)),
        )
    for k, text in enumerate(texts_of(found)):
        path = asked.learn if not k else asked.learn.with_stem(f"{asked.learn.stem}-{k + 1}")
        _write(path, text.to_toml())
    return found


def chosen(source: Source, asked: Asked, learned: Learned | None, zone: str) -> History:
    """Return the tickets that were asked for; of a rule by groups those of its first text."""
    from tricorn import studies

    groups = asked.groups
    if not groups and learned and learned.agreements and asked.now is None:
        groups = learned.agreements[0].groups
    history = studies.of_groups(source.history, source.groups.codes, source.groups.names, groups)
    first, last = (day.date() if day else None for day in asked.days)
    return studies.within(history, first, last, zone)


def search_for(history: History, plan: Plan, asked: Asked) -> tuple[Plan, tuple[str, ...]]:
    """Search for options where a goal or a budget is named; they join those of the plan."""
    if not asked.goal and asked.budget is None:
        return plan, ()
    from tricorn.engine.frontier import Goal
    from tricorn.studies.searching import search

    with progress("Searching", total=1000) as bar:
        plan, words = search(
            history,
            plan,
            goal=Goal(asked.goal) if asked.goal else None,
            budget=asked.budget,
            heard=lambda done, of: bar.reach(1000 * done // max(of, 1)),
        )
    if asked.save:
        asked.save.mkdir(parents=True, exist_ok=True)
        given = {each.name for each in asked.options}
        for option in plan.options:
            if option.name not in given:
                _write(asked.save / f"{_file_name(option.name)}.toml", option.agreement.to_toml())
    return plan, words


@contextmanager
def spread(jobs: int) -> Iterator[Executor | None]:
    """Give an executor with so many processes; None for one."""
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield executor


def rows_of(history: History, refs: tuple[str, ...]) -> list[int]:
    """Return where these tickets stand. Errors: BadInput for one that is not in the history."""
    places = {ref: row for row, ref in enumerate(history.refs)} if refs else {}
    if strange := [ref for ref in refs if ref not in places]:
        raise BadInput(
            f"There is no ticket {strange[0]!r:.60} in this history; it has {len(places):,}."
        )
    return [places[ref] for ref in refs]


def explain(case: Case, rows: list[int]) -> None:
    """Print why each of these tickets was on time or late, under every agreement."""
    for row in rows:
        for k, name in enumerate(case.names):
            click.echo(f"\n{case.history.refs[row]} under {name}")
            for verdict in case.judged(k).ticket(row):
                for sentence in verdict.explanation.sentences if verdict.explanation else ():
                    click.echo(f"  {sentence}")


def write_report(case: Case, found: Study, path: Path) -> None:
    """Write the report as one file.

    Errors  BadInput when it cannot be written there.
    """
    needs_no_installation()
    from tricorn.studies.page import page_of
    from tricorn.web.replay_report import report_page

    _write(path, report_page(page_of(case, found)))
    click.echo(f"The report is in {path}.", err=True)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise BadInput(
            f"Cannot write {path}: {problem.strerror}. Name a folder that is there."
        ) from problem


def _file_name(name: str) -> str:
    words = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in words.split("-") if part)[:60]
