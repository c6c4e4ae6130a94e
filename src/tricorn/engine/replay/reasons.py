"""Why a ticket is not judged: short codes for the counts, sentences for people."""

from collections.abc import Mapping
from types import MappingProxyType

NO_START = "reported-missing"
IMPOSSIBLE = "time-impossible"
REVERSED = "times-reversed"
DUPLICATE = "duplicate"
OPEN = "open"
NO_STOP = "stop-missing"
STOP_BEFORE_START = "stop-before-start"
UNKNOWN_PRIORITY = "priority-unknown"
OTHER_KIND = "kind-not-covered"
OTHER_PRIORITY = "priority-not-covered"

# In the order in which they are looked for: a ticket has the first that is true of it.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        DUPLICATE: "The same reference came before; the first row counts.",
        NO_START: "Nobody knows when it was reported.",
        IMPOSSIBLE: "One of its moments lies before 1900 or after 2199.",
        REVERSED: "It was resolved or closed before it was reported, or began after that.",
        OTHER_KIND: "No clause of the agreement is about this kind of ticket.",
        UNKNOWN_PRIORITY: "Its priority is unknown to the agreement, and clauses differ by it.",
        OTHER_PRIORITY: "No clause of the agreement is about this priority.",
        STOP_BEFORE_START: "The clock would stop before it starts.",
        OPEN: "It was still open, and not late, when the log ended.",
        NO_STOP: "It has ended, but the moment that stops the clock is not known.",
    }
)

WAIT_IMPOSSIBLE = "wait-time-impossible"
WAIT_REVERSED = "wait-reversed"
WAIT_NO_START = "wait-start-missing"
WAIT_NO_TICKET = "wait-of-no-ticket"
WAIT_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        WAIT_NO_TICKET: "A wait of a ticket that is not in the history.",
        WAIT_NO_START: "A wait of which nobody knows when it began.",
        WAIT_IMPOSSIBLE: "A wait with a moment before 1900 or after 2199.",
        WAIT_REVERSED: "A wait that ends before it starts.",
    }
)
