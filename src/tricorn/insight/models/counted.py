"""Months as they were counted: what clients have read stays what they read."""

from __future__ import annotations

from django.db import models

from tricorn.agreements.models import Agreement


class Counted(models.Model):
    """The figures of one agreement's month, as read at one moment with one smallest count.

    `tickets` is how many there were: when an import brings more, the month is counted again.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="counted")
    month = models.CharField(max_length=7)
    read_at = models.DateTimeField()
    fewest = models.PositiveSmallIntegerField()
    tickets = models.PositiveIntegerField()
    figures = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "counted"
        constraints = [
            models.UniqueConstraint(
                name="counted_once", fields=["agreement", "month", "read_at", "fewest"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} in {self.month}"
