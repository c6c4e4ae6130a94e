"""`tricorn agreement`: what a text promises, what is in force, files for both sides, differences."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tricorn.cli import database
from tricorn.cli.output import answer
from tricorn.engine.agreement import Agreement, SignedFile, differences, proof, prove
from tricorn.engine.errors import BadAgreement, BadInput

if TYPE_CHECKING:
    from tricorn.agreements.reads import VersionShown

LARGEST = 1024 * 1024
STATES = {
    "in_force": "in force",
    "begins_later": "begins later",
    "superseded": "superseded",
    "expired": "expired",
}

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def agreement() -> None:
    """Read, compare, prove and export agreements; put a signed one into force."""


@agreement.command()
@click.argument("file", metavar="FILE")
@click.option("--against", metavar="OTHER", help="Also say where FILE differs from this one.")
@json_option
def check(file: str, against: str | None, as_json: bool) -> None:
    """Read the text in FILE and say in plain words what it promises.

    A file that was exported carries a hash: then the file is proved against it, and what was
    changed is named with exit status 1. Needs no database: names are not looked up.

    Example: tricorn agreement check A-7-v1.toml
    """
    needs_no_installation()
    found = read_file(file)
    content = found.content if isinstance(found, SignedFile) else found
    result = prove(found) if isinstance(found, SignedFile) else proof.Proof()
    other = _content(read_file(against)) if against else content
    from_other = differences(other, content)
    if as_json:
        data: dict[str, Any] = {**content.to_data(), "hash": content.hash}
        data["proved"] = result.holds if isinstance(found, SignedFile) else None
        data["problems"] = list(result.problems)
        data["differs"] = _changes(result.changes) + _changes(from_other)
        answer(data, as_json)
    else:
        from tricorn.agreements import changes, terms

        for line in terms.lines(content):
            click.echo(line)
        for problem in result.problems:
            click.echo(f"CHANGED {problem}")
        if result.changes:
            signed = Agreement.from_data(json.loads(getattr(found, "text", "")), "The signed text")
            for change in result.changes:
                said = changes.sentence(change, signed, content)
                click.echo(f"CHANGED {change.place} since it was signed. {said}")
        for change in from_other:
            click.echo(
                f"DIFFERS {change.place} from {against}. {changes.sentence(change, other, content)}"
            )
        if isinstance(found, SignedFile) and result.holds:
            click.echo(f"Proved: this is, word for word, what the hash {found.hash} stands for.")
    sys.exit(0 if result.holds and not from_other else 1)


@agreement.command()
@click.argument("file", metavar="FILE.toml")
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
@json_option
def activate(file: str, dry_run: bool, as_json: bool) -> None:
    """Put the signed text in FILE.toml into force, as a new version of its agreement.

    The same text twice is once. Tickets that run already keep the version they began under.

    Example: tricorn agreement activate A-7.toml --dry-run
    """
    found = read_file(file)
    if isinstance(found, SignedFile) and not prove(found).holds:
        raise BadAgreement(
            f"{file} is not what its hash stands for. tricorn agreement check says what differs; "
            "take the hash away if it is to be a new text."
        )
    content = _content(found)
    database.ready()
    from django.db import transaction

    from tricorn.agreements import plain, verbs
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
    click.echo(f"{content.ref} version {version.number} {would} in force {plain.when(content)}.")


@agreement.command()
@click.argument("ref", metavar="REF")
@json_option
def show(ref: str, as_json: bool) -> None:
    """Say which versions REF has: clauses, hash, signatures, period, and where each stands now.

    Example: tricorn agreement show A-7
    """
    database.ready()
    from tricorn.agreements import plain, terms
    from tricorn.agreements.reads import agreement_shown

    found = agreement_shown(ref, at=datetime.now(UTC))
    if as_json:
        answer(
            {
                "ref": found.ref,
                "client": found.client,
                "provider": found.provider,
                "versions": [_version(each) for each in found.versions],
            },
            as_json,
        )
        return
    click.echo(f"{found.ref}: {found.provider} serves {found.client}.")
    for each in found.versions:
        until = f" to {each.to_at.isoformat()}" if each.to_at else ""
        click.echo(f"Version {each.number}, {STATES[each.state]}: {each.title}")
        click.echo(f"  from {each.from_at.isoformat()}{until}, for {', '.join(each.services)}")
        for clause in each.clauses:
            click.echo(f"  {clause.id} ({clause.hours}): {plain.promise(clause).sentence}")
        for section in terms.sections(each.content) if each.content else ():
            for term in section.terms:
                click.echo(f"  {section.title}, {term}" if term.name else f"  {term}")
        for signed in each.signatures:
            capacity = f", {signed.capacity}," if signed.capacity else ""
            click.echo(f"  signed by {signed.by}{capacity} on {signed.on}")
        click.echo(f"  hash {each.hash}")


@agreement.command()
@click.argument("ref", metavar="REF")
@click.option("--to", "folder", required=True, metavar="FOLDER", help="Made when missing.")
@click.option("--version", "number", type=int, help="Else the one in force, or the newest.")
@json_option
def export(ref: str, folder: str, number: int | None, as_json: bool) -> None:
    """Write a signed version as TOML, JSON and PDF, each with its hash, for both sides.

    Example: tricorn agreement export A-7 --to files --version 1
    """
    database.ready()
    from tricorn.agreements.files import FILES, signed_file
    from tricorn.agreements.reads import version_of

    signed = signed_file(version_of(ref, number, at=datetime.now(UTC)))
    written = []
    for ending, (_, write) in FILES.items():
        path = Path(folder) / signed.name(ending)
        content = write(signed)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as problem:
            raise BadInput(
                f"Cannot write {path}: {problem.strerror}. Name a folder that you may write to."
            ) from problem
        written.append(str(path))
    if as_json:
        done = {"ref": signed.content.ref, "version": signed.version, "hash": signed.hash}
        answer({**done, "journal_head": signed.head, "files": written}, as_json)
    else:
        answer(written, as_json)


@agreement.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="[B]", required=False)
@click.option("--from", "old", type=int, help="With a REF: the version before.")
@click.option("--to", "new", type=int, help="With a REF: the version after.")
@json_option
def diff(one: str, other: str | None, old: int | None, new: int | None, as_json: bool) -> None:
    """Say what two texts promise differently, clause by clause, field by field.

    A and B are files; or A is a REF, with --from 1 --to 2. Exit status 0, differences or not.

    Example: tricorn agreement diff A-7-v1.toml A-7-draft.toml
    """
    if (other is None) == (old is None or new is None) or (other and (old or new)):
        raise click.UsageError("Name two files, or a REF with --from and --to.")
    if other is not None:
        needs_no_installation()
        before, after = _content(read_file(one)), _content(read_file(other))
    else:
        database.ready()
        from tricorn.agreements.bridge import content_of
        from tricorn.agreements.reads import version_of

        at = datetime.now(UTC)
        before = content_of(version_of(one, old, at=at))
        after = content_of(version_of(one, new, at=at))
    from tricorn.agreements import changes

    found = differences(before, after)
    if as_json:
        said = [changes.sentence(each, before, after) for each in found]
        rows = [{**row, "words": words} for row, words in zip(_changes(found), said, strict=True)]
        sides = {"from": _side(before), "to": _side(after)}
        answer({**sides, "same": not found, "changes": rows}, as_json)
        return
    for change in found:
        click.echo(changes.sentence(change, before, after))
    if not found:
        click.echo("Both say the same.")


def read_file(file: str) -> Agreement | SignedFile:
    """Return the agreement in a file, with its hash where it carries one.

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
        if raw.startswith(b"%PDF-"):
            raise BadAgreement(
                f"{file} is a PDF, which is for reading. Name the .toml or .json beside it: they "
                "carry the same hash, and prove it."
            ) from problem
        raise BadAgreement(
            f"{file} is not UTF-8 text (byte {problem.start}). Save it as UTF-8."
        ) from problem
    return proof.read(text, path.name)


