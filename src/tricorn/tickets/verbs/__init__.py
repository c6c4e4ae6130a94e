"""Every verb of a ticket, an outage and a problem. Web, mail, command line and imports all call these."""

from tricorn.tickets.verbs.articles import link_article, unlink_article
from tricorn.tickets.verbs.filters import change_filter, forget_filter, move_filter_up, save_filter
from tricorn.tickets.verbs.intake import Report, report
from tricorn.tickets.verbs.merging import merge, unmerge
from tricorn.tickets.verbs.outages import (
    Noted,
    begin_outage,
    change_outage,
    end_outage,
    link_ticket,
    take_back_outage,
    unlink_ticket,
)
from tricorn.tickets.verbs.persons import merge_persons, unmerge_persons
from tricorn.tickets.verbs.presence import seen
from tricorn.tickets.verbs.problems import (
    Described,
    add_problem,
    change_problem,
    link_to_problem,
    reopen_problem,
    solve_problem,
    unlink_from_problem,
)
from tricorn.tickets.verbs.relating import Each, link, resolve_each, set_parent, unlink
from tricorn.tickets.verbs.review import discard
from tricorn.tickets.verbs.splitting import Part, split
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
    "Described",
    "Each",
    "Noted",
    "Part",
    "Report",
    "add_note",
    "add_problem",
    "answer",
    "assign",
    "begin_outage",
    "cancel",
    "change_filter",
    "change_outage",
    "change_persons",
    "change_problem",
    "close",
    "count_affected",
    "discard",
    "end_outage",
    "forget_filter",
    "go_on",
    "hand_over",
    "link",
    "link_article",
    "link_ticket",
    "link_to_problem",
    "log_time",
    "merge",
    "merge_persons",
    "move_filter_up",
    "open_",
    "prioritise",
    "rate",
    "release",
    "reopen",
    "reopen_problem",
    "report",
    "resolve",
    "resolve_each",
    "save_filter",
    "seen",
    "set_parent",
    "solve_problem",
    "split",
    "take_back_outage",
    "unlink",
    "unlink_article",
    "unlink_from_problem",
    "unlink_ticket",
    "unmerge",
    "unmerge_persons",
    "wait",
]
