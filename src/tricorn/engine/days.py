"""A day as people say it in a sentence."""

from __future__ import annotations

from datetime import date


def day_in_words(day: date) -> str:
    """Return "4 May 2026", for a date or a moment in the zone that it is to be read in."""
    return f"{day.day} {day:%B %Y}"
