"""Every verb of a ticket. Web, mail, command line and imports all call these."""

from tricorn.tickets.verbs.filters import forget_filter, save_filter
from tricorn.tickets.verbs.intake import Report, report
from tricorn.tickets.verbs.presence import seen
from tricorn.tickets.verbs.review import discard
from tricorn.tickets.verbs.talk import add_note, answer, rate
from tricorn.tickets.verbs.work import (
    assign,
    cancel,
    change_persons,
    close,
    count_affected,
    go_on,
    hand_over,
    log_time,
    open_,
    prioritise,
    release,
    reopen,
    resolve,
    wait,
)

__all__ = [
    "Report",
    "add_note",
    "answer",
    "assign",
    "cancel",
    "change_persons",
    "close",
    "count_affected",
    "discard",
    "forget_filter",
    "go_on",
    "hand_over",
    "log_time",
    "open_",
    "prioritise",
    "rate",
    "release",
    "reopen",
    "report",
    "resolve",
    "save_filter",
    "seen",
    "wait",
]
