"""What helps an agent to work: kept words, macros, drafts, followers, reminders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.knowledge.models import Article
from tricorn.parties.models import Person
from tricorn.tickets.models.problem import Problem
from tricorn.tickets.models.ticket import Ticket


class Kept(models.Model):
    """Something that somebody keeps for themselves, or a service for all who serve it."""

    owner = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Canned(Kept):
    """Words for an answer, with variables: one's own, or shared by a service."""

    text = models.TextField()

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "canned answers"
        constraints = [
            models.CheckConstraint(
                name="canned_own_or_shared",
                condition=Q(owner__isnull=False, service__isnull=True)
                | Q(owner__isnull=True, service__isnull=False),
            ),
            models.UniqueConstraint(name="canned_own_name_once", fields=["owner", "name"]),
            models.UniqueConstraint(name="canned_shared_name_once", fields=["service", "name"]),
        ]


class Macro(Kept):
    """Steps that are taken on a ticket in one go: one's own, or shared by a service."""

    steps = models.JSONField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="macro_own_or_shared",
                condition=Q(owner__isnull=False, service__isnull=True)
                | Q(owner__isnull=True, service__isnull=False),
            ),
            models.UniqueConstraint(name="macro_own_name_once", fields=["owner", "name"]),
            models.UniqueConstraint(name="macro_shared_name_once", fields=["service", "name"]),
        ]


class Draft(models.Model):
    """What somebody has begun to write and not sent: nobody else sees it.

    An answer or a note has its `text`; of a form the boxes that were filled in are kept by name, as
    the form sends them. What it is of: a ticket (also one from which it was begun), an article or a
    problem that is changed, or nothing yet.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    text = models.TextField(default="", blank=True)
    boxes = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_of_what",
                condition=Q(kind__in=["answer", "note"], ticket__isnull=False)
                & Q(article__isnull=True, problem__isnull=True)
                | Q(kind="report", ticket__isnull=True, article__isnull=True, problem__isnull=True)
                | Q(kind="article", problem__isnull=True)
                & (Q(ticket__isnull=True) | Q(article__isnull=True))
                | Q(kind="problem", article__isnull=True)
                & (Q(ticket__isnull=True) | Q(problem__isnull=True)),
            ),
            models.UniqueConstraint(name="draft_once", fields=["ticket", "person", "kind"]),
            models.UniqueConstraint(name="draft_of_article_once", fields=["article", "person"]),
            models.UniqueConstraint(name="draft_of_problem_once", fields=["problem", "person"]),
            models.UniqueConstraint(
                name="draft_of_new_once",
                fields=["person", "kind"],
                condition=Q(ticket__isnull=True, article__isnull=True, problem__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        of = self.ticket or self.article or self.problem
        return f"{self.kind} begun on {of}" if of else f"{self.kind} begun"


class Follower(models.Model):
    """Somebody who wants to hear what happens to a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(name="follower_once", fields=["ticket", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows ticket {self.ticket_id}"


class Reminder(models.Model):
    """When somebody wants to see a ticket again, and why. It moves no clock.

    `is_snooze`: until then it is not in their own view. `told_at`: the worker said that it is due.
    `done_at`: they have seen it, or set another one.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    note = models.CharField(max_length=200, default="", blank=True)
    is_snooze = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reminder_one_open",
                fields=["ticket", "person"],
                condition=Q(done_at__isnull=True),
            ),
        ]
        indexes = [
            # The worker asks every moment whom it has to remind.
            models.Index(
                name="reminder_due",
                fields=["due_at"],
                condition=Q(done_at__isnull=True, told_at__isnull=True),
            ),
            # The queue asks what one has put away until later.
            models.Index(
                name="reminder_away",
                fields=["person", "due_at"],
                condition=Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is reminded of ticket {self.ticket_id}"