def _content(found: Agreement | SignedFile) -> Agreement:
    return found.content if isinstance(found, SignedFile) else found


def needs_no_installation() -> None:
    """Let sentences be said without an installation: no folder, no secret, no database."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def _changes(found: tuple[proof.Change, ...]) -> list[dict[str, Any]]:
    return [
        {
            "part": each.part,
            "item": each.item,
            "field": each.field,
            "before": each.before,
            "after": each.after,
        }
        for each in found
    ]


def _side(content: Agreement) -> dict[str, str]:
    return {"ref": content.ref, "title": content.title, "hash": content.hash}


def _version(version: VersionShown) -> dict[str, Any]:
    from tricorn.agreements.reads import clause_data, terms_data

    return {
        "version": version.number,
        "title": version.title,
        "state": version.state,
        "period": {
            "from": version.from_at.isoformat(),
            "to": version.to_at.isoformat() if version.to_at else None,
        },
        "hash": version.hash,
        "services": list(version.services),
        "clauses": [clause_data(clause) for clause in version.clauses],
        "signatures": [
            {
                "by": each.by,
                "capacity": each.capacity,
                "on": each.on,
                **({"for": each.acting_for} if each.acting_for else {}),
                **({"method": each.method} if each.method else {}),
            }
            for each in version.signatures
        ],
        **terms_data(version.content),
    }
