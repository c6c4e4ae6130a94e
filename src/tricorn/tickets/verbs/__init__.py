"""Every verb of a ticket, an outage and a problem. Web, mail, command line and imports all call these."""

from tricorn.tickets.verbs.arrivals import (
    Came,
    discard_arrival,
    end_filing,
    keep,
    let_in,
)
from tricorn.tickets.verbs.articles import link_article, unlink_article
from tricorn.tickets.verbs.asked import rate_place, say_why
from tricorn.tickets.verbs.attaching import attach
from tricorn.tickets.verbs.bulk import begin_bulk, bulk_some, undo_bulk
from tricorn.tickets.verbs.checks import (
    add_checklist,
    add_items,
    keep_checklist,
    remove_item,
    tick,
    untick,
)
from tricorn.tickets.verbs.drafts import discard_draft, keep_draft
from tricorn.tickets.verbs.fields import edit_fields
from tricorn.tickets.verbs.filters import change_filter, forget_filter, move_filter_up, save_filter
from tricorn.tickets.verbs.follow import follow, unfollow
from tricorn.tickets.verbs.inquiries import (
    answer_complaint,
    ask_named,
    end_inquiry,
    name_staff,
    pass_on,
    release_inquiry,
    reply_to_review,
)
from tricorn.tickets.verbs.intake import Mailed, Report, report
from tricorn.tickets.verbs.kept import forget_canned, forget_macro, keep_canned, keep_macro
from tricorn.tickets.verbs.letters import (
    copy_in,
    hear_guest,
    lift_unreachable,
    note_returned,
    note_unreachable,
    uncopy,
)
from tricorn.tickets.verbs.mailboxes import (
    Fetched,
    add_mailbox,
    change_mailbox,
    close_mailbox,
    is_token_place,
    keep_refresh_token,
    note_fetched,
    open_mailbox,
)
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
from tricorn.tickets.verbs.reminders import forget_reminder, remind, tell_reminder
from tricorn.tickets.verbs.review import discard
from tricorn.tickets.verbs.reviewers import end_reviewer, keep_names, set_reviewer
from tricorn.tickets.verbs.splitting import Part, split
from tricorn.tickets.verbs.steps import run_macro, take_step
from tricorn.tickets.verbs.tags import merge_tags, rename_tag, tag, untag
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
    "Came",
    "Described",
    "Each",
    "Fetched",
    "Mailed",
    "Noted",
    "Part",
    "Report",
    "add_checklist",
    "add_items",
    "add_mailbox",
    "add_note",
    "add_problem",
    "answer",
    "answer_complaint",
    "ask_named",
    "assign",
    "attach",
    "begin_bulk",
    "begin_outage",
    "bulk_some",
    "cancel",
    "change_filter",
    "change_mailbox",
    "change_outage",
    "change_persons",
    "change_problem",
    "close",
    "close_mailbox",
    "copy_in",
    "count_affected",
    "discard",
    "discard_arrival",
    "discard_draft",
    "edit_fields",
    "end_filing",
    "end_inquiry",
    "end_outage",
    "end_reviewer",
    "follow",
    "forget_canned",
    "forget_filter",
    "forget_macro",
    "forget_reminder",
    "go_on",
    "hand_over",
    "hear_guest",
    "is_token_place",
    "keep",
    "keep_canned",
    "keep_checklist",
    "keep_draft",
    "keep_macro",
    "keep_names",
    "keep_refresh_token",
    "let_in",
    "lift_unreachable",
    "link",
    "link_article",
    "link_ticket",
    "link_to_problem",
    "log_time",
    "merge",
    "merge_persons",
    "merge_tags",
    "move_filter_up",
    "name_staff",
    "note_fetched",
    "note_returned",
    "note_unreachable",
    "open_",
    "open_mailbox",
    "pass_on",
    "prioritise",
    "rate",
    "rate_place",
    "release",
    "release_inquiry",
    "remind",
    "remove_item",
    "rename_tag",
    "reopen",
    "reopen_problem",
    "reply_to_review",
    "report",
    "resolve",
    "resolve_each",
    "run_macro",
    "save_filter",
    "say_why",
    "seen",
    "set_parent",
    "set_reviewer",
    "solve_problem",
    "split",
    "tag",
    "take_back_outage",
    "take_step",
    "tell_reminder",
    "tick",
    "uncopy",
    "undo_bulk",
    "unfollow",
    "unlink",
    "unlink_article",
    "unlink_from_problem",
    "unlink_ticket",
    "unmerge",
    "unmerge_persons",
    "untag",
    "untick",
    "wait",
]
