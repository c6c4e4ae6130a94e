"""Facts with evidence and dates, uses, staff duties. Roles are derived, never stored."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Organisation, Person, Place
from tricorn.standing.models.period import InForce

# Facts that stand as rows. `used`, `days` and `span` come from uses, `ident` from having a name.
FACT_KINDS = (
    "accept",
    "alternative",
    "aware",
    "budget",
    "entitled",
    "invoice",
    "linemgr",
    "mutual",
    "orders",
    "oversees",
    "paid",
    "recognised",
    "signed",
    "voice",
)
# What a manager records by hand, since no record brings it yet.
RECORDED_BY_HAND = (
    "accept",
    "alternative",
    "budget",
    "invoice",
    "linemgr",
    "mutual",
    "orders",
    "oversees",
    "paid",
    "recognised",
)
DUTIES = ("desk", "manage")


class Fact(models.Model):
    """One observable fact about a person, an organisation, or everybody at a place, for a service.

    Exactly one of person, organisation, place says whom it is about. No service means: every
    service of the provider. `funder` is the party that pays for an entitlement.
    """

    kind = models.CharField(max_length=20)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="facts"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="facts"
    )
    includes_below = models.BooleanField(default=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="facts"
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="facts"
    )
    funder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="funded"
    )
    evidence = models.CharField(max_length=60)
    evidence_id = models.BigIntegerField(null=True, blank=True)
    words = models.CharField(max_length=200, default="", blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField()

    objects = InForce.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="fact_kind", condition=Q(kind__in=FACT_KINDS)),
            models.CheckConstraint(
                name="fact_about_one",
                condition=(
                    Q(person__isnull=False, organisation__isnull=True, place__isnull=True)
                    | Q(person__isnull=True, organisation__isnull=False, place__isnull=True)
                    | Q(person__isnull=True, organisation__isnull=True, place__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="fact_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            # The same evidence says the same thing once.
            models.UniqueConstraint(
                name="fact_person_once",
                fields=["person", "kind", "evidence", "evidence_id", "service"],
                condition=Q(person__isnull=False, evidence_id__isnull=False),
            ),
        ]
        indexes = [
            # What holds for this person, this organisation, this place?
            models.Index(name="fact_person", fields=["person", "kind"]),
            models.Index(name="fact_organisation", fields=["organisation", "kind"]),
            models.Index(name="fact_place", fields=["place", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words or self.evidence}"


class Use(models.Model):
    """A service was used: by a ticket, a tally at the front desk, or an imported usage row.

    Never evidence of a relationship: it makes `used`, `days` and `span`, nothing else.
    """

    SOURCES = ("tally", "ticket", "usage")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="uses"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="uses")
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="uses"
    )
    host = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted"
    )
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    on = models.DateField()
    source = models.CharField(max_length=10)
    source_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="use_source", condition=Q(source__in=["tally", "ticket", "usage"])
            ),
            models.UniqueConstraint(
                name="use_source_once",
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
            ),
        ]
        indexes = [
            # Has this person used this service, on how many days, since when? Answered from the
            # index alone: a page of the queue asks it of forty persons with all their years.
            models.Index(name="use_person", fields=["person", "service", "on", "at"]),
            # How often was this service used in a month, at which place?
            models.Index(name="use_service", fields=["service", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.service} on {self.on}"


class Duty(models.Model):
    """Somebody of the provider works at the desk, or manages, for one service or all."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties")
    duty = models.CharField(max_length=10)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="duties"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(name="duty_known", condition=Q(duty__in=DUTIES)),
        ]
        indexes = [
            # Which doors are open to this person? Asked on every page.
            models.Index(name="duty_person", fields=["person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.duty}"
