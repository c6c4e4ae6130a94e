"""From a run to an offer: the client asks for one, the provider makes it with one press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tricorn.agreements import verbs as offers
from tricorn.agreements.models import Agreement, Offer
from tricorn.agreements.verbs import Described
from tricorn.catalogue.models import Service
from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.insight.models import Replay, ReplayOption
from tricorn.insight.replays.verbs.held import locked, own, settled
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Organisation


def ask_for_offer(
    replay: Replay, options: Sequence[ReplayOption], *, by: Actor, at: datetime
) -> Replay:
    """Ask the provider for an offer of these options; the run is kept. Twice is once.

    The provider then sees the run: its options, and what the client saw of them.

    Errors  MoveRefused for a run of the provider's own, and for one that is not worked out.
    """
    with transaction.atomic():
        replay = own(replay, "ready", "kept", by=by)
        if replay.side != "client":
            raise MoveRefused("This run is the provider's own. Make the offer itself.")
        if replay.offer_asked_at is not None:
            return replay
        chosen = _chosen(replay, options)
        replay.options.filter(pk__in=[each.pk for each in chosen]).update(is_wanted=True)
        settled(replay, at)
        replay.offer_asked_at = at
        replay.save(update_fields=["offer_asked_at"])
        write(
            replay,
            "replay.offer_asked",
            by=by,
            at=at,
            client=replay.client_id,
            options=sorted(each.pk for each in chosen),
        )
    return replay


def offer_from(
    replay: Replay,
    options: Sequence[ReplayOption],
    provider: Organisation,
    title: str,
    *,
    by: Actor,
    at: datetime,
    client: Organisation | None = None,
    agreement: Agreement | None = None,
    service: Service | None = None,
    prices: Mapping[int, text.Price] | None = None,
) -> Offer:
    """Begin an offer of these options, as drafts that the provider looks through; keep the run.

    What would begin on a day that is over begins on the first of next month. Twice is once: the
    same run makes one offer.
    service  what it is about, where the texts know none of ours: those that an export taught
    prices   of options that name none, by their keys: what the provider's own rates make of them
    Errors  BadInput without a client, or when a text names what the house does not have.
    """
    with transaction.atomic():
        replay = locked(replay, "ready", "kept")
        if replay.offer is not None:
            return replay.offer
        to = replay.client or client
        if to is None:
            raise BadInput("Say to whom the offer goes: choose a client.", field="client")
        chosen = _chosen(replay, options)
        offer = offers.begin_offer(to, provider, title, by=by, at=at, agreement=agreement)
        for each in chosen:
            content = _to_come(text.Agreement.from_toml(each.text, each.name), at)
            if not content.prices and prices and each.pk in prices:
                content = replace(content, prices=(prices[each.pk],))
            if service is not None:
                content = _about(content, service, to)
            offers.add_option(offer, Described(each.name), content, by=by, at=at)
        settled(replay, at)
        replay.offer = offer
        replay.save(update_fields=["offer"])
        write(replay, "replay.offer_made", by=by, at=at, offer=offer.pk)
    return offer


def _chosen(replay: Replay, options: Sequence[ReplayOption]) -> list[ReplayOption]:
    numbers = {each.pk for each in options}
    chosen = [each for each in replay.options.order_by("letter") if each.pk in numbers]
    if not chosen:
        raise BadInput("Choose at least one option of this run.", field="options")
    return chosen


def _about(content: text.Agreement, service: Service, client: Organisation) -> text.Agreement:
    """Return a text as one about a service of ours, for all of the client; the rest stays."""
    return replace(
        content,
        title=f"{service.name}: {content.title}"[:200],
        services=(service.slug,),
        entitled=(text.Entitled("organisation", client.name),),
        availability=(),
        workloads=(),
        escalation=(),
        credits=(),
    )


def _to_come(content: text.Agreement, at: datetime) -> text.Agreement:
    today = at.astimezone(ZoneInfo(content.zone)).date()
    if content.from_on >= today:
        return content
    begins = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    ends = content.to_on if content.to_on is None or content.to_on > begins else None
    return replace(content, from_on=begins, to_on=ends)
