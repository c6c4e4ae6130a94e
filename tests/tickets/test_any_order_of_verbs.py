"""Whatever people do to a ticket in whatever order: it never breaks, and its clocks stay true."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import A7, LONG_AGO, MONDAY, make_ticket
from tests.tickets.steps import everything, fresh
from tricorn.agreements.verbs import activate
from tricorn.catalogue.verbs import Promise, add_service
from tricorn.engine.agreement import Agreement
from tricorn.engine.clock import Holder
from tricorn.engine.errors import Refusal
from tricorn.journal.actor import COMMAND, VISITOR, WORKER, Actor
from tricorn.journal.models import Line
from tricorn.tickets import verbs
from tricorn.tickets.bridge import running
from tricorn.tickets.models import PRIORITIES, Ticket

HOLDERS = [holder.value for holder in Holder]
STEPS = 60


def deeds(dice: random.Random, persons: list[Any], services: list[Any]) -> dict[str, Callable]:
    """Every verb, each with something to say; `who` is the actor and the moment."""
    someone = [None, *persons]
    words = ["Yes", "No", "👩‍💻 " * 3, "\0 ", "x" * 200]
    return {
        "open_": verbs.open_,
        "go_on": verbs.go_on,
        "close": verbs.close,
        "cancel": verbs.cancel,
        "reopen": verbs.reopen,
        "release": verbs.release,
        "discard": verbs.discard,
        "wait": lambda t, **who: verbs.wait(t, holder=dice.choice(HOLDERS), **who),
        "resolve": lambda t, **who: verbs.resolve(t, note=dice.choice(words), **who),
        "answer": lambda t, **who: verbs.answer(t, text=dice.choice(words), **who),
        "add_note": lambda t, **who: verbs.add_note(t, text=dice.choice(words), **who),
        "rate": lambda t, **who: verbs.rate(t, score=dice.randint(0, 5), **who),
        "assign": lambda t, **who: verbs.assign(t, to=dice.choice(someone), **who),
        "prioritise": lambda t, **who: verbs.prioritise(t, priority=dice.choice(PRIORITIES), **who),
        "log_time": lambda t, **who: verbs.log_time(t, minutes=dice.randint(0, 90), **who),
        "count_affected": lambda t, **who: verbs.count_affected(t, count=dice.randint(0, 3), **who),
        "hand_over": lambda t, **who: verbs.hand_over(
            t, note=dice.choice(words), service=dice.choice([None, *services]), **who
        ),
        "change_persons": lambda t, **who: verbs.change_persons(
            t, requester=dice.choice(someone), affected=dice.choice(someone), **who
        ),
    }


def clocks_are_true(ticket: Ticket) -> None:
    """What is stored is what the engine says of the stored moments and waits, computed anew."""
    ticket = fresh(ticket)
    waits = list(ticket.waits.all())
    open_due, open_breach = [], []
    for clock in ticket.clocks.select_related("clause", "target__level"):
        engine = running(clock, waits)
        at = clock.stopped_at or max(
            [ticket.changed_at, *(wait.ended_at or wait.started_at for wait in waits)]
        )
        if clock.stopped_at or clock.paused_by:
            assert clock.elapsed_seconds == engine.elapsed(at).total_seconds()
        assert (clock.due_at, clock.breach_at) == (engine.due(at), engine.breach_at(at))
        assert clock.elapsed_seconds >= 0
        assert clock.closed_seconds >= 0
        if clock.stopped_at is None:
            assert clock.is_met is None
            open_due += [clock.due_at] if clock.due_at else []
            open_breach += [clock.breach_at] if clock.breach_at else []
        elif ticket.state == "cancelled":
            assert clock.is_met is None
        else:
            assert clock.is_met is not engine.breached(at)
    assert ticket.due_at == min(open_due, default=None)
    assert ticket.breach_at == min(open_breach, default=None)
    assert (ticket.state == "waiting") == any(wait.ended_at is None for wait in waits)


@pytest.mark.parametrize("seed", range(8))
def test_no_order_of_verbs_breaks_a_ticket(seed, house, hours, mail, una, cleo, clive, desi, mo):
    dice = random.Random(seed)
    activate(Agreement.from_toml(A7), by=COMMAND, at=LONG_AGO)
    phone = add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Phone",
        provider=house.provider,
        hours=hours,
        promises=[Promise("resolution", "2d"), Promise("closing", "5d", priorities=["high"])],
    )
    at = MONDAY + timedelta(minutes=dice.randint(-3000, 3000))
    ticket = make_ticket(dice.choice([una, cleo, None]), dice.choice([mail, phone]), at=at)
    link = Actor("link", ticket.pk)
    actors = [desi.actor, desi.actor, desi.actor, mo.actor, cleo.actor, una.actor, link]
    actors += [WORKER, VISITOR]
    known = deeds(dice, [una, cleo, clive, desi], [mail, phone])
    done = 0

    for _ in range(STEPS):
        at += timedelta(seconds=dice.choice([-1, 0, 1, 59, 600, 7000, 50_000]))
        name = dice.choice(list(known))
        before, lines = everything(), Line.objects.count()
        said = ""
        try:
            known[name](ticket, by=dice.choice(actors), at=at)
        except Refusal as refusal:
            said = str(refusal)
        changed = everything() != before
        assert Line.objects.count() == lines + changed, name
        assert not (said and changed), name
        assert said.endswith("." if said else "")
        done += changed
        clocks_are_true(ticket)

    assert done > 2
