"""Agreements as signed: versions with their clauses, entitlements and signatures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person, Place
from tricorn.standing.models import Authority


class Agreement(models.Model):
    """What a client and the provider agreed on, from its first version on. `ref` is like A-7."""

    ref = models.CharField(max_length=40, unique=True)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="provided_agreements"
    )

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return self.ref


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self, at: datetime) -> VersionQuerySet:
        """Versions whose dates cover the instant; of several of one agreement, the newest holds."""
        begun = self.filter(from_at__lte=at).filter(Q(to_at__isnull=True) | Q(to_at__gt=at))
        newer = Version.objects.filter(
            agreement=models.OuterRef("agreement"),
            number__gt=models.OuterRef("number"),
            from_at__lte=at,
        )
        return begun.filter(~models.Exists(newer))


class Version(models.Model):
    """One signed version: its canonical text with its hash never changes.

    `from_at` to `to_at` is half-open: the local days of the text, in the zone of its hours.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    services = models.ManyToManyField(Service, related_name="versions")
    text = models.TextField()
    hash = models.CharField(max_length=64)
    zone = models.CharField(max_length=64)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(name="version_number_once", fields=["agreement", "number"]),
            models.CheckConstraint(
                name="version_ends_after_start",
                condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.ref} v{self.number}"

    @property
    def first_day(self) -> date:
        """Return the first day of the text, as its own zone has it."""
        return self.from_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date | None:
        """Return the last day of the text, which still counts; None where it names none."""
        if self.to_at is None:
            return None
        return self.to_at.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)


class Clause(models.Model):
    """One promise of a version, as rows for clocks to point at; the text is the version's."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="clauses")
    name = models.CharField(max_length=40)
    kinds = models.JSONField(default=list)
    priorities = models.JSONField(default=list)
    start = models.CharField(max_length=10)
    stop = models.CharField(max_length=20)
    hours = models.CharField(max_length=80)
    spec = models.JSONField()
    within = models.CharField(max_length=20)
    share = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    per = models.CharField(max_length=10)
    stopped_by = models.JSONField(default=list)

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.UniqueConstraint(name="clause_name_once", fields=["version", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class AgreedStep(models.Model):
    """One step of the chain that a version agrees on: when, who hears, and whether the client does.

    `number` is its place among all steps of the text, `services` the ids of those that it is for,
    none meaning all of the version; `person` whom it names, on record.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    services = models.JSONField(default=list)
    when = models.CharField(max_length=10)
    amount = models.PositiveIntegerField(default=0)
    whom = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    tells_client = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(name="agreed_step_once", fields=["version", "number"]),
        ]

    def __str__(self) -> str:
        return self.name


class IsEveryone(models.Func):
    """The condition of the partial index below, letter by letter: else SQLite ignores it."""

    template = "%(expressions)s = 'everyone'"
    output_field = models.BooleanField()


class Unindexed(models.Func):
    """A column that filters but does not lead: the rows come by another index."""

    template = "+%(expressions)s"


class Entitlement(models.Model):
    """Who a version covers: a person, organisation, group, everyone at a place, or everyone."""

    SCOPES = ("everyone", "group", "organisation", "person", "place")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="entitlements")
    scope = models.CharField(max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="entitlements"
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    includes_below = models.BooleanField(default=True)
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    services = models.ManyToManyField(Service, related_name="entitlements")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entitlement_scope",
                condition=Q(scope__in=["everyone", "group", "organisation", "person", "place"]),
            ),
        ]
        indexes = [
            # Who is covered without being named? Asked for every ticket and every page.
            models.Index(
                name="entitlement_everyone", fields=["version"], condition=Q(scope="everyone")
            ),
        ]

    def __str__(self) -> str:
        named = self.person or self.organisation or self.place
        return f"{self.scope} {named}" if named else self.scope


class Signature(models.Model):
    """Somebody signed (approved, where provision is internal) a version on a day. Stands for ever.

    `authority` is what they signed by, where it is on record; `acting_for` whom a deputy stood for.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    acting_for = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=10, default="", blank=True)
    capacity = models.CharField(max_length=120, default="", blank=True)
    on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(name="signature_once", fields=["version", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.on}"
