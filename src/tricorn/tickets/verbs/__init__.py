"""Every verb of a ticket. Web, mail, command line and imports all call these."""

from tricorn.tickets.verbs.intake import Report, report
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
    "wait",
]
