"""Erlang C and Erlang A: waiting in live channels, such as a telephone line or a chat.

For tickets they do not hold: no shifts, no priorities, no pauses, everybody there all the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from ..errors import BadInput

Numbers = npt.ArrayLike
Floats = npt.NDArray[np.float64]
HOUR = 3600
MOST_PEOPLE, MOST_TERMS = 100_000, 1_000_000
_LARGE = 1e200
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS = 64


@dataclass(frozen=True)
class Live:
    """What callers meet; each figure has the shape of what was asked.

    load        work that comes, in people (Erlang): calls in an hour times hours of one call
    wait        share of callers that wait at all
    within      share of callers that are answered within the time asked
    mean_wait   seconds that callers wait on average, also those who do not wait or give up
    occupancy   share of their time that people are busy
    abandoned   share of callers that give up
    """

    load: Floats
    wait: Floats
    within: Floats
    mean_wait: Floats
    occupancy: Floats
    abandoned: Floats


def erlang_c(per_hour: Numbers, touch: Numbers, people: Numbers, *, within: Numbers = 20) -> Live:
    """Waiting if nobody ever gives up (M/M/c). It asks for more people than are really needed.

    Shapes  numbers or arrays, broadcast against each other.
    Units   calls in an hour; seconds of one call, wrap-up included; people; seconds.
    Ends    with a load of `people` or more everybody waits, and without end (inf).
    Errors  BadInput for figures that nobody can have.
    Source  docs/engine/staffing.md, rule S13: Erlang C.
    """
    rate, seconds, c, t = _checked(per_hour, touch, people, within)
    load = rate * seconds
    busy = np.minimum(load / c, 1.0)
    free = busy < 1
    blocked = _erlang_b(load, c)
    wait = np.where(free, blocked / np.where(free, 1 - busy * (1 - blocked), 1), 1.0)
    spare = np.where(free, (c - load) / seconds, 0.0)  # calls a second beyond those that come
    with np.errstate(divide="ignore"):
        mean = np.where(free, wait / spare, inf)
    return _live(
        load=load,
        wait=wait,
        within=np.where(free, 1 - wait * np.exp(-spare * t), 0.0),
        mean_wait=mean,
        occupancy=busy,
        abandoned=np.zeros_like(load),
    )


def erlang_a(
    per_hour: Numbers,
    touch: Numbers,
    people: Numbers,
    patience: Numbers,
    *,
    within: Numbers = 20,
) -> Live:
    """Waiting if callers give up after a while: after `patience` seconds on average (M/M/c+M).

    The number of calls is a birth-death process: with n calls they end at the rate of min(n, c)
    people and of n - c callers who give up. `within` counts those who are answered, of all who
    call.
    Shapes, units, errors  as in `erlang_c`; however great the load, the queue ends.
    Source  docs/engine/staffing.md, rule S14: Erlang A.
    """
    rate, seconds, c, t = _checked(per_hour, touch, people, within)
    calm = np.broadcast_to(np.asarray(patience, dtype=float), rate.shape)
    if not bool(((calm > 0) & np.isfinite(calm)).all()):
        raise BadInput("Patience is a number of seconds above zero. If nobody gives up, erlang_c.")
    rate, seconds, c, t, calm = np.broadcast_arrays(rate, seconds, c, t, calm)
    load = rate * seconds
    log_full, above, queue = _queue(_erlang_b(load, c), rate, c / seconds, 1 / calm)
    mean = np.divide(queue, rate, out=np.zeros_like(rate), where=rate > 0)
    abandoned = mean / calm
    wait = np.exp(log_full) + above
    return _live(
        load=load,
        wait=wait,
        within=np.clip(1 - wait + _answered(log_full, rate, c / seconds, calm, t), 0.0, 1.0),
        mean_wait=mean,
        occupancy=load * (1 - abandoned) / c,
        abandoned=abandoned,
    )


def people_needed(
    per_hour: float,
    touch: float,
    *,
    share: float,
    within: float = 20,
    patience: float | None = None,
) -> int:
    """Return the fewest people with whom at least `share` is answered within so many seconds.

    patience  seconds until a caller gives up, on average; None: nobody does
    Errors    BadInput for a share that is none, or if more than 100,000 people were needed.
    Source    docs/engine/staffing.md, rules S13 and S14.
    """
    if not 0 < share < 1:
        raise BadInput(f"A share of {share:g} is not between 0 and 1. Ask for 0.8, say.")

    def reached(people: int) -> bool:
        if patience is None:
            found = erlang_c(per_hour, touch, people, within=within)
        else:
            found = erlang_a(per_hour, touch, people, patience, within=within)
        return bool(found.within >= share)

    low, high = 0, 1  # `low` is too few; more people never answer fewer
    while not reached(high):
        if high == MOST_PEOPLE:
            raise BadInput(
                f"Even {high:,} people would not answer {100 * share:g} % in {within:g} seconds. Check "
                "the figures."
            )
        low, high = high, min(2 * high, MOST_PEOPLE)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _live(**figures: npt.NDArray) -> Live:
    """Single numbers come back as numbers."""
    return Live(**{name: np.asarray(values)[()] for name, values in figures.items()})


def _checked(
    per_hour: Numbers, touch: Numbers, people: Numbers, within: Numbers
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return calls a second, seconds, people and seconds, of one shape."""
    try:
        rate, seconds, c, t = np.broadcast_arrays(
            *(np.asarray(each, dtype=float) for each in (per_hour, touch, people, within))
        )
    except (ValueError, TypeError) as problem:
        raise BadInput(f"These figures do not fit each other: {problem}.") from None
    for name, values, least in (
        ("calls in an hour", rate, 0),
        ("seconds of one call", seconds, 1e-9),
        ("people", c, 1),
        ("seconds to answer in", t, 0),
    ):
        if not bool((np.isfinite(values) & (values >= least)).all()):
            raise BadInput(f"The {name} are no figures that anybody can have. Check them.")
    if bool((c != np.floor(c)).any()) or float(c.max(initial=1)) > MOST_PEOPLE:
        raise BadInput(f"People come whole, and at most {MOST_PEOPLE:,} of them.")
    return rate / HOUR, seconds, c, t


