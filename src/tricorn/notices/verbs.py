"""Telling people, what they did with it, and how they wish to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tricorn.engine.errors import BadInput
from tricorn.journal.actor import Actor
from tricorn.journal.models import Line
from tricorn.journal.verbs import write
from tricorn.notices.abouts import BY_NAME
from tricorn.notices.concerned import HEARD, Concerned, concerned
from tricorn.notices.models import Notice, Preference
from tricorn.notices.reads import chosen_by, of_line
from tricorn.notices.reviewed import told_of_review
from tricorn.parties.models import Person
from tricorn.prepared import Prepared
from tricorn.tickets.models import Ticket

KEPT = timedelta(days=90)
MOST_REMOVED = 1000


TICKET = Prepared(
    lambda tickets, at: Ticket.objects.filter(pk__in=tickets).select_related("service"), "tickets"
)


def tell(line: Line, at: datetime) -> list[Notice]:
    """Note for everybody concerned what a line says happened, as they chose; twice is once.

    Returns all notices of the line. Nothing for what is held for review; of a complaint that is with
    a reviewer only these and who complained hear. Mail's reactor calls this before it writes a
    letter: one delivery for each line instead of two.
    """
    if line.kind not in HEARD or line.subject != "ticket":
        return []
    ticket: Ticket = TICKET.objects(tickets=[line.subject_id])[0]
    if ticket.is_with_reviewer:
        told = [
            Concerned(ticket, each.person, each.capacity, each.about)
            for each in told_of_review(line, ticket, at)
        ]
    else:
        told = [] if ticket.held_for else concerned(line, ticket, at)
    if not told and line.kind != "ticket.staff_named":
        return of_line(line)
    chosen = chosen_by([each.person.pk for each in told])
    with transaction.atomic():
        if line.kind == "ticket.staff_named":
            # What others were told of it before would say that there is something.
            others = Notice.objects.filter(ticket=ticket, capacity="agent")
            others.delete()
        for each in told:
            how = chosen.get((each.person.pk, each.capacity, each.about))
            how = how or BY_NAME[each.capacity, each.about].how
            if how != "off":
                Notice.objects.get_or_create(
                    person=each.person,
                    line=line,
                    defaults={
                        "ticket": each.ticket,
                        "capacity": each.capacity,
                        "about": each.about,
                        "how": how,
                        "made_at": at,
                    },
                )
    return of_line(line)


def send_digest(person: Person, *, by: Actor, at: datetime) -> list[Notice]:
    """Put what waits for somebody's digest into one letter: its line and that they were told.

    What was read on the page meanwhile is no news; nothing waits, nothing is written.
    """
    with transaction.atomic():
        waiting = Notice.objects.select_for_update().filter(
            person=person, how="digest", mailed_at__isnull=True, read_at__isnull=True
        )
        found = list(waiting.order_by("pk"))
        if found:
            ids = [each.pk for each in found]
            write(person, "person.digested", by=by, at=at, notices=ids)
            Notice.objects.filter(pk__in=ids).update(mailed_at=at)
    return found


def went_out(line: Line, addresses: Collection[str], *, at: datetime) -> None:
    """Note which notices of a line are in a letter to one of these addresses."""
    if line.kind in HEARD and addresses and of_line(line):
        waiting = Notice.objects.filter(line=line, how="at once", mailed_at__isnull=True)
        waiting.filter(person__email__in=addresses).update(mailed_at=at)


def read(person: Person, number: int, *, at: datetime) -> Notice | None:
    """Note that somebody has seen one of their notices; None when it is not theirs."""
    mine = Notice.objects.filter(person=person, pk=number)
    mine.filter(read_at__isnull=True).update(read_at=at)
    return mine.select_related("ticket").first()


def read_all(person: Person, *, at: datetime) -> int:
    """Note that somebody has seen all there is; return how many were unread."""
    return Notice.objects.filter(person=person, read_at__isnull=True).update(read_at=at)


def choose(person: Person, given: Mapping[tuple[str, str], str], *, by: Actor, at: datetime) -> int:
    """Set how somebody wishes to be told: by capacity and about. Return how many ways changed.

    Errors  BadInput for a capacity, an about or a way that there is not; nothing is written.
    """
    for (capacity, code), how in given.items():
        about = BY_NAME.get((capacity, code))
        if about is None or how not in about.choices:
            raise BadInput(gettext("Choose one of the ways that are offered."), field=code)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        before = chosen_by([person.pk])
        changed = [
            (capacity, code, how)
            for (capacity, code), how in given.items()
            if (before.get((person.pk, capacity, code)) or BY_NAME[capacity, code].how) != how
        ]
        for capacity, code, how in changed:
            Preference.objects.update_or_create(
                person=person, capacity=capacity, about=code, defaults={"how": how}
            )
        if changed:
            ways = {f"{capacity} {code}": how for capacity, code, how in changed}
            write(person, "person.told_otherwise", by=by, at=at, ways=ways)
    return len(changed)


def forget_old(*, at: datetime) -> int:
    """Remove what was read long ago, some at a time; return how many."""
    old = Notice.objects.filter(read_at__lt=at - KEPT).order_by("read_at")
    gone, _ = Notice.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:MOST_REMOVED])
    ).delete()
    return gone
