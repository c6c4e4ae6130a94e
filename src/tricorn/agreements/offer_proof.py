"""Proof of what passed before a version: rounds, changes asked, declined options, signatures given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from tricorn.agreements.models import Assent, ChangeAsked, Offer, Option, Wording
from tricorn.agreements.seals import assent_seal, change_seal, declined_seal
from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.journal.models import Line
from tricorn.journal.verbs import digest

ENDS = ("taken", "refused", "withdrawn")


def changed_offers() -> Iterator[str]:
    """Yield a sentence for each thing about an offer that is not as the journal saw it.

    One query for the lines of each kind, and one for each table.
    """
    yield from _wordings()
    yield from _assents()
    yield from _papers()
    yield from _offers()
    yield from _options()
    yield from _changes()


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
        if line["at"] != row.at:
            yield f"{row} was offered at another moment than the journal saw."
    for number, line in seen.items():
        yield f"Round {line['number']} (row {number}) that the journal saw is gone."


def _assents() -> Iterator[str]:
    seen = _seen("offer.signed", "assent")
    rows = Assent.objects.select_related("wording__option__offer", "person").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        line = seen.pop(row.pk, None)
        if line is None:
            yield f"No line of the journal says that {row.person} signed {row.wording}."
        elif line["seal"] != assent_seal(row) or line["at"] != row.at:
            yield f"The signature of {row.person} on {row.wording} is not what the journal saw."
        elif row.hash != row.wording.hash:
            yield f"{row.person} signed another text than {row.wording} holds."
    for number in seen:
        yield f"Signature {number} that the journal saw is gone."


def _papers() -> Iterator[str]:
    """The scanned pages of signatures on paper: the row, and the bytes in its folder."""
    seen = _seen("assent.file_added", "file")
    for row in File.objects.filter(subject="assent").order_by("pk").iterator(chunk_size=500):
        line = seen.pop(row.pk, None)
        path = where(row.stored_as)
        is_whole = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256
        of = (line["subject_id"], line.get("sha256", row.sha256)) if line else ()
        if of != (row.subject_id, row.sha256) or not is_whole:
            yield f"The signed paper {row.pk} is not what was attached."
    for number in seen:
        yield f"The signed paper {number} that the journal saw is gone."


def _offers() -> Iterator[str]:
    seen = _seen("offer.begun", "offer")
    for offer in Offer.objects.order_by("pk").iterator(chunk_size=500):
        line = seen.pop(offer.pk, None)
        if line is None:
            yield f"No line of the journal says that {offer} was begun."
        elif (line["client"], line.get("provider", offer.provider_id)) != (
            offer.client_id,
            offer.provider_id,
        ):
            yield f"{offer} is between others than the journal saw."
    for number in seen:
        yield f"Offer {number} that the journal saw is gone."


def _changes() -> Iterator[str]:
    seen = _seen("offer.change_asked", "change")
    ends = {kind: _seen(f"offer.change_{kind}", "change") for kind in ENDS}
    rows = ChangeAsked.objects.select_related("wording__option__offer").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        line = seen.pop(row.pk, None)
        if line is None:
            yield f"No line of the journal says that change {row.pk} was asked on {row.wording}."
            continue
        if not _says(row.key, row.reason, line):
            yield f"The reason of change {row.pk} asked on {row.wording} is not what was said."
        if line.get("seal", change_seal(row)) != change_seal(row):
            yield f"Change {row.pk} asked on {row.wording} is not what was asked."
        said = {kind: found[row.pk] for kind, found in ends.items() if row.pk in found}
        if list(said) != [row.state] * (row.state != "open"):
            yield f"How change {row.pk} asked on {row.wording} ended is not what the journal saw."
        elif any(each["digest"] and not _says(row.key, row.answer, each) for each in said.values()):
            yield f"The answer to change {row.pk} asked on {row.wording} is not what was said."
    for number in seen:
        yield f"Change {number} that the journal saw asked for is gone."


def _options() -> Iterator[str]:
    """What was declined stays on file as it was, and nothing else is on file as declined."""
    added = _seen("offer.option_added", "option")
    declined = _seen("offer.option_declined", "option")
    accepted = _seen("offer.accepted", "option")
    for option in Option.objects.select_related("offer").order_by("pk").iterator(chunk_size=500):
        added.pop(option.pk, None)
        line = declined.get(option.pk)
        stands = "declined" if line else "accepted" if option.pk in accepted else ""
        # An accepted option may still be withdrawn with its whole offer.
        is_as_seen = option.state == stands or (stands, option.state) == ("accepted", "withdrawn")
        if not is_as_seen and (stands or option.state in ("declined", "accepted")):
            yield f"How {option} was answered is not what the journal saw."
        if line is None:
            continue
        if not _says(option.key, option.reason, line):
            yield f"The reason why {option} was declined is not what was said."
        if line.get("seal", declined_seal(option)) != declined_seal(option):
            yield f"{option} is not on file as it was declined."
    for number in added:
        yield f"Option {number} that the journal saw is gone."


def _says(key: bytes | memoryview[int] | None, words: str, line: dict[str, Any]) -> bool:
    """Whether the line saw these words. A row whose key was destroyed is erased: no problem."""
    return not key or digest(bytes(key), words) == line["digest"]


def _seen(kind: str, what: str) -> dict[int, dict[str, Any]]:
    """What the lines of a kind saw, by the row they name; `offer` is what they are about."""
    lines = Line.objects.filter(kind=kind).order_by("id")
    found = {}
    for line in lines.iterator(chunk_size=2000):
        about = {"offer": line.subject_id, "subject_id": line.subject_id}
        data = line.data | about | {"digest": line.digest, "at": line.at}
        found[data[what]] = data
    return found
