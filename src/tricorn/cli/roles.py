"""`tricorn roles`: what every naming scheme calls people, from their facts."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from tricorn.engine.errors import BadFacts
from tricorn.engine.roles import Facts, all_roles


@click.command()
@click.argument("file", metavar="FILE.json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def roles(file: str, as_json: bool) -> None:
    """Say what each naming scheme calls the people in FILE.json.

    FILE.json is a list of {"case": "...", "facts": {"signed": true, "days": 40}}; - is standard
    input. With --json the same list comes back, with "roles" added to each case.
    """
    cases = answered(read(file))
    if as_json:
        click.echo(json.dumps(cases, indent=1))  # ASCII: half a surrogate pair passes through
    else:
        click.echo("\n\n".join(table(case) for case in cases))


def read(file: str) -> list[Any]:
    """Return the list of cases in a file, or from standard input for "-".

    Errors  BadFacts with one sentence that names the file and the place in it.
    """
    name = "standard input" if file == "-" else file
    try:
        if file == "-":
            raw = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as stream:
                raw = stream.read()
        cases = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise BadFacts(f"Cannot read {name}: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise BadFacts(
            f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadFacts(f"{name} is not JSON: {error.msg} at {place}.") from error
    except ValueError as error:  # a number of thousands of digits
        raise BadFacts(f"{name} cannot be read as JSON: {error}.") from error
    except RecursionError as error:
        raise BadFacts(f"{name} is nested too deeply to be a list of cases.") from error
    if not isinstance(cases, list):
        raise BadFacts(f'{name} must hold a list of cases: [{{"case": "...", "facts": {{}}}}].')
    return cases


def answered(cases: list[Any]) -> list[dict[str, Any]]:
    """Return the cases with their roles; BadFacts names the first case that cannot be read."""
    return [answer(case, number) for number, case in enumerate(cases, start=1)]


def answer(case: object, number: int) -> dict[str, Any]:
    """Return one case with `roles`: the names under every scheme. All other keys stay."""
    if not isinstance(case, Mapping):
        raise BadFacts(f'Case {number} must be an object: {{"case": "...", "facts": {{}}}}.')
    where = f"Case {number} “{case['case']}”" if "case" in case else f"Case {number}"
    if "facts" not in case:
        raise BadFacts(f'{where}: there are no facts. Add "facts": {{}}.')
    return {**case, "roles": all_roles(Facts.from_data(case["facts"], where=where))}


def table(case: Mapping[str, Any]) -> str:
    """Return one case as lines for people: a heading, then a line for each scheme."""
    lines = (f"  {scheme:<20} {', '.join(names) or '-'}" for scheme, names in case["roles"].items())
    text = "\n".join((str(case.get("case", "(no name)")), *lines))
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be printed
