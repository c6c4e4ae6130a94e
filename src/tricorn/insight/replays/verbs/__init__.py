"""Runs: begun on our own tickets or on an upload, changed, kept, discarded, made an offer of."""

from tricorn.insight.replays.verbs.begin import (
    Upload,
    begin_replay,
    read_again,
    upload_replay,
)
from tricorn.insight.replays.verbs.change import (
    add_option,
    change_option,
    discard,
    keep,
    remove_option,
    set_terms,
    simulate,
)
from tricorn.insight.replays.verbs.offered import (
    ask_for_offer,
    offer_from,
)

__all__ = [
    "Upload",
    "add_option",
    "ask_for_offer",
    "begin_replay",
    "change_option",
    "discard",
    "keep",
    "offer_from",
    "read_again",
    "remove_option",
    "set_terms",
    "simulate",
    "upload_replay",
]
