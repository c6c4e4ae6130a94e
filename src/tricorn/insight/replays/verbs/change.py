"""Changing a run: its texts and options; working it out, keeping it, forgetting it."""

from __future__ import annotations

from datetime import datetime
from string import ascii_uppercase

from django.db import transaction

from tricorn.engine import agreement as text
from tricorn.engine.agreement import PRIORITIES
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.insight.models import Replay, ReplayOption
from tricorn.insight.replays import files
from tricorn.insight.replays.verbs.held import CHANGEABLE, STANDS, changed, own, settled
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean

MOST_OPTIONS = 6
LONGEST_TEXT = 100_000


def set_terms(
    replay: Replay,
    *,
    by: Actor,
    at: datetime,
    present: text.Agreement | None = None,
    rates: str | None = None,
    team: str | None = None,
    priorities: dict[str, str] | None = None,
    priority_at: str | None = None,
) -> Replay:
    """Set what every option is held against; what is left out stays as it is.

    rates, team  texts in TOML; whoever works with them reads them
    priorities   the source's priorities as ours, where guessing is not enough
    """
    for said in (rates or "", team or ""):
        if len(said) > LONGEST_TEXT:
            raise BadInput(f"The text has {len(said):,} characters; at most {LONGEST_TEXT:,} fit.")
    if priorities and (odd := sorted(set(priorities.values()) - set(PRIORITIES))):
        raise BadInput(f"A priority is one of {', '.join(PRIORITIES)}, not {odd[0]!r:.40}.")
    if priority_at not in (None, "final", "opened"):
        raise BadInput("The priority that decides is final or opened.", field="priority_at")
    with transaction.atomic():
        replay = own(replay, *CHANGEABLE, by=by)
        replay.present = present.to_toml() if present is not None else replay.present
        replay.rates = rates if rates is not None else replay.rates
        replay.team = team if team is not None else replay.team
        replay.priorities = priorities if priorities is not None else replay.priorities
        replay.priority_at = priority_at or replay.priority_at
        changed(replay, at)
        write(replay, "replay.terms_set", by=by, at=at, edition=replay.edition)
    return replay


def add_option(
    replay: Replay, name: str, content: text.Agreement, *, by: Actor, at: datetime
) -> ReplayOption:
    """Add another agreement to try."""
    name = clean(name, "name", 120)
    with transaction.atomic():
        replay = own(replay, *CHANGEABLE, by=by)
        letters = set(replay.options.values_list("letter", flat=True))
        if len(letters) >= MOST_OPTIONS:
            raise BadInput(f"A run has at most {MOST_OPTIONS} options. Remove one first.")
        letter = next(each for each in ascii_uppercase if each not in letters)
        option = replay.options.create(letter=letter, name=name, text=content.to_toml())
        changed(replay, at)
        write(replay, "replay.option_added", by=by, at=at, option=option.pk, hash=content.hash)
    return option


def change_option(
    option: ReplayOption, name: str, content: text.Agreement, *, by: Actor, at: datetime
) -> ReplayOption:
    """Write an option otherwise; what was answered about it before is gone."""
    name = clean(name, "name", 120)
    with transaction.atomic():
        replay = own(option.replay, *CHANGEABLE, by=by)
        option = replay.options.get(pk=option.pk)
        option.name, option.text = name, content.to_toml()
        option.save(update_fields=["name", "text"])
        changed(replay, at)
        write(replay, "replay.option_changed", by=by, at=at, option=option.pk, hash=content.hash)
    return option


def remove_option(option: ReplayOption, *, by: Actor, at: datetime) -> None:
    """Take an option out of a run; twice is once."""
    with transaction.atomic():
        replay = own(option.replay, *CHANGEABLE, by=by)
        gone, _ = replay.options.filter(pk=option.pk).delete()
        if gone:
            changed(replay, at)
            write(replay, "replay.option_removed", by=by, at=at, option=option.pk)


def simulate(replay: Replay, *, by: Actor, at: datetime) -> Replay:
    """Let the worker work out the whole answer; twice is once."""
    with transaction.atomic():
        replay = own(replay, *CHANGEABLE, by=by)
        if replay.state == "simulating":
            return replay
        if not replay.options.exists() and not replay.present:
            raise BadInput("There is nothing to try yet. Add an option, or the present agreement.")
        replay.state, replay.progress, replay.doing = "simulating", 0, ""
        replay.problem, replay.attempts, replay.claimed_until = "", 0, None
        replay.changed_at = at
        replay.save()
        write(replay, "replay.simulating", by=by, at=at, edition=replay.edition)
    return replay


def keep(replay: Replay, *, by: Actor, at: datetime) -> Replay:
    """Keep a run for good, its tickets as they stand now; twice is once."""
    with transaction.atomic():
        replay = own(replay, "ready", "kept", by=by)
        if replay.state == "kept":
            return replay
        settled(replay, at)
        write(replay, "replay.kept", by=by, at=at, edition=replay.edition)
    return replay


def discard(replay: Replay, *, by: Actor, at: datetime) -> None:
    """Forget a run and its files. One of which an offer was made, or asked, stays."""
    with transaction.atomic():
        replay = own(replay, *STANDS, by=by)
        if replay.offer_id is not None or replay.offer_asked_at is not None:
            raise MoveRefused("An offer was made or asked for on this run, so it stays on file.")
        key = replay.key
        write(replay, "replay.discarded", by=by, at=at)
        replay.delete()
        transaction.on_commit(lambda: files.put_away(key))
