"""Rows in, engine values out: a compiled schedule for service hours, terms for a target."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from tricorn.catalogue.models import ServiceHours, Target
from tricorn.engine.clock import Holder, Terms
from tricorn.engine.hours import Hours, Schedule
from tricorn.engine.hours import Target as Within


def schedule(hours: ServiceHours) -> Schedule:
    """Return the compiled service hours of a row; the same text is compiled once."""
    return schedule_of(hours.spec, hours.name)


def schedule_of(spec: dict[str, Any], name: str) -> Schedule:
    """Return the compiled schedule of hours written as data."""
    return _compiled(json.dumps(spec, sort_keys=True, default=str), name)


@lru_cache(maxsize=512)
def _compiled(text: str, name: str) -> Schedule:
    return Schedule(Hours.from_data(json.loads(text), where=name))


def terms_of(target: Target) -> Terms:
    """Return the promise of a level's target as the clock reads it."""
    return Terms(
        clause=f"{target.measure} of {target.level_id}",
        schedule=schedule_of(target.spec, "house promise"),
        target=Within.parse(target.within),
        stopped_by=frozenset(Holder(each) for each in target.stopped_by),
    )
