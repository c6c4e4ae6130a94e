"""What the API remembers of requests: the same one twice is done once, and none asks too often."""

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


class Pace(models.Model):
    """How many requests of a token in a minute the processes have told one another of.

    Source  docs/decisions/0019-pace.md
    """

    token = models.OneToOneField(
        Token, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    minute = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "paces"

    def __str__(self) -> str:
        return f"{self.count} of token {self.token_id}"
