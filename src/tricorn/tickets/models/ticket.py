"""The ticket itself, and the ways to ask for some of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Self

from django.db import models
from django.db.models import F, Func, Q

from tricorn.agreements.models import Version
from tricorn.agreements.models.versions import Unindexed
from tricorn.catalogue.models import Service
from tricorn.engine.clock import Holder
from tricorn.engine.lifecycle import DONE, State
from tricorn.journal.actor import Actor
from tricorn.parties.models import Organisation, Person, Place
from tricorn.standing.models import Duty
from tricorn.standing.sharing import PRIVATE, SHARED, served, shared_of, sharing

KINDS = ("complaint", "incident", "praise", "question", "request", "wish")
PRIORITIES = ("critical", "high", "low", "moderate")
STATES = sorted(state.value for state in State)
HOLDERS = sorted(holder.value for holder in Holder)
DONE_STATES = sorted(state.value for state in DONE)
# What is done in its own right: a merged one is done only as long as it is part of another.
ENDED_STATES = sorted(state.value for state in DONE - {State.MERGED})
# Why a complaint that names somebody of us is held: it is with a reviewer, and no desk sees it.
REVIEWER = "reviewer"
# Where a ticket stands in the queue while nothing of it falls due: behind everything that does.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def services_served(person_id: int | None) -> set[int] | None:
    """Return the services whose tickets somebody's duties open; None for every one. One query.

    A private service is opened by a duty that names it, never by one for every service.
    """
    duties = Duty.objects.filter(person=person_id, until__isnull=True).order_by()
    rows = list(duties.values_list("person", "duty", "service").union(sharing(), all=True))
    shared = shared_of((how, service) for _, how, service in rows if how in (SHARED, PRIVATE))
    found = served((service for person, _, service in rows if person is not None), shared)
    return None if found is None else set(found)


def is_theirs(person_id: int | None) -> Q:
    """The condition that somebody asked, or that it is for them and not with a reviewer.

    A complaint about the very person whom a ticket is for is thereby hidden from them, too.
    """
    return Q(requester=person_id) | Q(Q(affected=person_id), ~Q(held_for=REVIEWER))


def is_own(person_id: int | None) -> Q:
    """Theirs, or typed in by them for somebody else: that opens nothing private and no complaint."""
    private = Service.objects.filter(is_private=True).order_by().values("pk")
    typed = Q(Q(reported_by=person_id), ~Q(held_for=REVIEWER), ~Q(service__in=private))
    return is_theirs(person_id) | typed


def counted(ticket: str = "") -> Q:
    """What figures count: neither held for review nor merged into another.

    `ticket` is the way to the ticket, like "ticket__".
    """
    return Q(**{f"{ticket}held_for": "", f"{ticket}merged_into__isnull": True})


def number_of(ref: str) -> int | None:
    """Return the number of what is called T-2041; None for anything that is no such name."""
    number = ref.strip().upper().removeprefix("T-")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


class IsUnfinished(Func):
    """The condition of the partial indexes below, letter by letter: else SQLite ignores them."""

    template = "%(expressions)s IN ('new', 'open', 'waiting')"
    output_field = models.BooleanField()


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, actor: Actor) -> Self:
        """Only the tickets this actor may know of: the one door to tickets for every surface."""
        if actor.is_program:
            return self
        if actor.kind == "link":
            return self.filter(pk=actor.id)
        if not actor.is_person:
            return self.none()
        by_duty = ~Q(held_for=REVIEWER)
        if (services := self._served_by(actor.id)) is not None:
            by_duty &= services
        return self.filter(is_own(actor.id) | by_duty)

    def own(self, person_id: int | None) -> Self:
        """Tickets of this person: who asked, for whom it is, or who typed it in for them."""
        return self.filter(is_own(person_id))

    def served_by(self, person_id: int | None) -> Self:
        """Tickets of the services for which this person has duty, but for what is with a reviewer."""
        services = self._served_by(person_id)
        found = self.exclude(held_for=REVIEWER)
        return found if services is None else found.filter(services)

    def of_services(self, service_ids: Collection[int] | None) -> Self:
        """Tickets of these services (None: of any), without leaving the order of the queue.

        A complaint that is with a reviewer is no desk's ticket, so it is none of them.
        """
        found = self.exclude(held_for=REVIEWER)
        if service_ids is None:
            return found
        return found.alias(of_service=Unindexed(F("service"))).filter(of_service__in=service_ids)

    @staticmethod
    def _served_by(person_id: int | None) -> Q | None:
        """The condition for this person's services; None when it is every service. One query."""
        services = services_served(person_id)
        return None if services is None else Q(service__in=services)

    def with_ref(self, ref: str) -> Self:
        """The ticket called T-2041; none for anything that is no such name."""
        number = number_of(ref)
        return self.none() if number is None else self.filter(pk=number)

    def unfinished(self) -> Self:
        return self.filter(IsUnfinished(F("state")))

    def queued(self) -> Self:
        """What the desk works on: unfinished and not held for review."""
        return self.unfinished().filter(held_for="")

    def held(self) -> Self:
        """What waits for the desk to look at it; not what is with a reviewer."""
        return self.exclude(held_for="").exclude(held_for=REVIEWER)

    def in_sight(self) -> Self:
        """All that any desk may ever see: not the complaints that are with a reviewer."""
        return self.exclude(held_for=REVIEWER)

    def counted(self) -> Self:
        """What figures count: each matter once."""
        return self.filter(counted())

    def handled_with(self, ticket: Ticket) -> Self:
        """Everything that was merged into this one, straight or through others."""
        return self.filter(survivor=ticket.pk)

    def late(self, at: datetime) -> Self:
        return self.unfinished().filter(breach_at__lt=at)


