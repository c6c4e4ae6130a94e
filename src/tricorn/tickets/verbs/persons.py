"""Merging persons: two records of one human become one, and exactly what moved moves back.

Whatever points at the record that goes is moved, unless it is named below: what was signed stays as
it is, and who has duty or authority under a record keeps it. Journal lines never change. Of two rows
of which there can be one, the kept one's counts; the other waits under its record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db import IntegrityError, models, transaction

from tricorn.agreements.models import Entitlement
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import Actor
from tricorn.journal.triggers import APPEND_ONLY
from tricorn.journal.verbs import write
from tricorn.parties.models import Alias, Person, PersonsMerged
from tricorn.parties.verbs.found import index_persons
from tricorn.standing.models import Absence, Approval, Authority, Duty
from tricorn.tickets.models import Inquiry, Named
from tricorn.tickets.reviewers import is_reviewer

# What somebody put their name under. The tables of `journal.triggers` are told by themselves.
SIGNED = frozenset(
    {
        *("agreements.Signature.person", "agreements.Signature.acting_for"),
        *("agreements.Assent.person", "agreements.Assent.acting_for"),
        *("agreements.Review.verdict_by", "agreements.WorkOutcome.person"),
        *("standing.Answer.person", "standing.Answer.acting_for"),
    }
)
# What does not move, and why.
STAYS: dict[str, str] = {
    **dict.fromkeys(
        (
            *("standing.Authority.person", "standing.Authority.deputy", "standing.Duty.person"),
            *("standing.Absence.person", "standing.Absence.deputy"),
        ),
        "it has ended: what lasts refuses the merge",
    ),
    "account.EmailAddress.user": "it is how that record signed in; its mail finds the kept one",
    "agreements.SigningCode.person": "a code was sent to that record's address",
    "agreements.AgreedStep.person": "it is what was signed; who is told is the kept one",
    "parties.Token.person": "a program was let in as that record, and not with the other's rights",
    "parties.Person.merged_into": "the story of the records themselves",
    "parties.PersonsMerged.kept": "the story of the records themselves",
    "parties.PersonsMerged.vanished": "the story of the records themselves",
}
# Who is named in a complaint is in no line and no count: neither before nor after the merge.
SECRET = frozenset({"tickets.Named.person", "tickets.Hearing.person"})
WHOSE = frozenset({"tickets.Ticket.requester", "tickets.Ticket.affected"})
WHOSE |= {"tickets.Ticket.reported_by"}


def merge_persons(kept: Person, vanished: Person, *, by: Actor, at: datetime) -> PersonsMerged:
    """Let two records of one human be one. The other one signs in no more; its mail is the kept's.

    A complaint that names the kept one stays with who complained.
    Errors  BadInput for one and the same, for one's own record, and for what the record that would
            go must keep: choose the other direction.
    """
    if kept.pk == vanished.pk:
        raise BadInput(f"This is {kept} already. Choose another record.", field="other")
    if by.is_person and by.id in (kept.pk, vanished.pk):
        raise BadInput(
            "One of these records is your own. Somebody else who looks after people merges it.",
            field="other",
        )
    with transaction.atomic():
        kept, vanished = _locked(kept, vanished)
        if found := PersonsMerged.objects.filter(
            kept=kept, vanished=vanished, undone_at__isnull=True
        ).first():
            return found
        _must_merge(kept, vanished, at)
        merged = PersonsMerged.objects.create(
            kept=kept, vanished=vanished, at=at, was_active=vanished.is_active
        )
        merged.moved = {
            name: moved
            for name, model, field in _pointing()
            if name not in STAYS and (moved := _moved(name, model, field, vanished, kept))
        }
        _hand_on_inquiries(kept)
        merged.save(update_fields=["moved"])
        address, vanished.email = vanished.email, None
        vanished.is_active, vanished.merged_into = False, kept
        vanished.save(update_fields=["email", "is_active", "merged_into"])
        if address:
            Alias.objects.create(address=address, person=kept, merge=merged)
        figures = {n: len(ids) for n, ids in merged.moved.items() if n not in SECRET}
        index_persons([kept.pk, vanished.pk])
        write(vanished, "person.merged", by=by, at=at, into=kept.pk, moved=figures)
        write(kept, "person.took_in", by=by, at=at, merged=vanished.pk)
    return merged


def unmerge_persons(vanished: Person, *, by: Actor, at: datetime) -> Person:
    """They are two after all: what moved moves back, unless it has become somebody else's since.

    Errors  MoveRefused when the record was not merged, or its address is somebody's by now.
    """
    with transaction.atomic():
        merged = PersonsMerged.objects.filter(vanished=vanished, undone_at__isnull=True).first()
        if merged is None:
            raise MoveRefused(f"{vanished} was not merged, so there is nothing to undo.")
        kept, vanished = _locked(merged.kept, vanished)
        if vanished.merged_into_id is None:
            raise MoveRefused(f"{vanished} was not merged, so there is nothing to undo.")
        if kept.merged_into_id is not None:
            raise MoveRefused(f"{kept} has been merged itself since. Unmerge {kept} first.")
        for name, ids in merged.moved.items():
            label, _, field = name.rpartition(".")
            _repoint(apps.get_model(label), field, ids, kept, vanished)
        alias = Alias.objects.filter(merge=merged).first()
        vanished.merged_into = None
        vanished.is_active = merged.was_active
        if alias is not None:
            vanished.email = alias.address
            alias.delete()
        vanished.save(update_fields=["email", "is_active", "merged_into"])
        merged.undone_at = at
        merged.save(update_fields=["undone_at"])
        index_persons([kept.pk, vanished.pk])
        write(vanished, "person.unmerged", by=by, at=at, out_of=kept.pk)
        write(kept, "person.let_go", by=by, at=at, merged=vanished.pk)
    return vanished


def pointing_at(person: Person) -> int:
    """Return how many rows would move if this record went into another one."""
    return sum(
        model._base_manager.filter(**{field: person}).count()
        for name, model, field in _pointing()
        if name not in STAYS and name not in SECRET
    )


def _locked(*persons: Person) -> list[Person]:
    rows = Person.objects.select_for_update(of=("self",)).order_by("pk")
    found = {each.pk: each for each in rows.filter(pk__in=[each.pk for each in persons])}
    return [found[each.pk] for each in persons]


def _must_merge(kept: Person, vanished: Person, at: datetime) -> None:
    for each in (kept, vanished):
        if each.merged_into_id is not None:
            raise BadInput(f"{each} was merged into {each.merged_into} already.", field="other")
    other_way = f"Merge {kept} into {vanished} instead, so that this record stays."
    if why := held_under(vanished, at):
        raise BadInput(f"{vanished} {why}. {other_way}", field="other")


def held_under(person: Person, at: datetime) -> str:
    """Return what a person has under this record that must not vanish; "" for nothing."""
    if Duty.objects.at(at).filter(person=person).exists():
        return "has a duty at the provider under this record"
    authorities = Authority.objects.filter(models.Q(until__isnull=True) | models.Q(until__gt=at))
    if authorities.filter(models.Q(person=person) | models.Q(deputy=person)).exists():
        return "has authority, or stands in for somebody, under this record"
    if Absence.objects.unended(at).filter(models.Q(person=person) | models.Q(deputy=person)):
        return "is away, or stands in for somebody who is, under this record"
    if Approval.objects.filter(asked_by=person, state="open").exists():
        return "waits for an approval under this record"
    if is_reviewer(person.pk, at) or Inquiry.objects.filter(reviewer=person).exists():
        return "reads complaints that name somebody under this record"
    if Entitlement.objects.filter(person=person).exists():
        return "is named in an agreement under this record"
    for name, model, field in _pointing():
        is_signed = name in SIGNED or model._meta.db_table in APPEND_ONLY
        if is_signed and model._base_manager.filter(**{field: person}).exists():
            return "has signed or decided under this record"
    return ""


def _pointing() -> Iterator[tuple[str, type[models.Model], str]]:
    """Yield everything that points at persons: its name, model and field."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            model, field = relation.related_model, relation.field.name
            yield f"{model._meta.label}.{field}", model, field


