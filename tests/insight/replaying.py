"""A run on Mail with Saturdays as its option, and an export to upload, as the tests begin them."""

from datetime import UTC, date, datetime
from pathlib import Path

from tests.agreements.offering import saturdays, text
from tests.cast import NOON
from tricorn.insight.models import Replay
from tricorn.insight.replays import verbs

DATA = Path(__file__).parents[1] / "data" / "histories"
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)


def begun(mail, by, *, at=NOON, first=date(2026, 10, 1), last=date(2026, 10, 31), **more) -> Replay:
    """Return a run on October's tickets of Mail, the present text as A-7 says it."""
    return verbs.begin_replay(
        [mail],
        first,
        last,
        by=by.actor,
        at=at,
        zone="Europe/Berlin",
        present=text(),
        **more,
    )


def with_saturdays(replay, by, *, at=NOON):
    return verbs.add_option(replay, "With Saturdays", saturdays(), by=by.actor, at=at)


def uploaded(by, name="neutral.csv", *, at=NOON, data=None, **more) -> Replay:
    """Return an export that was handed in, in three pieces, and not read yet."""
    data = (DATA / name).read_bytes() if data is None else data
    third = len(data) // 3 + 1
    chunks = (data[k : k + third] for k in range(0, len(data), third))
    how = {key: more.pop(key) for key in ("format", "map_text", "learns") if key in more}
    upload = verbs.Upload(name, chunks, "Europe/Berlin", **how)
    return verbs.upload_replay(upload, by=by.actor, at=at, **more)