def _erlang_b(load: Floats, people: Floats) -> Floats:
    """The share that would be turned away if nobody could wait: B_k = aB_{k-1}/(k + aB_{k-1})."""
    blocked = found = np.ones_like(load)
    asked = set(people.ravel().tolist())
    for k in range(1, int(people.max(initial=0)) + 1):
        blocked = load * blocked / (k + load * blocked)
        if k in asked:
            found = np.where(people == k, blocked, found)
    return found


def _queue(
    blocked: Floats, rate: Floats, service: Floats, leaving: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the log of P(n = c), then P(n > c) and the mean length of the queue.

    With P(n = c) as the unit, the sum up to c is 1 / B; each call more has rate / (service + j
    leaving) times the probability of the one before. Large sums are scaled down on the way.
    """
    with np.errstate(divide="ignore"):
        total = 1 / blocked
    term, above, length = np.ones_like(rate), np.zeros_like(rate), np.zeros_like(rate)
    log_unit = np.zeros_like(rate)
    for j in range(1, MOST_TERMS):
        ratio = rate / (service + j * leaving)
        term = term * ratio
        above, length, total = above + term, length + j * term, total + term
        scale = np.where(term > _LARGE, 1 / _LARGE, 1.0)
        if scale.min() < 1:
            term, above, length, total = (x * scale for x in (term, above, length, total))
            log_unit += np.log(scale)
        if bool((j * term <= 1e-18 * (length + 1e-300)).all() and (ratio < 0.99).all()):
            break
    else:
        raise BadInput("Callers are so patient that the queue is endless. Use erlang_c.")
    with np.errstate(divide="ignore"):
        return log_unit - np.log(total), above / total, length / total


def _answered(
    log_full: Floats, rate: Floats, service: Floats, calm: Floats, within: Floats
) -> Floats:
    """Return the share of callers who wait and are answered within some seconds.

    The wait of somebody who never gives up has the density
    service P(n = c) exp(rate calm (1 - exp(-v / calm)) - service v); who gives up after `calm` on
    average is still there with exp(-v / calm). Gauss and Legendre, 64 panels of 16 nodes.
    """
    longest = (
        calm * np.log(np.maximum(rate / service, 1))
        + 12 * np.sqrt(calm / service)
        + 40 / (service + 1 / calm)
    )
    panel = np.minimum(within, longest)[..., None, None] / _PANELS
    at = panel * (np.arange(_PANELS)[:, None] + (_NODES + 1) / 2)
    v, s, m, g = (each[..., None, None] for each in (log_full, service, rate, calm))
    power = v + np.log(s) - m * g * np.expm1(-at / g) - s * at - at / g
    return (np.exp(power) * _WEIGHTS * panel / 2).sum(axis=(-1, -2))
