"""Deliveries: the worker claims what is ready, lets the reactor hear of it, and notes the end.

At least once: a worker that dies leaves its claim, whose lease runs out, and another takes it up.
One delivery is claimed at a time, so a death costs the one in flight and holds up no other.
See docs/decisions/0008-outbox.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from tricorn.journal.models import Delivery, DeliveryQuerySet
from tricorn.journal.reactors import REACTORS
from tricorn.prepared import Prepared
from tricorn.stored import change, update

# Longer than any reactor may take: each bounds its own waiting (mail by the server's timeout).
LEASE = timedelta(minutes=2)
# With the pauses below: given up after about two days, as mail servers do among themselves.
ATTEMPTS = 20
LONGEST_PAUSE = timedelta(hours=4)
READY = Prepared(lambda at: Delivery.objects.ready(at).order_by().values_list("pk")[:1])


def _next(at: datetime) -> DeliveryQuerySet:
    """The one that has been ready longest, which nobody else is taking at this moment."""
    ready = Delivery.objects.ready(at).order_by("not_before", "id").select_related("line")
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True, of=("self",))
    return ready[:1]


NEXT = Prepared(_next)
log = logging.getLogger("tricorn.deliver")


def claim(*, at: datetime, lease: timedelta = LEASE, looks: bool = True) -> Delivery | None:
    """Take the delivery that has been ready longest, for the length of a lease; None if none is.

    `looks` first whether there is any, unless there were just now.
    `attempts` counts the claims, so that it also tells one claim of a delivery from a later one.
    """
    if looks and not READY.rows(at):
        return None  # without taking the write lock: the worker asks every second
    with transaction.atomic():
        claimed: Delivery | None = NEXT.first(at)
        if claimed is not None:
            claimed.attempts += 1
            claimed.not_before = at + lease
            update(claimed, ["attempts", "not_before"])
    return claimed


def deliver(each: Delivery, *, at: datetime) -> bool:
    """Let the reactor hear; note done, or the next try. True when it was heard."""
    reactor = REACTORS.get(each.reactor)
    if reactor is None:
        return _again(each, at, f"No reactor is called {each.reactor}.")
    try:
        reactor.react(each.line, at)
    except Exception as problem:  # whatever went wrong out there: it is noted and tried again
        if connection.connection is not None and not connection.is_usable():
            raise  # our own database went away: nothing can be noted; the lease will run out
        log.warning("%s of line %s failed: %s", each.reactor, each.line_id, problem)
        return _again(each, at, f"{type(problem).__name__}: {problem}")
    _still_ours(each, state="done", done_at=at, problem="")
    return True


def _again(each: Delivery, at: datetime, problem: str) -> bool:
    """Note the problem and when to try next: after 1, 2, 4 ... minutes; in the end it failed."""
    state = "failed" if each.attempts >= ATTEMPTS else "waiting"
    _still_ours(each, state=state, not_before=at + pause(each.attempts), problem=problem[:300])
    return False


def pause(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: doubling from a minute to four hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_PAUSE)


def _still_ours(each: Delivery, **changes: object) -> None:
    """Write the end of this claim, unless its lease ran out and somebody else has it now."""
    change(each, {"attempts": each.attempts, "state": "waiting"}, **changes)


def withdraw(lines: Collection[int], *, at: datetime) -> int:
    """Tell nobody of these lines after all, as far as nobody was told; return how many it spares."""
    return _waiting(lines).update(state="done", done_at=at, problem="Undone before it was told.")


def postpone(lines: Collection[int], *, until: datetime) -> int:
    """Tell nobody of these lines before this moment, as far as nobody was told; how many wait."""
    return _waiting(lines).update(not_before=until)


def _waiting(lines: Collection[int]) -> DeliveryQuerySet:
    return Delivery.objects.filter(line__in=lines, state="waiting", attempts=0)


def run_once(now: Callable[[], datetime], *, most: int = 100, lease: timedelta = LEASE) -> int:
    """Deliver what is ready now, at most `most`; return how many were taken up."""
    for count in range(most):
        each = claim(at=now(), lease=lease, looks=not count)
        if each is None:
            return count
        deliver(each, at=now())
    return most
