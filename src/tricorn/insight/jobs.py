"""What the worker does here: count the months that have ended, so that no reader waits for it."""

from __future__ import annotations

from datetime import datetime

from tricorn.insight.month import last_full
from tricorn.insight.months import months
from tricorn.insight.scope import everything
from tricorn.parties.models import House

MONTHS_BACK = 12


def count_months(at: datetime) -> int:
    """Count the last twelve months of every agreement, as far as nobody has; return how many.

    Cheap when everything is counted: run it once an hour.
    """
    fewest = House.objects.values_list("fewest", flat=True).first()
    if fewest is None:
        return 0
    counted = 0
    for party in everything():
        newest = last_full(at, party.zone)
        back = [newest.plus(-n) for n in range(MONTHS_BACK)]
        counted += len(months([party], back, at=at, fewest=fewest))
    return counted
