"""Every verb of a ticket and of an outage. Web, mail, command line and imports all call these."""

from tricorn.tickets.verbs.articles import link_article, unlink_article
from tricorn.tickets.verbs.filters import change_filter, forget_filter, move_filter_up, save_filter
from tricorn.tickets.verbs.intake import Report, report
from tricorn.tickets.verbs.outages import (
    Noted,
    begin_outage,
    change_outage,
    end_outage,
    link_ticket,
    take_back_outage,
    unlink_ticket,
)
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
    "Noted",
    "Report",
    "add_note",
    "answer",
    "assign",
    "begin_outage",
    "cancel",
    "change_filter",
    "change_outage",
    "change_persons",
    "close",
    "count_affected",
    "discard",
    "end_outage",
    "forget_filter",
    "go_on",
    "hand_over",
    "link_article",
    "link_ticket",
    "log_time",
    "move_filter_up",
    "open_",
    "prioritise",
    "rate",
    "release",
    "reopen",
    "report",
    "resolve",
    "save_filter",
    "seen",
    "take_back_outage",
    "unlink_article",
    "unlink_ticket",
    "wait",
]
