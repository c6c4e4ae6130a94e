"""Storing files: the bytes reach the disk before the row that names them."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models, transaction

from tricorn.engine.errors import BadInput
from tricorn.files.models import File
from tricorn.files.photos import LARGEST, clean_photo
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import word, write

STRAY_AFTER = timedelta(days=1)


def attach_photo(
    subject: models.Model, data: bytes, *, by: Actor, at: datetime, name: str = "photo.jpg"
) -> File:
    """Store a photo with `subject`, stripped of metadata. Called last in the subject's transaction.

    Errors  BadInput when it is no photo or too large; then nothing is stored.
    """
    cleaned, media_type = clean_photo(data)
    return _store(subject, cleaned, media_type, "jpg", name, by=by, at=at)


def attach(subject: models.Model, data: bytes, *, by: Actor, at: datetime, name: str) -> File:
    """Store a scanned page: a PDF as it is, or a photo stripped of metadata. Called last.

    A page is evidence, so the line carries its hash; a photo of a ticket leaves none behind.
    Errors  BadInput when it is neither, or too large; then nothing is stored.
    """
    if not data.startswith(b"%PDF-"):
        cleaned, media_type = clean_photo(data)
        return _store(subject, cleaned, media_type, "jpg", name, by=by, at=at, is_proof=True)
    if len(data) > LARGEST:
        raise BadInput(
            f"The file has {len(data) / 1048576:.0f} MB; at most 10 MB fit. Send a smaller one.",
            field="file",
        )
    return _store(subject, data, "application/pdf", "pdf", name, by=by, at=at, is_proof=True)


def attach_any(
    subject: models.Model, data: bytes, *, name: str, media_type: str, by: Actor, at: datetime
) -> File:
    """Store a file of any kind as it is, under its name. Who serves it must not trust its type."""
    ending = "".join(c for c in Path(name).suffix[1:].lower() if c.isascii() and c.isalnum())[:10]
    return _store(subject, data, media_type[:100], ending or "bin", name, by=by, at=at)


def _store(
    subject: models.Model,
    data: bytes,
    media_type: str,
    ending: str,
    name: str,
    *,
    by: Actor,
    at: datetime,
    is_proof: bool = False,
) -> File:
    stored_as = f"{secrets.token_hex(16)}.{ending}"
    path = where(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with transaction.atomic():
            row = File.objects.create(
                name=f"{_shown(Path(name).stem)[:100] or 'photo'}.{ending}",
                media_type=media_type,
                size=len(data),
                sha256=hashlib.sha256(data).hexdigest(),
                stored_as=stored_as,
                subject=word(subject),
                subject_id=subject.pk,
                added_at=at,
            )
            write(
                subject,
                f"{word(subject)}.file_added",
                by=by,
                at=at,
                file=row.pk,
                size=row.size,
                **({"sha256": row.sha256} if is_proof else {}),
            )
    except BaseException:  # also when told to stop: no bytes stay that no row names
        path.unlink(missing_ok=True)
        raise
    return row


def remove_strays(*, at: datetime) -> int:
    """Remove stored files that no row names, and say how many: what a crash before the commit left.

    A file of the last day may belong to a transaction that still runs, and is left alone.
    """
    old = [
        path
        for path in Path(settings.FILES_ROOT).glob("??/*")
        if at.timestamp() - path.stat().st_mtime > STRAY_AFTER.total_seconds()
    ]
    known = set(File.objects.values_list("stored_as", flat=True)) if old else set()
    strays = [path for path in old if path.name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _shown(name: str) -> str:
    return "".join(c for c in name if c.isprintable())


def where(stored_as: str) -> Path:
    """Return the path of a stored file; two letters of it are the folder."""
    return Path(settings.FILES_ROOT) / stored_as[:2] / stored_as
