"""Who there is: persons, organisations as a tree, memberships over time, places."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from tricorn.journal.actor import Actor


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody with a name: the one table of identity, also for signing in.

    What a person is for a service (client, customer, user) is never stored here: it is derived
    from facts. Who reports anonymously is no person.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, null=True, blank=True)
    zone = models.CharField(max_length=64, default="", blank=True)
    language = models.CharField(max_length=10, default="", blank=True)
    is_active = models.BooleanField(default=True)
    source = models.CharField(max_length=60, default="", blank=True)
    source_id = models.CharField(max_length=120, default="", blank=True)
    made_at = models.DateTimeField()
    # Two records of one human: this one has gone into the other, and signs nobody in.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.UniqueConstraint(
                name="person_source_once",
                fields=["source", "source_id"],
                condition=~Q(source=""),
            ),
            models.CheckConstraint(
                name="person_merged_is_gone",
                condition=Q(merged_into__isnull=True) | Q(is_active=False, email__isnull=True),
            ),
        ]
        indexes = [
            # Choosing a person by the beginning of the name.
            models.Index(Lower("name"), name="person_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor("person", self.pk)


class PersonsMerged(models.Model):
    """That two records of one human became one: what moved, so that exactly this moves back.

    `moved` has the ids of rows by where they point from ("tickets.Ticket.requester"); `was_active`
    is whether the record that went could sign in.
    """

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="took_in")
    vanished = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="went_into")
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    was_active = models.BooleanField(default=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "persons merged"
        constraints = [
            models.CheckConstraint(name="persons_merged_are_two", condition=~Q(kept=F("vanished"))),
            models.UniqueConstraint(
                name="persons_merged_once", fields=["vanished"], condition=Q(undone_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vanished_id} into {self.kept_id}"


class Alias(models.Model):
    """Another address of somebody: mail from it is theirs. Nobody signs in by it."""

    address = models.EmailField(max_length=254)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="aliases")
    merge = models.ForeignKey(
        PersonsMerged, on_delete=models.PROTECT, null=True, blank=True, related_name="aliases"
    )

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(Lower("address"), name="alias_once"),
        ]

    def __str__(self) -> str:
        return f"an address of {self.person_id}"


class Organisation(models.Model):
    """A company, department or team, possibly part of a larger one.

    `path` is the chain of ids from the root ("/3/17/"), so that "this and all below" is one prefix.
    """

    name = models.CharField(max_length=200, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=500, default="", blank=True)
    # Provision is internal when provider and client belong to one house: then people approve, not sign.
    is_provider = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        indexes = [
            # Everything below one organisation.
            models.Index(name="organisation_path", fields=["path"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def above(self) -> list[int]:
        """The ids from the root down to this organisation itself."""
        return [int(part) for part in self.path.split("/") if part]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def at(self, at: datetime) -> MembershipQuerySet:
        return self.filter(since__lte=at).filter(Q(until__isnull=True) | Q(until__gt=at))


class Membership(models.Model):
    """A person belongs to an organisation from one day to another; several at once are usual."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    title = models.CharField(max_length=120, default="", blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_once", fields=["person", "organisation", "since"]
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.organisation}"


class Place(models.Model):
    """Where a service is met: a reception, a lift, a reading room. Its address is /at/<slug>/."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    within = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="inside"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    is_open_to_reports = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TokenQuerySet(models.QuerySet["Token"]):
    def valid(self, at: datetime) -> TokenQuerySet:
        """Those that open something now: not taken back, not over, of somebody who may sign in."""
        return self.filter(revoked_at__isnull=True, ends_at__gt=at, person__is_active=True)


class Token(models.Model):
    """What a program shows to act for a person, within its scopes, until a day.

    Only the hash of it is kept; `hint` are its first letters, by which its person knows it again.
    `used_at` is coarse: written once an hour at most.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    hint = models.CharField(max_length=16)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="token_ends_after_it_was_made", condition=Q(ends_at__gt=F("made_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class House(models.Model):
    """The one row of this installation: who provides, in which zone, under which words."""

    SECTORS = ("building", "it", "library", "other")

    provider = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=10, default="other")
    zone = models.CharField(max_length=64, default="UTC")
    danger_number = models.CharField(max_length=40, default="", blank=True)
    scheme = models.CharField(max_length=30, default="fm")
    labels = models.JSONField(default=dict, blank=True)
    public_url = models.CharField(max_length=200, default="", blank=True)
    fewest = models.PositiveSmallIntegerField(default=5)
    is_demonstration = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="house_only_one", condition=Q(id=1)),
            models.CheckConstraint(name="house_fewest_at_least_three", condition=Q(fewest__gte=3)),
        ]

    def __str__(self) -> str:
        return self.provider.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
