"""What the worker does with runs: reads uploads, works out answers, puts away what was left lying.

One run is claimed at a time, with a lease that every sign of progress renews. Who dies leaves the
claim; the lease runs out, and another begins the run again: nothing of it is half done, because
columns and answers are put in their place whole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import Refusal
from tricorn.histories import SENTENCES, open_history, parse_map
from tricorn.insight.models import Replay
from tricorn.insight.replays import columns, files
from tricorn.insight.replays.answer import Answering, Learning, Task, answer, learn
from tricorn.insight.replays.tickets import tickets_of
from tricorn.journal.actor import WORKER
from tricorn.journal.verbs import write

LEASE = timedelta(minutes=2)
BEAT = timedelta(seconds=1)
ATTEMPTS = 3
# What nobody kept goes after so long; an export that could not be read sooner.
LEFT = timedelta(days=14)
EXPORT_LEFT = timedelta(days=3)
STRAY = timedelta(days=1)
WAITING = ("reading", "simulating")
log = logging.getLogger("tricorn.replays")

Clock = Callable[[], datetime]


class NotOurs(Exception):
    """The run was discarded or changed, or somebody else has it now: what is in hand is dropped."""


class Stopped(Exception):
    """The worker is asked to end: the run is given back."""


@dataclass
class Claim:
    """A run in hand: tells how far it is, and hears whether it is still ours to work on."""

    replay: Replay
    clock: Clock
    is_stopping: Callable[[], bool]
    _told: tuple[datetime | None, int] = field(default=(None, -1))

    def ours(self) -> Any:
        row = self.replay
        return Replay.objects.filter(
            pk=row.pk, attempts=row.attempts, state=row.state, edition=row.edition
        )

    def heard(self, share: float, doing: str) -> None:
        """Write down how far it is, once a second at the most, and hold on to the run.

        Errors  Stopped, NotOurs.
        """
        if self.is_stopping():
            raise Stopped
        at = self.clock()
        last, percent = self._told[0], min(99, max(0, int(share * 100)))
        if last is not None and at - last < BEAT:
            return
        self._told = (at, percent)
        if not self.ours().update(progress=percent, doing=doing[:200], claimed_until=at + LEASE):
            raise NotOurs

    def done(self, kind: str, **changes: Any) -> None:
        """Write the end of it, with its line, unless the run is not ours any more."""
        with transaction.atomic():
            at = self.clock()
            changes |= {"claimed_until": None, "attempts": 0, "changed_at": at, "doing": ""}
            if not self.ours().update(**changes):
                raise NotOurs
            LINES[kind](self.replay, at)

    def give_back(self, at: datetime) -> None:
        """Let anybody take it from this moment on."""
        self.ours().update(claimed_until=at)


def _read(replay: Replay, at: datetime) -> None:
    write(replay, "replay.read", by=WORKER, at=at)


def _simulated(replay: Replay, at: datetime) -> None:
    write(replay, "replay.simulated", by=WORKER, at=at, edition=replay.edition)


def _failed(replay: Replay, at: datetime) -> None:
    write(replay, "replay.failed", by=WORKER, at=at)


LINES = {"read": _read, "simulated": _simulated, "failed": _failed}


def is_waiting(at: datetime) -> bool:
    """Whether a run waits for a worker. One query by its index."""
    return _waiting(at).exists()


def work_on_next(
    clock: Clock,
    *,
    answering: Answering = answer,
    learning: Learning = learn,
    is_stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Take up the run that waits longest and work on it to its end; False when none waits."""
    claim = _claim(clock, is_stopping)
    if claim is None:
        return False
    replay = claim.replay
    try:
        if replay.attempts > ATTEMPTS:
            _fail(claim, GAVE_UP)
        elif replay.state == "reading":
            _read_upload(claim, learning)
        else:
            _work_out(claim, answering)
    except Refusal as refusal:
        _fail(claim, str(refusal))
    except Stopped:
        claim.give_back(clock())
    except NotOurs:
        _release_changed(replay, clock())
    except Exception:  # whatever one run trips over, the others and the mail go on
        if connection.connection is not None and not connection.is_usable():
            raise
        log.exception("The run %s stopped at attempt %s", replay.key, replay.attempts)
        claim.give_back(clock() + timedelta(seconds=10 * replay.attempts))
    return True


GAVE_UP = (
    "The program stopped at this three times, so it does not try again by itself. Try a smaller "
    "file, or a shorter period; the program's log says more."
)


# Why reading failed may quote the file, and goes with it.
GONE = "The file could not be read, and is not here any more. Upload it again."


