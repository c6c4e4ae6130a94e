"""Storing files: the bytes reach the disk before the row that names them."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models

from tricorn.files.models import File
from tricorn.files.photos import clean_photo
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import word, write


def attach_photo(
    subject: models.Model, data: bytes, *, by: Actor, at: datetime, name: str = "photo.jpg"
) -> File:
    """Store a photo with `subject`, stripped of metadata. Called inside the subject's transaction.

    Errors  BadInput when it is no photo or too large; then nothing is stored.
    """
    cleaned, media_type = clean_photo(data)
    stored_as = f"{secrets.token_hex(16)}.jpg"
    path = where(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        file.write(cleaned)
        file.flush()
        os.fsync(file.fileno())
    row = File.objects.create(
        name=f"{Path(name).stem[:100] or 'photo'}.jpg",
        media_type=media_type,
        size=len(cleaned),
        sha256=hashlib.sha256(cleaned).hexdigest(),
        stored_as=stored_as,
        subject=word(subject),
        subject_id=subject.pk,
        added_at=at,
    )
    write(subject, f"{word(subject)}.file_added", by=by, at=at, file=row.pk, size=row.size)
    return row


def where(stored_as: str) -> Path:
    """Return the path of a stored file; two letters of it are the folder."""
    return Path(settings.FILES_ROOT) / stored_as[:2] / stored_as
