"""How a clock came to stand where it stands, in plain sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..hours import Span, Target
from .terms import Holder, Wait

if TYPE_CHECKING:
    from .running import Clock

WHO: Mapping[Holder, str] = MappingProxyType(
    {
        Holder.PROVIDER: "the provider",
        Holder.CUSTOMER: "the customer",
        Holder.CLIENT: "the client",
        Holder.USER: "the person affected",
        Holder.SUPPLIER: "a supplier",
    }
)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Say = Callable[[datetime], str]


@dataclass(frozen=True)
class Stop:
    """One stretch of waiting, as far as it was known.

    `end` None while it lasts. `stops` says whether the clause lets it stop the clock; `length` is
    the service time in it.
    """

    holder: Holder | None
    start: datetime
    end: datetime | None
    stops: bool
    length: timedelta


@dataclass(frozen=True)
class Explanation:
    """Sentences for people, the spans of service time that counted, the waits in between.

    `earlier` spans counted, too, and were not asked for.
    """

    sentences: tuple[str, ...]
    counted: tuple[Span, ...]
    paused: tuple[Stop, ...]
    earlier: int = 0


def explain(clock: "Clock", at: datetime, most: int | None = None) -> Explanation:
    """Say what was promised, what counted, what did not, and when it is due.

    Units   Moments in the sentences are in the zone of the service hours, spans in UTC.
    Source  docs/engine/clocks.md, rule C13: an explanation adds up.
    """
    say = speaker(ZoneInfo(clock.terms.schedule.hours.zone))
    stops = _stops(clock, at)
    sentences = [_promise(clock), _start(clock, say)]
    sentences += [_stop(stop, say) for stop in stops]
    elapsed = clock.elapsed(at)
    sentences.append(
        f"{length(elapsed)} of service time counted." if elapsed else "Nothing counted."
    )
    if outside := clock.outside(at):
        sentences.append(f"While the service was closed, another {length(outside)} passed.")
    sentences.append(_end(clock, at, say))
    earlier, counted = clock.last_counted(at, most)
    return Explanation(tuple(sentences), counted, stops, earlier)


def length(time: timedelta) -> str:
    """Return a duration in words: "46 hours", "2 hours 30 minutes", "none"."""
    minutes, seconds = divmod(abs(time) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
    said = [f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in parts if n]
    return " ".join(said) or ("less than a second" if time else "none")


def speaker(zone: ZoneInfo) -> Say:
    """Return a function that says a moment in local words: "Mon 5 Oct 2026 08:00"."""

    def say(moment: datetime) -> str:
        here = moment.astimezone(zone)
        day = f"{DAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]} {here.year}"
        time = f"{here:%H:%M:%S}" if here.second else f"{here:%H:%M}"
        return f"{day} {time}"

    return say


def _stops(clock: "Clock", at: datetime) -> tuple[Stop, ...]:
    by = clock.terms.stopped_by
    until = at if clock.stopped_at is None else min(at, clock.stopped_at)
    stopped = until < at or clock.stopped_at == at

    def one(wait: Wait) -> Stop:
        end = min(wait.end or until, until)
        lasts = not stopped and (wait.end is None or wait.end > at)
        spent = clock.terms.schedule.elapsed(wait.start, end)
        stops = wait.holder is None or wait.holder in by
        return Stop(wait.holder, wait.start, None if lasts else end, stops, spent)

    return tuple(one(wait) for wait in clock.waits if wait.start <= until)


def _promise(clock: "Clock") -> str:
    return f"Clause {clock.terms.clause} promises {_target(clock.terms.target)}."


def _target(target: Target) -> str:
    if target.seconds is not None:
        return f"{length(timedelta(seconds=target.seconds))} of service time"
    return "1 service day" if target.days == 1 else f"{target.days} service days"


def _start(clock: "Clock", say: Say) -> str:
    start = clock.started_at
    opening = clock.terms.schedule.next_open(start)
    said = f"It started on {say(start)} ({clock.terms.schedule.hours.zone})"
    if opening is None:
        return f"{said}; the service does not open after that."
    if opening > start:
        return f"{said}, outside service hours, so time counts from {say(opening)}."
    return f"{said}."


def _stop(stop: Stop, say: Say) -> str:
    until = f"to {say(stop.end)}" if stop.end else "until now"
    when = f"From {say(stop.start)} {until}"
    if stop.holder is None:
        return f"{when} it was resolved, and stood still ({length(stop.length)} of service time)."
    who = WHO[stop.holder]
    if stop.stops:
        said = f"{when} it stood still, waiting for {who}"
        return f"{said} ({length(stop.length)} of service time)."
    return f"{when} it waited for {who}; by this clause that does not stop it."


def _end(clock: "Clock", at: datetime, say: Say) -> str:
    due, left = clock.due(at), clock.remaining(at)
    stopped = clock.stopped_at if clock.stopped_at and clock.stopped_at <= at else None
    if clock.breached(at) and due is not None and left is not None:
        late = f"{length(left)} of service time late" if left else "late"
        return (
            f"It stopped on {say(stopped)}, {late}; it was due on {say(due)}."
            if stopped
            else f"It was due on {say(due)} and is {late}."
        )
    if stopped:
        was_due = f"; it was due on {say(due)}" if due else ""
        return f"It stopped on {say(stopped)}, on time{was_due}."
    if clock.stands_still(at) and left is not None:
        return (
            f"It stands still now, so nothing falls due, with {length(left)} of service time left."
        )
    if due is None:
        return "It never falls due, because the service does not open often enough."
    return f"It is due on {say(due)}, with {length(left or timedelta())} of service time left."
