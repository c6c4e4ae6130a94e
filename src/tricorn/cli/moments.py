"""Columns of times to and from int64 UTC seconds."""

from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from tricorn.engine.hours import NEVER, Schedule

Seconds = npt.NDArray[np.int64]
Complain = Callable[[int, str], None]
_EPOCH = datetime.fromisoformat("1970-01-01")
EMPTY = NEVER
_YEARS = range(1900, 2200)


def read_moments(cells: Sequence[str], schedule: Schedule, complain: Complain) -> Seconds:
    """UTC seconds of ISO 8601 times, fractions cut off; EMPTY where the cell is.

    Times without an offset are read in the zone of the hours: one that the clock skips lands
    behind the gap, one that comes twice is the first (docs/engine/hours.md, rule H9).
    A cell that is no time is EMPTY too, after complain(row, sentence).
    """
    seconds = np.full(len(cells), EMPTY, dtype=np.int64)
    naive = []
    for row, cell in enumerate(cells):
        text = cell.strip()
        if not text:
            continue
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            complain(row, f'"{_short(text)}" is not a time; write it like 2015-01-31 08:30:00.')
            continue
        if moment.year not in _YEARS:
            complain(row, f"the year {moment.year} cannot be right; expected 1900 to 2199.")
            continue
        offset = moment.utcoffset()
        if offset is None:
            naive.append(row)
            since = moment - _EPOCH
        else:
            since = moment.replace(tzinfo=None) - _EPOCH - offset
        seconds[row] = since.days * 86_400 + since.seconds
    seconds[naive] = schedule.utc_of_local(seconds[naive])
    return seconds


def write_moments(seconds: Seconds, schedule: Schedule) -> list[str]:
    """ISO 8601 with offset in the zone of the hours; nothing for EMPTY."""
    texts = [""] * len(seconds)
    rows = np.flatnonzero(seconds != EMPTY)
    offsets = schedule.offsets(seconds[rows])
    endings = {offset: _offset(offset) for offset in set(offsets.tolist())}
    local = np.datetime_as_string((seconds[rows] + offsets).astype("datetime64[s]"))
    for row, text, offset in zip(rows.tolist(), local.tolist(), offsets.tolist(), strict=True):
        texts[row] = text + endings[offset]
    return texts


def _offset(seconds: int) -> str:
    sign, size = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{size // 3600:02d}:{size // 60 % 60:02d}"
    return f"{text}:{size % 60:02d}" if size % 60 else text


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
