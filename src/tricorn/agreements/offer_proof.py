"""Proof of what passed before a version: rounds, changes asked, declined options, signatures given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from tricorn.agreements.models import Assent, ChangeAsked, Option, Wording
from tricorn.agreements.seals import assent_seal
from tricorn.journal.models import Line
from tricorn.journal.verbs import digest


def changed_offers() -> Iterator[str]:
    """Yield a sentence for each thing about an offer that is not as the journal saw it.

    One query for the lines of each kind, and one for each table.
    """
    yield from _wordings()
    yield from _assents()
    yield from _texts()


def _wordings() -> Iterator[str]:
    seen = _seen("offer.worded", "wording")
    rows = Wording.objects.select_related("option__offer").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        line = seen.pop(row.pk, None)
        if line is None:
            yield f"No line of the journal says that {row} was offered."
            continue
        if hashlib.sha256(row.text.encode()).hexdigest() != row.hash:
            yield f"The text of {row} is not what was offered."
        if (line["option"], line["number"], line["hash"]) != (row.option_id, row.number, row.hash):
            yield f"{row} has another number or hash than the journal saw."
    for number, line in seen.items():
        yield f"Round {line['number']} (row {number}) that the journal saw is gone."


def _assents() -> Iterator[str]:
    seen = _seen("offer.signed", "assent")
    rows = Assent.objects.select_related("wording__option__offer", "person").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        line = seen.pop(row.pk, None)
        if line is None:
            yield f"No line of the journal says that {row.person} signed {row.wording}."
        elif line["seal"] != assent_seal(row):
            yield f"The signature of {row.person} on {row.wording} is not what the journal saw."
        elif row.hash != row.wording.hash:
            yield f"{row.person} signed another text than {row.wording} holds."
    for number in seen:
        yield f"Signature {number} that the journal saw is gone."


def _texts() -> Iterator[str]:
    kinds = ("offer.change_asked", "offer.option_declined")
    digests = set(Line.objects.filter(kind__in=kinds).values_list("digest", flat=True))
    for change in ChangeAsked.objects.select_related("wording__option__offer").order_by("pk"):
        if change.key and digest(bytes(change.key), change.reason) not in digests:
            yield f"The reason of change {change.pk} asked on {change.wording} is not what was said."
    declined = Option.objects.filter(state="declined").select_related("offer").order_by("pk")
    for option in declined:
        if option.key and digest(bytes(option.key), option.reason) not in digests:
            yield f"The reason why {option} was declined is not what was said."


def _seen(kind: str, what: str) -> dict[int, dict[str, Any]]:
    lines = Line.objects.filter(kind=kind).order_by("id").values_list("data", flat=True)
    return {data[what]: data for data in lines.iterator(chunk_size=2000)}
