"""Runs as pages show them: those that somebody may see, and one of them with all it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.models import Offer
from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.engine.roles import rule
from tricorn.insight.models import Replay, ReplayOption
from tricorn.journal.actor import Actor
from tricorn.standing.portrait import Portrait, portrait

MOST_LISTED = 200


@dataclass(frozen=True)
class Listed:
    """A run in a list. `wanted`: letters of the options of which a client would like an offer."""

    key: str
    name: str
    side: str
    source: str
    state: str
    progress: int
    person: str
    client: str
    options: tuple[str, ...]
    wanted: tuple[str, ...]
    begun_at: datetime
    offer_asked_at: datetime | None
    offer: int | None
    is_mine: bool


@dataclass(frozen=True)
class OptionShown:
    """An option with its text; `content` is the text read."""

    option: ReplayOption
    letter: str
    name: str
    content: text.Agreement
    is_wanted: bool


@dataclass(frozen=True)
class RunShown:
    """One run: its row, its services and options, and what whoever asks may do with it.

    may_change  it is theirs, and neither kept nor being read
    may_offer   they may make an offer of it; may_ask: they may ask for one
    """

    replay: Replay
    services: tuple[Service, ...]
    present: text.Agreement | None
    options: tuple[OptionShown, ...]
    offer: Offer | None
    is_mine: bool
    may_change: bool
    may_keep: bool
    may_discard: bool
    may_offer: bool
    may_ask: bool


def replays_of(actor: Actor, at: datetime, known: Portrait | None = None) -> list[Listed]:
    """Return the runs that somebody may see, newest first. Three queries and the portrait's."""
    rows = Replay.objects.visible_to(actor, at, known).select_related("person", "client")
    rows = rows.defer("answer", "present", "rates", "team", "told").prefetch_related("options")
    return [_listed(each, actor) for each in rows[:MOST_LISTED]]


def asked_of_house(actor: Actor, at: datetime, known: Portrait | None = None) -> list[Listed]:
    """Return the runs of clients that wait for an offer, the longest first."""
    rows = (
        Replay.objects.visible_to(actor, at, known)
        .wanting_offer()
        .select_related("person", "client")
        .defer("answer", "present", "rates", "team", "told")
        .prefetch_related("options")
        .order_by("offer_asked_at", "id")
    )
    return [_listed(each, actor) for each in rows]


def one(actor: Actor, key: str, at: datetime, known: Portrait | None = None) -> RunShown | None:
    """Return one run, or None when there is none that this actor may know of."""
    if known is None and actor.is_person and actor.id is not None:
        known = portrait(actor.id, at)
    rows = Replay.objects.visible_to(actor, at, known).filter(key=key)
    replay = rows.select_related("person", "client", "offer").first()
    if replay is None:
        return None
    is_mine = actor.is_program or actor.id == replay.person_id
    is_settled = replay.offer_id is not None or replay.offer_asked_at is not None
    is_client = replay.side == "client"
    is_done = replay.state in ("ready", "kept")
    services = tuple(replay.services.order_by("name"))
    manages = _manages(known, services) if known is not None else actor.is_program
    options = tuple(_option(each) for each in replay.options.order_by("letter"))
    return RunShown(
        replay=replay,
        services=services,
        present=_read(replay.present, "the present agreement"),
        options=options,
        offer=replay.offer,
        is_mine=is_mine,
        may_change=is_mine and replay.state in ("ready", "simulating"),
        may_keep=is_mine and replay.state == "ready",
        may_discard=is_mine and not is_settled,
        may_offer=bool(options)
        and is_done
        and replay.offer_id is None
        and (manages or (is_mine and not is_client)),
        may_ask=bool(options) and is_done and is_client and is_mine and not is_settled,
    )


def _manages(known: Portrait, services: Sequence[Service]) -> bool:
    """Whether somebody may make offers of these services; of none in particular: of all."""
    numbers = [each.pk for each in services] or [0]
    return all(rule(known.standing(number), "make_offer").allowed for number in numbers)


def _listed(each: Replay, actor: Actor) -> Listed:
    options = sorted(each.options.all(), key=lambda option: option.letter)
    return Listed(
        key=each.key,
        name=each.name,
        side=each.side,
        source=each.source,
        state=each.state,
        progress=each.progress,
        person=str(each.person or ""),
        client=str(each.client or ""),
        options=tuple(option.name for option in options),
        wanted=tuple(option.letter for option in options if option.is_wanted),
        begun_at=each.begun_at,
        offer_asked_at=each.offer_asked_at,
        offer=each.offer_id,
        is_mine=actor.id is not None and actor.id == each.person_id,
    )


def _option(each: ReplayOption) -> OptionShown:
    content = text.Agreement.from_toml(each.text, each.name)
    return OptionShown(each, each.letter, each.name, content, each.is_wanted)


def _read(said: str, name: str) -> text.Agreement | None:
    return text.Agreement.from_toml(said, name) if said else None
