"""Versions to which the clocks that run are moved, because both sides signed that they do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tricorn.agreements.models import Version


class Move(models.Model):
    """One version whose text moves the running clocks of its agreement, from `at` on.

    `last_ticket` is how far the worker has come; `done_at` says that it is through.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="move")
    at = models.DateTimeField()
    last_ticket = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The worker asks every moment which versions have begun and still have clocks to move.
            models.Index(name="move_due", fields=["at"], condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"clocks go on by {self.version}"
