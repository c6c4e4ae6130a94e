"""Stored files: bytes in a folder, a row each; who may have one is decided by its owner's rule."""

from __future__ import annotations

from django.db import models


class File(models.Model):
    """One stored file. `subject` and `subject_id` name what it belongs to, which decides access."""

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            # What is attached to this ticket?
            models.Index(name="file_about", fields=["subject", "subject_id"]),
        ]

    def __str__(self) -> str:
        return self.name
