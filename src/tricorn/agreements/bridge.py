"""Rows in, engine values out: a version as its text, a clause as the text and the clock read it."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tricorn.agreements.models import Clause, Version
from tricorn.catalogue.bridge import schedule_of
from tricorn.engine import agreement as text
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


def clause_of(clause: Clause) -> text.Clause:
    """Return a clause's row as the text says it."""
    return text.Clause(
        id=clause.name,
        kinds=tuple(clause.kinds),
        priorities=tuple(clause.priorities),
        start=clause.start,
        stop=clause.stop,
        hours=clause.hours,
        target=Target.parse(clause.within),
        share=clause.share,
        per=clause.per,
        stopped_by=frozenset(Holder(each) for each in clause.stopped_by),
    )


def content_of(version: Version) -> text.Agreement:
    """Return what a version says. Errors: BadAgreement when its text is no agreement any more."""
    return text.Agreement.from_data(json.loads(version.text), str(version))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day of an agreement begins."""
    return datetime.combine(day, time(), tzinfo=zone)
