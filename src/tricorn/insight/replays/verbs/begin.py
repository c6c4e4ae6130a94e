"""Beginning a run: on our own tickets, or on an export that somebody hands in."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.agreements.models import Agreement
from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.histories import FORMATS, parse_map
from tricorn.insight.models import Replay
from tricorn.insight.models.replay import clients_of
from tricorn.insight.month import last_full
from tricorn.insight.replays import files
from tricorn.insight.replays.verbs.held import own
from tricorn.insight.scope import parties
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation
from tricorn.parties.verbs import clean, known_zone
from tricorn.standing.portrait import portrait

LONGEST_YEARS = 20


@dataclass(frozen=True)
class Upload:
    """An export that somebody hands in, and how it is to be read.

    chunks    its bytes as they come
    format    one of histories.FORMATS; empty: the columns decide
    map_text  a map in TOML for any other table; empty: none
    learns    whether the present rule is to be learned from it
    """

    name: str
    chunks: Iterable[bytes]
    zone: str
    format: str = ""
    map_text: str = ""
    learns: bool = False


def begin_replay(
    services: Collection[Service],
    first: date,
    last: date,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    zone: str = "UTC",
    client: Organisation | None = None,
    for_client: bool = False,
    present: text.Agreement | None = None,
) -> Replay:
    """Begin a run on our own tickets, reported from one day to another, both included.

    client      only tickets under this organisation's agreements; None: all
    for_client  the client tries it for itself: whole months that have ended, and only agreements
                that whoever asks may read of
    Errors      BadInput for days or services that are none; StandingRefused for another's tickets.
    """
    zone = known_zone(zone)
    if not services:
        raise BadInput("Choose at least one service.", field="services")
    _check_days(first, last, at, zone)
    agreements = _agreements(services, client, for_client, by, at)
    if for_client and last >= (end := last_full(at, zone).plus(1).day):
        raise BadInput(
            "Only months that have ended can be tried. Choose a last day before "
            f"{end.day}. {end.month}. {end.year}.",
            field="last",
        )
    with transaction.atomic():
        replay = _begin(
            name or ", ".join(str(each) for each in services)[:120],
            by=by,
            at=at,
            side="client" if for_client else "provider",
            client=client,
            source="own",
            first_on=first,
            last_on=last,
            zone=zone,
            present=present.to_toml() if present else "",
            state="ready",
        )
        replay.services.set(services)
        replay.agreements.set(agreements)
        write(
            replay,
            "replay.begun",
            by=by,
            at=at,
            services=sorted(each.pk for each in services),
            client=client.pk if client else None,
            side=replay.side,
        )
    return replay


def upload_replay(
    upload: Upload,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    client: Organisation | None = None,
    for_client: bool = False,
    present: text.Agreement | None = None,
) -> Replay:
    """Take an export in; the worker reads it, and deletes it when it has been read.

    Kept of it are columns of numbers, the names of priorities and kinds, and ticket numbers.
    present  what holds today, where it is not to be learned from the file
    Errors  BadInput for a format, zone or map that is none, or a file that is empty or too large;
            StandingRefused for another's organisation.
    """
    zone = known_zone(upload.zone)
    _check_reading(upload.format, upload.map_text)
    if for_client:
        _check_client(client, by, at)
    key = _key()
    shown = files.safe(upload.name)
    size, sha = files.take_in(files.export_at(key, shown), upload.chunks)
    try:
        with transaction.atomic():
            replay = _begin(
                name or shown,
                by=by,
                at=at,
                key=key,
                side="client" if for_client else "provider",
                client=client,
                source="upload",
                zone=zone,
                file_name=shown,
                file_size=size,
                file_hash=sha,
                format=upload.format,
                map_text=upload.map_text,
                learns=upload.learns,
                present=present.to_toml() if present else "",
                state="reading",
            )
            write(
                replay,
                "replay.uploaded",
                by=by,
                at=at,
                size=size,
                sha256=sha,
                client=client.pk if client else None,
                side=replay.side,
            )
    except BaseException:  # also when told to stop: no bytes stay that no row names
        files.put_away(key)
        raise
    return replay


def read_again(
    replay: Replay, *, by: Actor, at: datetime, zone: str, format: str = "", map_text: str = ""
) -> Replay:
    """Let the worker read an upload once more, otherwise than it failed.

    Errors  BadInput for a zone, a format or a map that is none; MoveRefused when the file is
            gone, or the run did not fail.
    """
    zone = known_zone(zone)
    _check_reading(format, map_text)
    with transaction.atomic():
        replay = own(replay, "failed", by=by)
        if replay.source != "upload" or not files.upload_of(replay).is_file():
            raise MoveRefused("The file is not here any more. Upload it again.")
        replay.zone, replay.format, replay.map_text = zone, format, map_text
        replay.state, replay.problem, replay.progress = "reading", "", 0
        replay.attempts, replay.claimed_until, replay.changed_at = 0, None, at
        replay.save()
        write(replay, "replay.read_again", by=by, at=at)
    return replay


def _begin(name: str, *, by: Actor, at: datetime, **columns: object) -> Replay:
    given = {"key": _key(), **columns}
    return Replay.objects.create(
        name=clean(name, "name", 120),
        person_id=by.id if by.is_person else None,
        begun_at=at,
        changed_at=at,
        **given,
    )


def _agreements(
    services: Collection[Service],
    client: Organisation | None,
    for_client: bool,
    by: Actor,
    at: datetime,
) -> list[Agreement]:
    """Return the agreements under which tickets count; none where all tickets do."""
    numbers = {each.pk for each in services}
    if for_client:
        known = portrait(by.id or 0, at)
        found = [
            party.agreement
            for party in parties(known)
            if client is not None
            and party.agreement.client_id == client.pk
            and party.service_ids & numbers
        ]
        if not found or not by.is_person:
            raise StandingRefused(
                "There is no agreement about these services that you may read of. Upload an export "
                "of your own instead."
            )
        return found
    if client is None:
        return []
    return list(Agreement.objects.filter(client=client, versions__services__in=numbers).distinct())


def _check_client(client: Organisation | None, by: Actor, at: datetime) -> None:
    known = portrait(by.id or 0, at)
    mine = clients_of(known, [party.agreement for party in parties(known)])
    if client is None or client.pk not in mine:
        raise StandingRefused("Only who decides for an organisation may try things for it.")


def _check_days(first: date, last: date, at: datetime, zone: str) -> None:
    if first > last:
        raise BadInput("The last day comes before the first. Turn them round.", field="last")
    if last.year - first.year > LONGEST_YEARS or not 1970 <= first.year <= last.year < 2199:
        raise BadInput(f"A run looks at {LONGEST_YEARS} years at the most.", field="first")
    if first > at.astimezone(ZoneInfo(zone)).date():
        raise BadInput("This has not happened yet. Choose days that are over.", field="first")


def _check_reading(format: str, map_text: str) -> None:
    if map_text:
        parse_map(map_text, "The map")
        if format not in ("", "map"):
            raise BadInput("A map says which column means what: give it, or a format, not both.")
    elif format and format not in FORMATS:
        raise BadInput(f"There is no format {format!r:.40}. There are: {', '.join(FORMATS)}.")


def _key() -> str:
    return secrets.token_urlsafe(12)
