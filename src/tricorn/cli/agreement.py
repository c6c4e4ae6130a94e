"""`tricorn agreement`: check an agreement text, and put a signed one into force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from tricorn.cli import database
from tricorn.cli.output import answer
from tricorn.engine.agreement import Agreement, Clause, Entitled
from tricorn.engine.errors import BadAgreement

STOPS = {
    "first_response": "a first answer",
    "resolved": "it is resolved",
    "closed": "it is closed",
}
LARGEST = 1024 * 1024


@click.group()
def agreement() -> None:
    """Check an agreement text, or put a signed one into force."""


@agreement.command()
@click.argument("file", metavar="FILE.toml")
@click.option("--json", "as_json", is_flag=True, help="Print the text as one JSON object.")
def check(file: str, as_json: bool) -> None:
    """Read the text in FILE.toml and say in plain words what it promises.

    Needs no database: names of services and people are not looked up.

    Example: tricorn agreement check A-7.toml
    """
    content = read(file)
    if as_json:
        click.echo(json.dumps({**content.to_data(), "hash": content.hash}, ensure_ascii=False))
    else:
        answer(list(in_words(content)), as_json)


@agreement.command()
@click.argument("file", metavar="FILE.toml")
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def activate(file: str, dry_run: bool, as_json: bool) -> None:
    """Put the signed text in FILE.toml into force, as a new version of its agreement.

    The same text twice is once. Tickets that run already keep the version they began under.

    Example: tricorn agreement activate A-7.toml --dry-run
    """
    content = read(file)
    database.ready()
    from django.db import transaction

    from tricorn.agreements import verbs
    from tricorn.journal.actor import COMMAND

    with transaction.atomic():
        activated = verbs.activate(content, by=COMMAND, at=datetime.now(UTC))
        if dry_run:
            transaction.set_rollback(True)
    version = activated.version
    done: dict[str, Any] = {
        "ref": content.ref,
        "version": version.number,
        "from": version.from_at.isoformat(),
        "to": version.to_at.isoformat() if version.to_at else None,
        "hash": version.hash,
        "clauses": len(content.clauses),
        "is_new": activated.is_new,
        "dry_run": dry_run,
    }
    if as_json:
        answer(done, as_json)
        return
    if not activated.is_new:
        click.echo(f"{content.ref} version {version.number} says exactly this already.")
        return
    would = "would be" if dry_run else "is"
    click.echo(f"{content.ref} version {version.number} {would} in force {_when(content)}.")


def read(file: str) -> Agreement:
    """Return the agreement in a file.

    Errors  BadAgreement with one sentence that names the file, or the place in it.
    """
    path = Path(file)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as problem:
        raise BadAgreement(f"Cannot read {file}: {problem.strerror}. Check the path.") from problem
    if len(raw) > LARGEST:
        raise BadAgreement(f"{file} has more than a megabyte; that is no agreement text.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadAgreement(
            f"{file} is not UTF-8 text (byte {problem.start}). Save it as UTF-8."
        ) from problem
    return Agreement.from_toml(text, path.name)


def in_words(content: Agreement) -> Iterator[str]:
    """Yield what the text promises, line by line."""
    services = ", ".join(content.services)
    yield f"{content.ref}, {content.title}: {content.provider} serves {content.client}."
    yield f"For {services}, {_when(content)}."
    yield from (_clause(clause, content) for clause in content.clauses)
    yield from (_entitled(each) for each in content.entitled)
    for price in content.prices:
        yield f"Price: {price.amount} {price.currency} per {price.per}."
    for signed in content.signed:
        capacity = f" ({signed.capacity})" if signed.capacity else ""
        yield f"Signed by {signed.by}{capacity} on {_day(signed.on)}."
    if not content.signed:
        yield "Nobody has signed it yet, so it cannot be put into force."


def _clause(clause: Clause, content: Agreement) -> str:
    which = " or ".join(clause.kinds) or "anything"
    urgent = f" of {' or '.join(clause.priorities)} priority" if clause.priorities else ""
    since = "it began" if clause.start == "began" else "it was reported"
    share = ""
    if clause.share is not None:
        share = f", in {(clause.share * 100).normalize():f} of 100 cases"
    rest = f"; it rests while the {' or '.join(sorted(clause.stopped_by))} holds it up"
    zone = content.hours[clause.hours].zone
    return (
        f"{clause.id}: for {which}{urgent}, {STOPS[clause.stop]} within {clause.target} of the "
        f"hours “{clause.hours}” ({zone}) after {since}{share}, counted by the {clause.per}"
        f"{rest if clause.stopped_by else ''}."
    )


def _entitled(each: Entitled) -> str:
    below = " and all below it" if each.scope == "organisation" and each.below else ""
    scope = "everybody at" if each.scope == "place" else f"the {each.scope}"
    only = f", for {', '.join(each.services)}" if each.services else ""
    funded = f", paid by {each.funder}" if each.funder else ""
    return f"Entitled: {scope} {each.name}{below}{only}{funded}."


def _when(content: Agreement) -> str:
    until = f" until {_day(content.to_on)}" if content.to_on else ""
    return f"from {_day(content.from_on)}{until}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
