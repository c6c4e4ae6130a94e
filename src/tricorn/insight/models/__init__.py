"""Months as they were counted; replays, with the options that each tries."""

from tricorn.insight.models.counted import Counted
from tricorn.insight.models.replay import (
    SIDES,
    SOURCES,
    STATES,
    Replay,
    ReplayOption,
    ReplayQuerySet,
)

__all__ = [
    "SIDES",
    "SOURCES",
    "STATES",
    "Counted",
    "Replay",
    "ReplayOption",
    "ReplayQuerySet",
]
