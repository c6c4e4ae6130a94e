"""What the house promises for a service without any agreement, as a text that can be replayed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tricorn.agreements.choose import STOP_OF
from tricorn.catalogue.models import Service, Target
from tricorn.engine import agreement as text
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Hours
from tricorn.engine.hours import Target as Within

REF = "house"


def house_promises(services: Iterable[Service], at: datetime) -> dict[int, text.Agreement]:
    """Return for each service the house targets that hold at an instant, as clauses. One query.

    The most particular one comes first, as it does when a ticket is given its clocks. A service
    without targets is left out.
    """
    of: dict[int, list[Target]] = defaultdict(list)
    rows = Target.objects.at(at).filter(level__service__in=services, level__is_default=True)
    for target in rows.select_related("level__service__provider").order_by("id"):
        of[target.level.service_id].append(target)
    return {number: _promise(targets) for number, targets in of.items()}


def _promise(targets: list[Target]) -> text.Agreement:
    targets = sorted(targets, key=lambda each: (not each.priorities, not each.kinds))
    service = targets[0].level.service
    specs = {json.dumps(each.spec, sort_keys=True): each.spec for each in targets}
    names = {said: "desk" if n == 1 else f"desk {n}" for n, said in enumerate(specs, 1)}
    hours = {names[said]: Hours.from_data(spec, where="hours") for said, spec in specs.items()}
    zone = next(iter(hours.values())).zone
    return text.Agreement(
        ref=REF,
        title=f"{service}: what the house promises",
        services=(service.name,),
        from_on=min(each.since for each in targets).astimezone(ZoneInfo(str(zone))).date(),
        to_on=None,
        client="everybody",
        provider=str(service.provider),
        hours=hours,
        clauses=tuple(
            text.Clause(
                id=f"R{n}",
                kinds=tuple(each.kinds),
                priorities=tuple(each.priorities),
                start="reported",
                stop=STOP_OF[each.measure],
                hours=names[json.dumps(each.spec, sort_keys=True)],
                target=Within.parse(each.within),
                stopped_by=frozenset(Holder(holder) for holder in each.stopped_by),
            )
            for n, each in enumerate(targets, 1)
        ),
    )
