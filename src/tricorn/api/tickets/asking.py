"""Words and fields in `q`, as in the box of the queue; here what is not understood is refused."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from tricorn.agreements.models.versions import Unindexed
from tricorn.api.reader import Reader
from tricorn.engine.errors import BadInput
from tricorn.engine.query import parts_of
from tricorn.parties.models import House
from tricorn.search import reads as search
from tricorn.search.words import wanted
from tricorn.tickets.models import TicketQuerySet
from tricorn.tickets.reads.asked import MOST, asked
from tricorn.tickets.reads.fields import FIELDS
from tricorn.tickets.reads.queue import reader_of


def meant_by(text: str, reader: Reader) -> TicketQuerySet:
    """Return the tickets that the text means: at the desk those served, else one's own by words.

    Errors  BadInput with every part that means nothing, and where it stands.
    """
    if reader.agent is None:
        return _own(text, reader)
    house = House.objects.first()
    zone = reader.person.zone or (house.zone if house else "UTC")
    meant = asked(text, reader_of(reader.agent, reader.at, zone))
    if meant.misread:
        raise _refused(
            [
                (
                    f"{each.typed} means nothing here. There is: {each.known}."
                    if each.known
                    else each.sentence,
                    each.at,
                )
                for each in meant.misread
            ]
        )
    served = reader.served().filter(held_for="").alias(of_service=Unindexed(F("service")))
    return meant.narrow(served, among_unfinished=False)


def _own(text: str, reader: Reader) -> TicketQuerySet:
    """Words alone: what only the desk reads, only the desk may choose by, and find by."""
    fields = [part for part in parts_of(text, FIELDS) if part.field]
    if fields:
        raise _refused(
            [
                (f"{part.field}: is for the desk. Here words alone are looked for.", part.begins)
                for part in fields
            ]
        )
    found = search.matches("ticket", wanted(text), within=search.EVERYWHERE, most=MOST)
    return reader.own().filter(held_for="", pk__in=found)


def _refused(misread: list[tuple[str, int]]) -> BadInput:
    errors: list[dict[str, Any]] = [
        {"field": "q", "detail": sentence, "position": at} for sentence, at in misread
    ]
    return BadInput(misread[0][0], field="q", errors=errors)
