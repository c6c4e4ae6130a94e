"""Exports of service desks, read into histories for the replay. No database, no Django.

    read = open_history(Path("incidents.csv.gz"), zone=ZoneInfo("America/Sao_Paulo"))
    read.history            # the tickets as columns: engine.replay.History
    read.problems           # rows that were refused, by reason; the first ones in read.examples

What becomes of which column of which desk: docs/formats.md.
"""

from .columns import Groups
from .formats import FORMATS, Detected, Format, detect
from .map import Map, load_map, parse_map, shipped_maps
from .reading import Read, open_history
from .tally import SENTENCES, Problem, Tally

__all__ = [
    "FORMATS",
    "SENTENCES",
    "Detected",
    "Format",
    "Groups",
    "Map",
    "Problem",
    "Read",
    "Tally",
    "detect",
    "load_map",
    "open_history",
    "parse_map",
    "shipped_maps",
]