def _moved(name: str, model: type[models.Model], field: str, of: Person, to: Person) -> list[int]:
    """Point the rows of one person at another; return which of them. What cannot move stays."""
    rows = model._base_manager.filter(**{field: of}).order_by("pk")
    if name in WHOSE:
        rows = rows.exclude(pk__in=Named.objects.filter(person=to).values("inquiry"))
    return _repoint(model, field, list(rows.values_list("pk", flat=True)), of, to)


def _hand_on_inquiries(person: Person) -> None:
    """A reviewer who is part of the complaint by now reads it no more: the worker finds another."""
    part = models.Q(named__person=person)
    for whose in ("requester", "affected", "reported_by"):
        part |= models.Q(**{f"ticket__{whose}": person})
    near = Inquiry.objects.filter(part, reviewer=person).values("pk")
    Inquiry.objects.filter(pk__in=list(near.values_list("pk", flat=True))).update(reviewer=None)


def _repoint(
    model: type[models.Model], field: str, ids: list[int], of: Person, to: Person
) -> list[int]:
    rows = model._base_manager.filter(**{field: of, "pk__in": ids})
    try:
        with transaction.atomic():
            rows.update(**{field: to})
            return ids
    except IntegrityError:
        # Both have such a row, of which there can be one: one by one, and that one stays.
        return [pk for pk in ids if _repoint_one(model, field, pk, of, to)]


def _repoint_one(model: type[models.Model], field: str, pk: int, of: Person, to: Person) -> bool:
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=pk, **{field: of}).update(**{field: to}))
    except IntegrityError:
        return False
