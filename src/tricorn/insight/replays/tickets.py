"""The tickets of a run: our own as they are now, or the columns of its upload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tricorn.agreements.models import Version
from tricorn.engine.errors import BadInput
from tricorn.engine.replay import History
from tricorn.histories.columns import Groups
from tricorn.insight.models import Replay
from tricorn.insight.month import last_full
from tricorn.insight.replays import columns, files
from tricorn.insight.replays.loaded import own_history
from tricorn.parties.models import House

FEWEST = 5


@dataclass(frozen=True)
class Tickets:
    """The tickets of a run.

    groups   what an upload's own promises go by; None for our own tickets
    fewest   the smallest number of people that a figure may be about; None: everything is shown
    """

    history: History
    groups: Groups | None
    fewest: int | None


def tickets_of(replay: Replay, at: datetime) -> Tickets:
    """Return the tickets of a run. A dozen queries at the most; for an upload none.

    A client reads our tickets as the log stood at the end of the last month, so that nobody learns
    of one person by looking every day; its own export it may read as it likes.
    Errors  BadInput when an upload's columns are gone.
    """
    if replay.source == "upload":
        loaded = _columns(replay)
        return Tickets(loaded.history, loaded.groups, None)
    fewest = None
    if replay.side == "client":
        fewest = House.objects.values_list("fewest", flat=True).first() or FEWEST
    if replay.state == "kept":
        return Tickets(_columns(replay).history, None, fewest)
    first, last = period_of(replay)
    services = list(replay.services.values_list("pk", flat=True))
    versions = None
    if replay.client_id is not None:
        versions = list(
            Version.objects.filter(agreement__in=replay.agreements.all()).values_list(
                "pk", flat=True
            )
        )
    if replay.side != "client":
        return Tickets(own_history(services, first, last, at=at, versions=versions), None, None)
    read_at = min(at, last_full(at, replay.zone).end(replay.zone))
    history = own_history(services, first, min(last, read_at), at=read_at, versions=versions)
    return Tickets(history, None, fewest)


def _columns(replay: Replay) -> columns.Loaded:
    """Errors  BadInput when the file is gone."""
    try:
        return columns.load(files.columns_of(replay))
    except columns.NoColumns as problem:
        raise BadInput(
            "The tickets of this run are gone. Begin it anew, or upload the export again."
        ) from problem


def period_of(replay: Replay) -> tuple[datetime, datetime]:
    """Return the first instant of a run's days, and the first that no longer belongs to them."""
    if replay.first_on is None or replay.last_on is None:
        raise ValueError(f"{replay} has no days.")
    zone = ZoneInfo(replay.zone)
    days = replay.first_on, replay.last_on + timedelta(days=1)
    first, last = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
    return first, last
