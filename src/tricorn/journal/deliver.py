"""Deliveries: the worker claims what is ready, lets the reactor hear of it, and notes the end.

At least once: a worker that dies leaves its claim, whose lease runs out, and another takes it up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from tricorn.journal.models import Delivery
from tricorn.journal.reactors import REACTORS

LEASE = timedelta(minutes=5)
ATTEMPTS = 8
log = logging.getLogger("tricorn.deliver")


def claim(*, at: datetime, most: int = 20) -> list[Delivery]:
    """Take up to `most` ready deliveries for the length of a lease."""
    with transaction.atomic():
        ready = Delivery.objects.ready(at).order_by("not_before", "id")
        if connection.features.has_select_for_update_skip_locked:
            ready = ready.select_for_update(skip_locked=True, of=("self",))
        claimed = list(ready.select_related("line")[:most])
        for each in claimed:
            each.attempts += 1
            each.not_before = at + LEASE
        Delivery.objects.bulk_update(claimed, ["attempts", "not_before"])
    return claimed


def deliver(each: Delivery, *, at: datetime) -> bool:
    """Let the reactor hear; note done, or the next try. True when it was heard."""
    reactor = REACTORS.get(each.reactor)
    if reactor is None:
        return _again(each, at, f"No reactor is called {each.reactor}.")
    try:
        reactor.react(each.line, at)
    except Exception as problem:  # whatever went wrong out there: it is noted and tried again
        log.warning("%s of line %s failed: %s", each.reactor, each.line_id, problem)
        return _again(each, at, f"{type(problem).__name__}: {problem}")
    mine = Delivery.objects.filter(pk=each.pk, attempts=each.attempts, state="waiting")
    mine.update(state="done", done_at=at, problem="")
    return True


def _again(each: Delivery, at: datetime, problem: str) -> bool:
    """Note the problem and when to try next: after 1, 2, 4 ... minutes, then it has failed."""
    state = "failed" if each.attempts >= ATTEMPTS else "waiting"
    next_try = at + timedelta(minutes=2 ** (each.attempts - 1))
    mine = Delivery.objects.filter(pk=each.pk, attempts=each.attempts, state="waiting")
    mine.update(state=state, not_before=next_try, problem=problem[:300])
    return False


def run_once(now: Callable[[], datetime]) -> int:
    """Deliver what is ready now; return how many were heard."""
    claimed = claim(at=now())
    return sum(deliver(each, at=now()) for each in claimed)
