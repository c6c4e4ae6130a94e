"""When a step of the agreed chain is due, as a text writes it: "80 %", "2h before", "late"."""

from __future__ import annotations

import re

from tricorn.engine.errors import BadAgreement
from tricorn.engine.escalation import LONGEST_MINUTES
from tricorn.engine.hours import Target

_PERCENT = re.compile(r"(\d{1,3})\s*%", re.ASCII)
_SPAN = re.compile(r"(.+?)\s+(before|after)", re.ASCII | re.DOTALL)


def step_when(text: str) -> tuple[str, int]:
    """Return when and how much, as a step of `engine.escalation` has them.

    Errors  BadAgreement for anything else, BadTarget for a span that is none.
    Source  docs/engine/agreements.md, rule A13: the agreed chain.
    """
    said = text.strip().lower()
    if said == "late":
        return "late", 0
    if found := _PERCENT.fullmatch(said):
        if not 1 <= int(found[1]) <= 99:
            raise BadAgreement(f"is from 1 % to 99 % of the time, not {said}.")
        return "share", int(found[1])
    if not (found := _SPAN.fullmatch(said)):
        raise BadAgreement(f'is like "80 %", "2h before", "late" or "4h after", not {said!r:.60}.')
    seconds = Target.parse(found[1]).seconds
    if seconds is None or seconds % 60 or seconds > LONGEST_MINUTES * 60:
        raise BadAgreement("is in hours and minutes of service time, at most a year.")
    return found[2], seconds // 60
