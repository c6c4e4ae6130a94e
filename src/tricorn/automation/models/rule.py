"""Rules and the log of their runs; whose turn it is among the agents."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tricorn.catalogue.models import Service
from tricorn.journal.actor import Actor
from tricorn.parties.models import Organisation, Person
from tricorn.tickets.models import Ticket

OUTCOMES = ("capped", "done", "refused", "stopped")


class RuleQuerySet(models.QuerySet["Rule"]):
    def kept(self) -> Self:
        """All but those that were removed, in the order in which they run."""
        return self.filter(removed_at__isnull=True)

    def on(self) -> Self:
        return self.kept().filter(is_on=True)


class Rule(models.Model):
    """When something happens, if these hold, then do that. `written` is `engine.rules.Written`.

    `when` stands beside it to be asked for. `since` is when it was last switched on or changed:
    what fell due by time before then is left alone.
    """

    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    when = models.CharField(max_length=20)
    written = models.JSONField()
    edition = models.PositiveIntegerField(default=1)
    key = models.BinaryField()
    is_on = models.BooleanField(default=False)
    most_an_hour = models.PositiveIntegerField(default=1000)
    since = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            # Which rules wait for this to happen? Asked for every line about a ticket.
            models.Index(
                name="rule_when",
                fields=["when", "position", "id"],
                condition=Q(is_on=True, removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RunQuerySet(models.QuerySet["Run"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those on matters that this actor may know of."""
        known = Ticket.objects.visible_to(actor).filter(pk=OuterRef("ticket"))
        return self.filter(Exists(known.order_by()))


class Run(models.Model):
    """One time that a rule's conditions held: what it did, or why it did not.

    `cause` is what set it off (a line, a wait, a clock), `root` the line at the beginning of a
    chain of rules, `depth` how many rules came before. `done` and `because` are ids and codes,
    and the sentences of refusals.
    """

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="runs")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="rule_runs")
    cause = models.CharField(max_length=40)
    root = models.CharField(max_length=40)
    depth = models.PositiveSmallIntegerField(default=0)
    edition = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=8)
    because = models.JSONField(default=list)
    done = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="run_outcome",
                condition=Q(outcome__in=["capped", "done", "refused", "stopped"]),
            ),
            # Heard twice is run once.
            models.UniqueConstraint(name="run_once", fields=["rule", "ticket", "cause"]),
        ]
        indexes = [
            # The log of a rule, newest first; how often did it run in the last hour?
            models.Index(name="run_log", fields=["rule", "-at", "-id"]),
            # The worker asks every hour what is older than the log goes back.
            models.Index(name="run_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on ticket {self.ticket_id}: {self.outcome}"


class Turn(models.Model):
    """Who had the last turn, when tickets go round the agents of a service or a team."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    last = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="turn_of_team", fields=["service", "team"], condition=Q(team__isnull=False)
            ),
            models.UniqueConstraint(
                name="turn_of_service", fields=["service"], condition=Q(team__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"turn at {self.service_id}"
