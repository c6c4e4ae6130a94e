"""What people can be told about, in which capacity, and how unless they chose otherwise: a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Said = str | Promise

CAPACITIES: dict[str, Said] = {
    "requester": _("Your own matters"),
    "agent": _("At the desk"),
}
HOWS: dict[str, Said] = {
    "at once": _("by mail at once"),
    "digest": _("by mail, once a day"),
    "page": _("on the page only"),
    "off": _("not at all"),
}


@dataclass(frozen=True)
class About:
    """One thing that somebody may be told, in one capacity.

    how      how they are told unless they choose otherwise.
    choices  the ways that make sense for it.
    """

    capacity: str
    code: str
    words: Said
    how: str
    choices: tuple[str, ...] = tuple(HOWS)


# In each capacity what tells most stands first: who is concerned twice is told the first alone.
ABOUTS = (
    About("requester", "answer", _("The desk has answered, or says that it is done"), "at once"),
    About("requester", "followed", _("Something happened to what you follow"), "digest"),
    About(
        "requester", "rating", _("At the end: how was it?"), "at once", choices=("at once", "off")
    ),
    About("agent", "mentioned", _("Somebody named you in a note"), "at once"),
    About("agent", "reminded", _("You wanted to see it again"), "at once"),
    About("agent", "escalated", _("A promise is late, or soon will be"), "at once"),
    About("agent", "rule", _("A rule points to it"), "page"),
    About("agent", "assigned", _("It was given to you"), "page"),
    About("agent", "answered", _("Somebody answered what is yours, or opened it again"), "page"),
    About("agent", "followed", _("Something happened to what you follow"), "page"),
    About("agent", "reported", _("Something new came in for your services"), "off"),
)
BY_NAME = {(each.capacity, each.code): each for each in ABOUTS}
CODES = tuple(sorted({each.code for each in ABOUTS}))

# What a notice says happened: by what it is about and the journal line, else by the line alone.
HAPPENED: dict[tuple[str, str], Said] = {
    ("answered", "ticket.answered"): _("They have answered"),
    ("answered", "ticket.resolved"): _("It is resolved"),
    ("assigned", "ticket.assigned"): _("It was given to you"),
    ("mentioned", "ticket.mentioned"): _("You are named in a note"),
    ("reminded", "ticket.reminded"): _("You wanted to see it again"),
    ("escalated", "ticket.escalated"): _("A promise is late, or soon will be"),
    ("rule", "rule.notified"): _("A rule points to it"),
    ("answer", "ticket.answered"): _("The desk has answered"),
    ("", "ticket.answered"): _("It was answered"),
    ("", "ticket.resolved"): _("It is resolved"),
    ("", "ticket.reopened"): _("It was opened again"),
    ("", "ticket.assigned"): _("Somebody else has it now"),
    ("", "ticket.reported"): _("New in your services"),
    ("", "ticket.split_off"): _("New in your services"),
}


def happened(about: str, kind: str) -> Said:
    """Return what happened, as a sentence for who is told."""
    return HAPPENED.get((about, kind)) or HAPPENED.get(("", kind)) or _("Something happened to it")


def telling_most(capacity: str, codes: Iterable[str]) -> str:
    """Return the one code that says most to somebody in this capacity."""
    wanted = set(codes)
    return next(each.code for each in ABOUTS if each.capacity == capacity and each.code in wanted)
