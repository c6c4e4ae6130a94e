"""Every change to facts, uses, duties, authority and approvals: one function each."""

from tricorn.standing.verbs.absence import come_back, go_away
from tricorn.standing.verbs.approvals import answer, ask, remind_due, withdraw_request
from tricorn.standing.verbs.authority import change_authority, grant, withdraw
from tricorn.standing.verbs.duties import end_duty, give_duty, let_in, shut_out
from tricorn.standing.verbs.facts import end_fact, note, note_once, record_fact
from tricorn.standing.verbs.quorum import end_quorum, set_quorum
from tricorn.standing.verbs.sharing import must_reach, share
from tricorn.standing.verbs.uses import local_day, note_use, take_back_tally, tally

__all__ = [
    "answer",
    "ask",
    "change_authority",
    "come_back",
    "end_duty",
    "end_fact",
    "end_quorum",
    "give_duty",
    "go_away",
    "grant",
    "let_in",
    "local_day",
    "must_reach",
    "note",
    "note_once",
    "note_use",
    "record_fact",
    "remind_due",
    "set_quorum",
    "share",
    "shut_out",
    "take_back_tally",
    "tally",
    "withdraw",
    "withdraw_request",
]
