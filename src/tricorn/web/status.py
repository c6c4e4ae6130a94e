"""Is it working now, as one says it: one calm line for each service."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, pgettext

from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.models import Service
from tricorn.engine.hours import Schedule
from tricorn.parties.models import Place
from tricorn.tickets.reads.outages import Spell, Working, working_now
from tricorn.web import words
from tricorn.web.opening import opening, said_opening

# So many lines are read at a glance; of more, those that say "works" are folded away.
AT_A_GLANCE = 8


@dataclass(frozen=True)
class Line:
    """How a service stands: a tone, an icon, the words on the chip, and what stands behind it.

    `known` is the sentence for who is about to report what is known already; empty otherwise.
    """

    name: str
    tone: str
    sign: str
    said: str
    more: str = ""
    known: str = ""

    @property
    def is_calm(self) -> bool:
        return self.tone == "good"


@dataclass(frozen=True)
class Status:
    """The lines of a page: what is read at once, what is folded away, what is known to be down."""

    lines: tuple[Line, ...]
    folded: tuple[Line, ...]

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(line.known for line in self.lines if line.known)


def status_of(
    services: Collection[Service], *, at: datetime, zone: str, place: Place | None = None
) -> Status:
    """Return how services stand that were read with their hours: one query."""
    found = working_now([each.pk for each in services], at=at, place=place)
    lines = [
        line_of(each.name, found[each.pk], schedule(each.hours), at=at, zone=zone)
        for each in services
    ]
    lines.sort(key=lambda line: line.is_calm)
    calm = sum(line.is_calm for line in lines)
    shown = len(lines) if len(lines) <= AT_A_GLANCE else len(lines) - calm
    return Status(tuple(lines[:shown]), tuple(lines[shown:]))


def line_of(name: str, working: Working, hours: Schedule, *, at: datetime, zone: str) -> Line:
    """Return one service in words. What is down goes before what is planned."""
    if working.down is not None:
        return _down(name, working.down, hours, at, zone)
    if working.planned is None:
        return Line(name, "good", "circle-check", gettext("%(name)s works now") % {"name": name})
    spell = working.planned
    until = _moment(spell.ended_at or at, at, zone)
    if spell.began_at <= at:
        said = gettext("%(name)s: planned work") % {"name": name}
        return Line(name, "wait", "wrench", said, _joined(gettext("until %s") % until, spell))
    said = gettext("%(name)s works now") % {"name": name}
    start = words.when(spell.began_at, at=at, zone=ZoneInfo(zone))
    planned = gettext("planned work %(start)s") % {"start": start}
    return Line(name, "soon", "calendar-clock", said, _joined(planned, spell))


def _down(name: str, spell: Spell, hours: Schedule, at: datetime, zone: str) -> Line:
    since = gettext("since %(moment)s") % {"moment": _moment(spell.began_at, at, zone)}
    more = since
    known = gettext("%(name)s is not working %(since)s; we know.")
    if spell.places:
        places = ", ".join(spell.places)
        more = gettext("at %(places)s, %(since)s") % {"places": places, "since": since}
        known = gettext("%(name)s is not working at %(places)s %(since)s; we know.")
    if opening(hours, at).is_open:
        more = gettext("%(since)s, being repaired") % {"since": more}
        hint = ""
    else:
        hint = said_opening(hours, at=at, zone=zone)
    known %= {"name": name, "since": since, "places": ", ".join(spell.places)}
    return Line(
        name,
        "late",
        "circle-x",
        gettext("%(name)s is not working") % {"name": name},
        " ".join(part for part in (_joined(more, spell), hint) if part),
        " ".join(part for part in (known, _sentence(spell.summary), hint) if part),
    )


def _moment(moment: datetime, at: datetime, zone: str) -> str:
    """Return a moment of this day as its time alone, any other with its day."""
    there = ZoneInfo(zone)
    local = moment.astimezone(there)
    if local.date() == at.astimezone(there).date():
        return date_format(local, pgettext("time of day", "H:i"))
    return words.when(moment, at=at, zone=there)


def _joined(said: str, spell: Spell) -> str:
    """Return the times and, as a sentence of their own, the public words."""
    return f"{said}. {_sentence(spell.summary)}" if spell.summary else f"{said}."


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?…" else f"{text}."
