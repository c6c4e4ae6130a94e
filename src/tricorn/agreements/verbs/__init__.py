"""Every change to agreements: one function each, imported from here."""

from tricorn.agreements.verbs.activate import Activated, activate
from tricorn.agreements.verbs.answers import (
    Wanted,
    accept,
    ask_again,
    ask_change,
    decline,
    refuse_change,
    take_change,
    withdraw_change,
)
from tricorn.agreements.verbs.offers import (
    Described,
    add_option,
    begin_offer,
    change_option,
    make_offer,
    propose,
    take_back_option,
    withdraw_offer,
)
from tricorn.agreements.verbs.reviews import (
    add_action,
    announce_ending,
    end_action,
    give_verdict,
    prepare_review,
    tell_overdue,
)
from tricorn.agreements.verbs.sign import Signing, send_code, sign, sign_on_paper
from tricorn.agreements.verbs.trials import (
    answer_trial,
    ask_for_offer,
    ask_how_it_was,
    begin_trial,
    close_trial,
    open_trial,
)
from tricorn.agreements.verbs.work import (
    Presented,
    accept_work,
    present_work,
    refuse_work,
    take_back_work,
)

__all__ = [
    "Activated",
    "Described",
    "Presented",
    "Signing",
    "Wanted",
    "accept",
    "accept_work",
    "activate",
    "add_action",
    "add_option",
    "announce_ending",
    "answer_trial",
    "ask_again",
    "ask_change",
    "ask_for_offer",
    "ask_how_it_was",
    "begin_offer",
    "begin_trial",
    "change_option",
    "close_trial",
    "decline",
    "end_action",
    "give_verdict",
    "make_offer",
    "open_trial",
    "prepare_review",
    "present_work",
    "propose",
    "refuse_change",
    "refuse_work",
    "send_code",
    "sign",
    "sign_on_paper",
    "take_back_option",
    "take_back_work",
    "take_change",
    "tell_overdue",
    "withdraw_change",
    "withdraw_offer",
]
