"""What changes in outgoing mail: a letter's fate, its words, who it comes from."""

from tricorn.mail.verbs.codes import send_code
from tricorn.mail.verbs.identities import Given, drop_identity, set_identity
from tricorn.mail.verbs.letters import came_back, drop, fail, give_up, sent, try_again
from tricorn.mail.verbs.words import back_to_shipped, word_letter

__all__ = [
    "Given",
    "back_to_shipped",
    "came_back",
    "drop",
    "drop_identity",
    "fail",
    "give_up",
    "send_code",
    "sent",
    "set_identity",
    "try_again",
    "word_letter",
]
