"""One ticket as a reader tells it, and its moments as whole seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ..clock import Holder
from ..clock.terms import in_utc
from ..errors import BadInput, BadTimeline

Moment = datetime | int | None
MISSING = int(np.iinfo(np.int64).min)
RESOLVED = ""  # stands among the holders for the time between being resolved and being reopened
HOLDERS = (*(holder.value for holder in Holder), RESOLVED)


@dataclass(frozen=True)
class Row:
    """One ticket as a reader tells it.

    Units   moments are aware datetimes or whole UTC seconds, None where unknown.
    waits   (holder, start, end): the holder one of HOLDERS; an unknown end lasts to the stop.
    met     what the source itself says about its promise; `due` is the source's own due time.
    """

    ref: str
    reported: Moment
    priority: str = ""
    kind: str = "incident"
    priority_opened: str | None = None
    began: Moment = None
    first_response: Moment = None
    resolved: Moment = None
    closed: Moment = None
    waits: Sequence[tuple[str, Moment, Moment]] = ()
    person: str | None = None
    met: bool | None = None
    due: Moment = None


def second(moment: Moment, ref: str) -> int:
    if moment is None:
        return MISSING
    if isinstance(moment, datetime):
        return int(in_utc(moment, f"A moment of {ref}").timestamp() // 1)
    if not isinstance(moment, int | np.integer):
        raise BadTimeline(f"A moment of {ref} is {moment!r:.40}. Give whole UTC seconds.")
    return int(moment)


def holder_code(name: str) -> int:
    if name not in HOLDERS:
        known = ", ".join(holder for holder in HOLDERS if holder)
        raise BadInput(f"Nobody called {name!r:.40} holds things up. It is one of {known}.")
    return HOLDERS.index(name)
