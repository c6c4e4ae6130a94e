"""`tricorn token`: access for programs, made, listed and taken back from the machine itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tricorn.cli import database
from tricorn.cli.output import answer
from tricorn.engine.errors import BadInput

if TYPE_CHECKING:
    from tricorn.parties.models import Person, Token


@click.group()
def token() -> None:
    """Access for programs: each token acts in the name of one person."""


@token.command()
@click.argument("person", metavar="PERSON")
@click.option("--name", required=True, help="The name of the program, to know it again.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="What it may do, like tickets:read; may be given several times.",
)
@click.option("--days", default=90, show_default=True, help="For how many days, a year at most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def add(person: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a token for PERSON (a mail address, or a whole name) and print it, this once.

    Example: tricorn token add cleo@example.org --name Script --scope tickets:read
    """
    database.ready()
    from tricorn.journal.actor import COMMAND
    from tricorn.parties.verbs import make_token

    made = make_token(
        _meant(person), by=COMMAND, at=datetime.now(UTC), name=name, scopes=scopes, days=days
    )
    if as_json:
        answer({**_row(made.token), "token": made.secret}, as_json=True)
        return
    click.echo(made.secret)
    database.say("this is shown once. Keep it like a password.")


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def list_(as_json: bool) -> None:
    """List every token that opens something now; never the secrets."""
    database.ready()
    from tricorn.parties.models import Token

    tokens = Token.objects.valid(datetime.now(UTC)).select_related("person").order_by("id")
    rows = [_row(each) for each in tokens]
    if as_json:
        answer(rows, as_json=True)
        return
    for row in rows:
        used = row["used_at"] or "never"
        click.echo(
            f"{row['id']}  {row['person']}  {row['name']}  {row['hint']}…  "
            f"{' '.join(row['scopes'])}  used {used}  ends {row['ends_at']}"
        )


@token.command()
@click.argument("number", metavar="NUMBER", type=click.IntRange(1, 2**63 - 1))
def revoke(number: int) -> None:
    """Take the token of this number back: it opens nothing any more. Twice is once."""
    database.ready()
    from tricorn.journal.actor import COMMAND
    from tricorn.parties.models import Token
    from tricorn.parties.verbs import revoke_token

    found = Token.objects.filter(pk=number).first()
    if found is None:
        raise BadInput(f"There is no token {number}. tricorn token list names them.")
    revoke_token(found, by=COMMAND, at=datetime.now(UTC))
    database.say(f"token {number} opens nothing any more.")


def _meant(words: str) -> Person:
    from tricorn.parties.reads import person_meant

    found = person_meant(words)
    if not found:
        raise BadInput(f"Nobody here is called {words[:80]!r}. Give the mail address.")
    if len(found) > 1:
        raise BadInput(f"Several people are called {words[:80]!r}. Give the mail address.")
    return found[0]


def _row(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "person": token.person.name,
        "name": token.name,
        "hint": token.hint,
        "scopes": token.scopes,
        "made_at": token.made_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "ends_at": token.ends_at.isoformat(),
    }