class Ticket(models.Model):
    """One thing somebody needs from a service, from first word to last.

    `began_at` is when it began to hurt, `reported_at` when we heard; first response, resolved and
    closed are three moments. `due_at` is the next of its running clocks, for people; `breach_at`
    the last instant at which that promise is still kept.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="tickets")
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    kind = models.CharField(max_length=10, default="incident")
    state = models.CharField(max_length=10, default="new")
    summary = models.CharField(max_length=200)

    requester = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="requested"
    )
    affected = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="affected_by"
    )
    reported_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="reported"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    contact_email = models.EmailField(max_length=254, default="", blank=True)
    affected_count = models.PositiveIntegerField(default=1)

    impact = models.PositiveSmallIntegerField(default=2)
    urgency = models.PositiveSmallIntegerField(default=2)
    computed_priority = models.CharField(max_length=10, default="moderate")
    priority = models.CharField(max_length=10, default="moderate")

    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned"
    )
    team = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="team_tickets"
    )
    waiting_on = models.CharField(max_length=10, default="", blank=True)
    held_for = models.CharField(max_length=20, default="", blank=True)

    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    covered_by = models.CharField(max_length=300, default="", blank=True)

    began_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    first_response_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    breach_at = models.DateTimeField(null=True, blank=True)
    queue_at = models.DateTimeField(default=NEVER)
    changed_at = models.DateTimeField()

    # Merged: `merged_into` is the one next above, `survivor` the one at the end of the chain, in
    # which all of it is handled; `merged_was` is the state to which unmerging leads back.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged",
    )
    survivor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="all_merged",
    )
    merged_was = models.CharField(max_length=10, default="", blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="children",
    )

    minutes_spent = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=20, default="web")
    source = models.CharField(max_length=60, default="", blank=True)
    source_id = models.CharField(max_length=120, default="", blank=True)
    source_mark = models.CharField(max_length=64, default="", blank=True)
    extra = models.JSONField(default=dict, blank=True)
    # What was answered to the service's own questions, by their keys; the journal knows its hash.
    fields = models.JSONField(default=dict, blank=True)
    fields_key = models.BinaryField(default=b"", blank=True)
    # A form that is sent twice carries the same word, and makes one ticket.
    once = models.CharField(max_length=64, null=True, blank=True, unique=True)
    # Of the private link only a hash is kept; the link itself is made from `link_key` and the secret.
    link_key = models.BinaryField()
    link_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-id"]
        constraints = [
            models.CheckConstraint(name="ticket_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="ticket_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="ticket_priority",
                condition=Q(priority__in=PRIORITIES, computed_priority__in=PRIORITIES),
            ),
            models.CheckConstraint(
                name="ticket_impact_urgency",
                condition=Q(impact__gte=1, impact__lte=3, urgency__gte=1, urgency__lte=3),
            ),
            models.CheckConstraint(
                name="ticket_resolved_only_when_done",
                condition=Q(resolved_at__isnull=True) | Q(state__in=DONE_STATES),
            ),
            models.CheckConstraint(
                name="ticket_waiting_has_holder",
                condition=Q(state="waiting", waiting_on__in=HOLDERS)
                | (~Q(state="waiting") & Q(waiting_on="")),
            ),
            models.CheckConstraint(
                name="ticket_began_before_reported", condition=Q(began_at__lte=F("reported_at"))
            ),
            models.CheckConstraint(
                name="ticket_merged_has_survivor",
                condition=Q(
                    state="merged",
                    merged_into__isnull=False,
                    survivor__isnull=False,
                    merged_was__in=["new", "open", "waiting"],
                )
                | Q(
                    ~Q(state="merged"),
                    merged_into__isnull=True,
                    survivor__isnull=True,
                    merged_was="",
                ),
            ),
            models.CheckConstraint(
                name="ticket_not_its_own",
                condition=(Q(merged_into__isnull=True) | ~Q(merged_into=F("id")))
                & (Q(parent__isnull=True) | ~Q(parent=F("id"))),
            ),
            models.UniqueConstraint(
                name="ticket_source_once", fields=["source", "source_id"], condition=~Q(source="")
            ),
        ]
        indexes = [
            # The queue: what is due next, of everything unfinished.
            models.Index(
                name="ticket_queue",
                fields=["queue_at", "id"],
                condition=Q(held_for="", state__in=["new", "open", "waiting"]),
            ),
            # The worker asks what is late.
            models.Index(
                name="ticket_late",
                fields=["breach_at"],
                condition=Q(state__in=["new", "open", "waiting"]),
            ),
            # My services: what I asked for, newest first.
            models.Index(name="ticket_requester", fields=["requester", "-reported_at"]),
            models.Index(name="ticket_affected", fields=["affected", "-reported_at"]),
            # The client's month under an agreement; the service's month.
            models.Index(name="ticket_version", fields=["version", "reported_at"]),
            # Which tickets run by this version still?
            models.Index(
                name="ticket_runs_by",
                fields=["version", "id"],
                condition=Q(state__in=["new", "open", "waiting"]),
            ),
            models.Index(name="ticket_service", fields=["service", "reported_at"]),
            # What is on an agent's table?
            models.Index(
                name="ticket_assignee",
                fields=["assignee", "queue_at"],
                condition=Q(state__in=["new", "open", "waiting"]),
            ),
            # The tabs of the queue: how many are mine, nobody's, waiting? Answered by this alone.
            models.Index(
                name="ticket_tabs",
                fields=["service", "assignee", "state", "team", "held_for", "breach_at"],
                condition=Q(held_for="", state__in=["new", "open", "waiting"]),
            ),
            # An agent types the number that another system gave it.
            models.Index(name="ticket_source_id", fields=["source_id"], condition=~Q(source_id="")),
            # What is handled with this one? A conversation asks, and a chain that moves on.
            models.Index(
                name="ticket_survivor", fields=["survivor"], condition=Q(survivor__isnull=False)
            ),
            models.Index(
                name="ticket_merged_into",
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
            ),
            # The children of a ticket, on its page.
            models.Index(
                name="ticket_parent", fields=["parent"], condition=Q(parent__isnull=False)
            ),
            # A program asks what has changed since it last asked, page by page.
            models.Index(name="ticket_changed", fields=["changed_at", "id"]),
            # What waits for review?
            models.Index(name="ticket_held", fields=["id"], condition=~Q(held_for="")),
        ]

    @property
    def ref(self) -> str:
        return f"T-{self.pk}"

    @property
    def is_with_reviewer(self) -> bool:
        return self.held_for == REVIEWER

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    def __str__(self) -> str:
        return f"{self.ref} {self.summary}"
