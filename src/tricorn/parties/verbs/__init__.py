"""Persons, organisations, memberships and places: the only code that changes them."""

from tricorn.parties.verbs.house import SCHEME_OF_SECTOR, change_house, furnish
from tricorn.parties.verbs.organisations import add_organisation, join, leave, rename_organisation
from tricorn.parties.verbs.people import (
    add_person,
    change_own,
    change_person,
    remove_password,
    set_password,
)
from tricorn.parties.verbs.places import add_place, change_place
from tricorn.parties.verbs.tokens import SCOPES, make_token, revoke_token, seen_token, token_of
from tricorn.parties.verbs.typed import clean, known_email, known_zone

__all__ = [
    "SCHEME_OF_SECTOR",
    "SCOPES",
    "add_organisation",
    "add_person",
    "add_place",
    "change_house",
    "change_own",
    "change_person",
    "change_place",
    "clean",
    "furnish",
    "join",
    "known_email",
    "known_zone",
    "leave",
    "make_token",
    "remove_password",
    "rename_organisation",
    "revoke_token",
    "seen_token",
    "set_password",
    "token_of",
]
