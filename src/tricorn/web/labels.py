"""What states, kinds, priorities and holders are called on the screen, each with icon and tone.

The words live here alone, but for those that agreements speak in too (`agreements.plain`); models
and engine keep plain codes. A code without a label is a bug here, so looking it up fails loudly.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.agreements import plain
from tricorn.engine.roles import find_scheme
from tricorn.parties.models import House


@dataclass(frozen=True)
class Label:
    """A word, the icon beside it (a Lucide name), and a tone of the style sheet."""

    words: str | Promise
    sign: str
    tone: str = "calm"


STATES = {
    "new": Label(_("new"), "circle-dot", "accent"),
    "open": Label(_("open"), "circle-play", "accent"),
    "waiting": Label(_("waiting"), "circle-pause", "wait"),
    "resolved": Label(_("resolved"), "circle-check", "good"),
    "closed": Label(_("closed"), "archive"),
    "cancelled": Label(_("cancelled"), "circle-x"),
    "merged": Label(_("merged"), "git-merge"),
}

KINDS = {
    "incident": Label(plain.KINDS["incident"], "wrench"),
    "request": Label(plain.KINDS["request"], "package"),
    "question": Label(plain.KINDS["question"], "circle-question-mark"),
    "complaint": Label(plain.KINDS["complaint"], "megaphone", "soon"),
    "wish": Label(plain.KINDS["wish"], "lightbulb"),
    "praise": Label(plain.KINDS["praise"], "heart", "good"),
}

PRIORITIES = {
    "critical": Label(plain.PRIORITIES["critical"], "chevrons-up", "late"),
    "high": Label(plain.PRIORITIES["high"], "chevron-up", "soon"),
    "moderate": Label(plain.PRIORITIES["moderate"], "minus"),
    "low": Label(plain.PRIORITIES["low"], "chevron-down"),
}

# Who holds things up, as said to somebody else; who it is themselves reads "you".
HOLDERS = {
    "provider": _("us"),
    "customer": _("the person asking"),
    "client": _("the client"),
    "user": _("the person affected"),
    "supplier": _("the supplier"),
}

HOLDS_AT = {
    "report": {"user", "customer"},
    "my": {"user", "customer"},
    "decide": {"client"},
}


def state(code: str) -> Label:
    return STATES[code]


def kind(code: str) -> Label:
    return KINDS[code]


def priority(code: int | str) -> Label:
    """Return the label of a priority by its word, or by its rank from 1 (critical) to 4."""
    return PRIORITIES[code] if isinstance(code, str) else list(PRIORITIES.values())[code - 1]


def holder(code: str, *, door: str = "") -> str | Promise:
    """Return who holds things up, for the reader behind a door: "us", "the client", "you"."""
    return _("you") if code in HOLDS_AT.get(door, ()) else HOLDERS[code]


def role_label(house: House | None, role: str, scheme: str = "") -> str:
    """Return what people read for a role: the house's own word, else the scheme's.

    `scheme` is the house's when left out. Words change what people read and nothing else.
    """
    scheme = scheme or (house.scheme if house else "fm")
    own = (house.labels or {}).get(scheme, {}) if house else {}
    return str(own.get(role) or gettext(find_scheme(scheme).label(role)))
