"""Rows that hold from one instant to another."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class InForce(models.QuerySet):
    """Rows with `since` and `until`: half-open, so one ends in the instant the next begins."""

    def at(self, at: datetime) -> Self:
        return self.filter(since__lte=at).filter(Q(until__isnull=True) | Q(until__gt=at))

    def unended(self, at: datetime) -> Self:
        """The rows that hold now or will: what somebody submits a second time is among them."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at))
