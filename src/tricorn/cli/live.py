"""`tricorn live`: how many people a telephone or a chat takes, by Erlang's formulas. No database."""

from __future__ import annotations

from dataclasses import fields

import click

from tricorn.cli.output import answer
from tricorn.engine.errors import BadInput
from tricorn.engine.hours import Target
from tricorn.engine.staffing import Live, erlang_a, erlang_c, people_needed
from tricorn.pictures import said

SIDES = 2  # so many people fewer and more stand beside what was asked


@click.command()
@click.option("--per-hour", type=float, required=True, help="Calls that come in an hour.")
@click.option("--touch", required=True, metavar="TIME", help="One call, wrap-up included: 3m.")
@click.option(
    "--within", default="20s", show_default=True, metavar="TIME", help="Answered so soon."
)
@click.option("--patience", metavar="TIME", help="After which callers give up, on average: 2m.")
@click.option("--people", type=click.IntRange(1), help="So many people.")
@click.option("--share", metavar="SHARE", help='Or: as many as answer "80 %" so soon.')
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def live(
    per_hour: float,
    touch: str,
    within: str,
    patience: str | None,
    people: int | None,
    share: str | None,
    as_json: bool,
) -> None:
    """People for a live channel: Erlang C, or Erlang A where callers give up.

    Not for tickets: closed hours, priorities and pauses are not in it.

    Example: tricorn live --per-hour 200 --touch 3m --share "80 %"
    """
    if (people is None) == (share is None):
        raise click.UsageError("Give --people or --share, and one of them.")
    handled, soon = seconds(touch, "--touch"), seconds(within, "--within")
    calm = seconds(patience, "--patience") if patience else None
    if share is not None:
        people = people_needed(per_hour, handled, share=part(share), within=soon, patience=calm)
    assert people is not None
    rows = {
        many: figures(per_hour, handled, many, soon, calm)
        for many in range(max(1, people - SIDES), people + SIDES + 1)
    }
    formula = "C" if calm is None else "A"
    if as_json:
        answer({"formula": formula, "people": people, **rows[people]}, True)
        return
    giving = "nobody gives up" if calm is None else f"callers give up after {patience}"
    click.echo(f"Erlang {formula} ({giving}): {per_hour:g} calls an hour of {touch}.")
    for many, found in rows.items():
        mean = found["mean_wait"]
        wait = "without end" if mean is None else f"{mean:,.1f} s"
        lost = "" if calm is None else f", {said.share(found['abandoned'])} give up"
        click.echo(
            f"{'>' if many == people else ' '} {said.count(many, 'person', 'people'):>10}: "
            f"{said.share(found['within'])} within {within}, mean wait {wait}, busy "
            f"{said.share(found['occupancy'])}{lost}"
        )


def figures(
    per_hour: float, touch: float, people: int, within: float, patience: float | None
) -> dict[str, float | None]:
    """Return the figures of one number of people; None for what has no end."""
    found: Live = (
        erlang_c(per_hour, touch, people, within=within)
        if patience is None
        else erlang_a(per_hour, touch, people, patience, within=within)
    )
    values = {each.name: float(getattr(found, each.name)) for each in fields(Live)}
    return {name: None if value == float("inf") else value for name, value in values.items()}


def seconds(text: str, option: str) -> float:
    """Errors  BadTarget for no time at all, BadInput for days."""
    found = Target.parse(text)
    if found.seconds is None:
        raise BadInput(f"{option} is a time on the clock like 3m or 20s, not {text}.")
    return float(found.seconds)


def part(text: str) -> float:
    """Errors  BadInput for what is no share."""
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        raise BadInput(f'--share is like "80 %" or 0.8, not {text!r:.40}.') from None
    return number / 100 if text.strip().endswith("%") else number
