"""The replay: what another agreement would have meant for the tickets that really happened.

    found = reclock(history, agreement)
    found.attainment("month")                  # how often each clause was met, with intervals
    found.ticket(7)                            # one ticket, explained
    reclock_many(history, calendars, targets)  # thousands of what-ifs at once
    coverage(history, schedule)                # who waited while the desk was closed

Rules R1 to R19 are in docs/engine/replay.md.
"""

from .caveats import Caveat
from .demand import Between, Compared, Gain, Uncovered, Week, compared, coverage
from .extra import Extra
from .figures import Attained, ClockGap, Times
from .history import History
from .many import Counts, reclock_many
from .priorities import guess_priority, read_priorities
from .reasons import SENTENCES, WAIT_SENTENCES
from .reclock import Reclocked, Verdict, Verdicts, reclock
from .rows import HOLDERS, MISSING, Row

__all__ = [
    "HOLDERS",
    "MISSING",
    "SENTENCES",
    "WAIT_SENTENCES",
    "Attained",
    "Between",
    "Caveat",
    "ClockGap",
    "Compared",
    "Counts",
    "Extra",
    "Gain",
    "History",
    "Reclocked",
    "Row",
    "Times",
    "Uncovered",
    "Verdict",
    "Verdicts",
    "Week",
    "compared",
    "coverage",
    "guess_priority",
    "read_priorities",
    "reclock",
    "reclock_many",
]
