"""What the API remembers of a request, so that the same one twice is done once."""

from __future__ import annotations

from django.db import models

from tricorn.parties.models import Token


class Answered(models.Model):
    """The answer to a request that carried an Idempotency-Key, kept for a day.

    `request` is the hash of what was asked: the same key for something else is refused.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=200, default="", blank=True)
    body = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "answered"
        constraints = [
            models.UniqueConstraint(name="answered_once", fields=["token", "key"]),
        ]
        indexes = [
            # Which answers are older than a day?
            models.Index(name="answered_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.status} to {self.key}"
