"""Holding a run while something is done to it: it is one's own, and stands where that is possible."""

from __future__ import annotations

from datetime import datetime

from tricorn.engine.errors import MoveRefused, StandingRefused
from tricorn.insight.models import Replay
from tricorn.insight.replays import columns, files
from tricorn.insight.replays.tickets import tickets_of
from tricorn.journal.actor import Actor

CHANGEABLE = ("ready", "simulating")
STANDS = {
    "reading": "the upload is still being read",
    "ready": "the run is neither being read nor kept",
    "simulating": "the answer is still being worked out",
    "kept": "the run is kept as it is; begin another one to try something else",
    "failed": "it failed; read the file again otherwise, or discard the run",
}


def locked(replay: Replay, *states: str) -> Replay:
    replay = (
        Replay.objects.select_for_update(of=("self",))
        .select_related("client", "offer", "person")
        .get(pk=replay.pk)
    )
    if replay.state not in states:
        raise MoveRefused(f"This is not possible: {STANDS[replay.state]}.", state=replay.state)
    return replay


def own(replay: Replay, *states: str, by: Actor) -> Replay:
    """Lock a run, and see that it is the actor's own and stands where this deed is possible."""
    replay = locked(replay, *states)
    if not by.is_program and not (by.is_person and by.id == replay.person_id):
        raise StandingRefused(
            f"Only {replay.person or 'whoever began it'} may change this run. Begin one of your own."
        )
    return replay


def changed(replay: Replay, at: datetime) -> None:
    """What was answered is about something else now; what is being worked out begins again."""
    replay.edition += 1
    replay.changed_at, replay.answer, replay.finished_at = at, None, None
    replay.save()


def settled(replay: Replay, at: datetime) -> None:
    """Keep a run for good: our own tickets as they stand now are kept with it, as columns."""
    if replay.state == "kept":
        return
    if replay.source == "own":
        columns.save(files.columns_of(replay), tickets_of(replay, at).history)
    replay.state, replay.kept_at = "kept", at
    replay.save(update_fields=["state", "kept_at"])
