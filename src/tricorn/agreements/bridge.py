"""Rows in, engine values out: a clause as the clock reads it."""

from __future__ import annotations

from tricorn.agreements.models import Clause
from tricorn.catalogue.bridge import schedule_of
from tricorn.engine.clock import Holder, Terms
from tricorn.engine.hours import Target


def terms_of(clause: Clause) -> Terms:
    """Return a signed clause as the clock reads it."""
    return Terms(
        clause=clause.name,
        schedule=schedule_of(clause.spec, clause.hours),
        target=Target.parse(clause.within),
        stopped_by=frozenset(Holder(each) for each in clause.stopped_by),
    )
