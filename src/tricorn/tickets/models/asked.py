"""How it is at a place, by one tap of somebody who passes by: nobody is named or followed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.catalogue.models import Service
from tricorn.parties.models import Place


class PlaceRating(models.Model):
    """One tap: good (5), so-so (3) or bad (1), on the scale of a ticket's rating.

    `once` is made of what the form carried, so that a tap sent twice is one.
    """

    SCORES = (1, 3, 5)

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="ratings")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=15, default="", blank=True)
    once = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="place_rating_score", condition=Q(score__in=[1, 3, 5])),
            models.CheckConstraint(
                name="place_rating_reason",
                condition=Q(reason="")
                | Q(reason__in=["functionality", "reliability", "support"], score__lt=5),
            ),
        ]
        indexes = [
            # Reports ask for those of some months.
            models.Index(name="place_rating_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.score} of 5 at {self.place}"
