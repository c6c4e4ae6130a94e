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
from tricorn.agreements.verbs.sign import Signing, send_code, sign, sign_on_paper

__all__ = [
    "Activated",
    "Described",
    "Signing",
    "Wanted",
    "accept",
    "activate",
    "add_option",
    "ask_again",
    "ask_change",
    "begin_offer",
    "change_option",
    "decline",
    "make_offer",
    "propose",
    "refuse_change",
    "send_code",
    "sign",
    "sign_on_paper",
    "take_back_option",
    "take_change",
    "withdraw_change",
    "withdraw_offer",
]