def forget_left(at: datetime) -> int:
    """Forget runs that nobody kept for some days, and files that no run names; say how many runs."""
    left = Replay.objects.filter(kept_at__isnull=True, changed_at__lt=at - LEFT)
    left = left.exclude(offer__isnull=False).exclude(offer_asked_at__isnull=False)
    count = 0
    for replay in left.exclude(claimed_until__gt=at):
        with transaction.atomic():
            write(replay, "replay.forgotten", by=WORKER, at=at)
            replay.delete()
        files.put_away(replay.key)
        count += 1
    failed = Replay.objects.filter(state="failed", changed_at__lt=at - EXPORT_LEFT)
    for replay in failed:
        files.delete_export(replay)
    failed.exclude(problem=GONE).update(problem=GONE)
    old = [
        path.name
        for path in files.runs().glob("*")
        if at.timestamp() - path.stat().st_mtime > STRAY.total_seconds()
    ]
    known = set(Replay.objects.filter(key__in=old).values_list("key", flat=True))
    for key in set(old) - known:
        if files.KEY.fullmatch(key):
            files.put_away(key)
    return count


def _waiting(at: datetime) -> Any:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    return Replay.objects.filter(free, state__in=WAITING)


def _claim(clock: Clock, is_stopping: Callable[[], bool]) -> Claim | None:
    at = clock()
    if not is_waiting(at):
        return None
    with transaction.atomic():
        waiting = _waiting(at).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        replay = waiting.first()
        if replay is None:
            return None
        replay.attempts += 1
        replay.claimed_until = at + LEASE
        replay.save(update_fields=["attempts", "claimed_until"])
    return Claim(replay, clock, is_stopping)


def _release_changed(replay: Replay, at: datetime) -> None:
    """What was changed while it was worked on is worked on again; of what is gone nothing stays."""
    if not Replay.objects.filter(pk=replay.pk).exists():
        files.put_away(replay.key)
    changed = Replay.objects.filter(pk=replay.pk, state="simulating").exclude(
        edition=replay.edition
    )
    changed.update(claimed_until=at, attempts=0)


def _read_upload(claim: Claim, learning: Learning) -> None:
    """Read an export into columns, and delete it."""
    replay = claim.replay
    path = files.upload_of(replay)
    found = open_history(
        path,
        zone=ZoneInfo(replay.zone),
        format=replay.format or None,
        map=parse_map(replay.map_text, "The map") if replay.map_text else None,
        progress=lambda count: claim.heard(
            (0.5 if replay.learns else 0.95) * count / max(replay.file_size, 1), "reading"
        ),
    )
    history, groups = columns.impersonal(found.history, found.groups)
    told: dict[str, Any] = {
        "format": found.format,
        "reason": found.reason,
        "rows": found.rows,
        "tickets": len(history),
        "refused": {
            reason: {"count": count, "sentence": SENTENCES.get(reason, "")}
            for reason, count in found.problems.items()
        },
        "notes": list(found.notes),
    }
    columns.save(files.columns_of(replay), history, groups=groups)
    changes: dict[str, Any] = {}
    if replay.learns:
        try:
            changes["present"], told["learned"] = learning(
                history, groups, replay.zone, lambda share, what: claim.heard(0.5 + share / 2, what)
            )
        except Refusal as refusal:  # the tickets are there all the same
            told["unlearned"] = str(refusal)
            told["notes"].append(str(refusal))
    priorities = replay.priorities or dict(found.mapping)
    claim.done("read", state="ready", progress=100, told=told, priorities=priorities, **changes)
    files.delete_export(replay)


def _work_out(claim: Claim, answering: Answering) -> None:
    replay = claim.replay
    claim.heard(0.0, "loading")
    task = task_of(replay, claim.clock())
    found: Mapping[str, Any] = answering(task, claim.heard)
    claim.done("simulated", state="ready", progress=100, answer=found, finished_at=claim.clock())


def task_of(replay: Replay, at: datetime) -> Task:
    """Return everything that an answer to a run needs; the tickets are loaded."""
    tickets = tickets_of(replay, at)
    present = (
        Agreement.from_toml(replay.present, "the present agreement") if replay.present else None
    )
    options = tuple(
        (each.letter, each.name, Agreement.from_toml(each.text, each.name))
        for each in replay.options.order_by("letter")
    )
    return Task(
        history=tickets.history,
        groups=tickets.groups,
        present=present,
        options=options,
        zone=replay.zone,
        rates=replay.rates,
        team=replay.team,
        priorities=replay.priorities or None,
        priority_at=replay.priority_at,
        fewest=tickets.fewest,
    )


def _fail(claim: Claim, sentence: str) -> None:
    """An upload that could not be read has failed; a run whose answer could not is open again."""
    try:
        state = "failed" if claim.replay.state == "reading" else "ready"
        claim.done("failed", state=state, problem=sentence, progress=0)
    except NotOurs:
        _release_changed(claim.replay, claim.clock())
