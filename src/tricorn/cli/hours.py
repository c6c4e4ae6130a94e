"""`tricorn hours`: due times and service time, from a table and the hours alone. No database."""

from datetime import date, datetime
from pathlib import Path

import click
import numpy as np

from tricorn.engine.errors import BadCalendar, BadTarget
from tricorn.engine.hours import NEVER, Hours, Schedule, Target, week_of
from tricorn.engine.hours.spec import DAY_NAMES

from .moments import EMPTY, write_moments
from .output import answer
from .sheet import Sheet, add_column


class HoursFile(click.ParamType):
    """H.toml, or any iCalendar file that ends in .ics."""

    name = "H.toml"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Hours:
        if isinstance(value, Hours):
            return value
        path = Path(str(value))
        try:
            raw = path.read_bytes()
        except OSError as error:
            self.fail(f"{path} cannot be read: {error.strerror}.", param, ctx)
        if path.suffix.lower() in {".ics", ".ical", ".ifb"}:
            return Hours.from_ical(raw)
        try:
            return Hours.from_toml(raw.decode("utf-8-sig"), source=path.name)
        except UnicodeDecodeError:
            raise BadCalendar(f"{path.name}: this is not UTF-8 text.") from None


class TargetText(click.ParamType):
    name = "target"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Target:
        try:
            return value if isinstance(value, Target) else Target.parse(str(value))
        except BadTarget as refusal:
            self.fail(str(refusal), param, ctx)


hours_option = click.option(
    "--hours", "spec", type=HoursFile(), required=True, help="The service hours: H.toml or .ics."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")


@click.group()
def hours() -> None:
    """Due times and service time from service hours. Needs no database.

    IN.csv is a table with a header; "-" is standard input, gzip is read as it is. Times are
    ISO 8601; without an offset they are read in the zone of the hours. Empty cells give empty
    results. A row that cannot be read is written with an empty result and named on standard
    error with line and column; the exit status is then 1.
    """


@hours.command()
@hours_option
@click.option("--within", type=TargetText(), help="The target: 8h, 90m (service time) or 3d.")
@click.option("--within-column", help="The column with each row's target.")
@click.option("--start-column", required=True, help="The column with the start.")
@click.option("--as", "result", default="due", show_default=True, help="The new column's name.")
@json_option
@click.argument("table", metavar="IN.csv", type=click.Path(allow_dash=True))
def due(
    spec: Hours,
    within: Target | None,
    within_column: str | None,
    start_column: str,
    result: str,
    as_json: bool,
    table: str,
) -> None:
    """Add when each row is due: ISO 8601 with offset, in the zone of the hours."""
    if (within is None) == (within_column is None):
        raise click.UsageError("Give --within or --within-column, and one of them.")
    schedule = Schedule(spec)

    def solve(sheet: Sheet) -> list[str]:
        starts = sheet.moments(start_column)
        targets = [within] * len(starts) if within else sheet.targets(str(within_column))
        found = np.full(len(starts), EMPTY, dtype=np.int64)
        for target in {target for target in targets if target}:
            rows = np.flatnonzero(np.array([t == target for t in targets]) & (starts != EMPTY))
            found[rows] = schedule.due_seconds(starts[rows], target)
            sheet.never += int((found[rows] == NEVER).sum())
        return write_moments(found, schedule)

    add_column(schedule, table, result, as_json, solve)


@hours.command()
@hours_option
@click.option("--start-column", required=True, help="The column with the start.")
@click.option("--end-column", required=True, help="The column with the end.")
@click.option(
    "--as", "result", default="elapsed_seconds", show_default=True, help="The new column's name."
)
@json_option
@click.argument("table", metavar="IN.csv", type=click.Path(allow_dash=True))
def elapsed(
    spec: Hours, start_column: str, end_column: str, result: str, as_json: bool, table: str
) -> None:
    """Add how many seconds of service time lie between two columns."""
    schedule = Schedule(spec)

    def solve(sheet: Sheet) -> list[str]:
        starts, ends = sheet.moments(start_column), sheet.moments(end_column)
        given = (starts != EMPTY) & (ends != EMPTY)
        for row in np.flatnonzero(given & (ends < starts)).tolist():
            sheet.complain(end_column, row, f'the end lies before "{start_column}".')
        rows = np.flatnonzero(given & (ends >= starts))
        texts = [""] * len(starts)
        seconds = schedule.elapsed_seconds(starts[rows], ends[rows])
        for at, passed in zip(rows.tolist(), seconds.tolist(), strict=True):
            texts[at] = str(passed)
        return texts

    add_column(schedule, table, result, as_json, solve)


@hours.command()
@click.argument("spec", metavar="H.toml", type=HoursFile())
@json_option
def check(spec: Hours, as_json: bool) -> None:
    """Read service hours and say what they mean; a mistake is named with its place."""
    until = Schedule(spec).holidays_known_until
    data = spec.to_data() if as_json else _in_words(spec)
    answer({**data, "holidays_known_until": until and until.isoformat()}, as_json)


@hours.command()
@click.argument("spec", metavar="H.toml", type=HoursFile())
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The week of this date, with its exceptions."
)
@json_option
def week(spec: Hours, on: datetime | None, as_json: bool) -> None:
    """Print a week: the plain one, or with --on that very week with holidays and exceptions."""
    monday = None
    if on is not None:
        monday = date.fromordinal(on.date().toordinal() - on.weekday())
    shown: dict[str, object] = {}
    for name, (day, windows) in zip(DAY_NAMES, week_of(spec, monday), strict=True):
        why = spec.name_of(day) if day else None
        key = f"{name} {day}" if day else name
        words = [str(window) for window in windows] or ["closed"]
        shown[key] = (
            {"windows": [str(w) for w in windows], "name": why}
            if as_json
            else ", ".join(words) + (f" ({why})" if why else "")
        )
    answer(shown, as_json)


def _in_words(spec: Hours) -> dict[str, object]:
    closed = [f"{day} {spec.name_of(day) or ''}".rstrip() for day in spec.closed]
    opened = [f"{day} {' '.join(map(str, windows))}" for day, windows in spec.opened]
    whose = spec.holidays
    return {
        "zone": spec.zone,
        **{n: list(w) or ["closed"] for n, w in zip(DAY_NAMES, spec.weekly, strict=True)},
        "holidays": f"{whose.country} {whose.subdivision or ''}".rstrip() if whose else "none",
        "closed": closed or "no dates",
        "open": opened or "no dates",
    }
