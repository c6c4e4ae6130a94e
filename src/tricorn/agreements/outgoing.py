"""What the worker does when a version came into force: plain files of it, for both sides to keep."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tricorn.agreements.files import FILES, signed_file
from tricorn.agreements.models import Version
from tricorn.journal.models import Line

KINDS = frozenset({"agreement.activated"})


def react(line: Line, at: datetime) -> None:
    """Write the version's PDF, TOML and JSON into the folder of signed agreements, each once.

    A file that is there already stays as it is: what was handed out is never written over.
    Errors  BadAgreement when what is stored is not what was signed; then nothing is written.
    """
    version = Version.objects.select_related("agreement").filter(pk=line.data["version"]).first()
    if version is None:
        return
    file = signed_file(version)
    folder = Path(settings.AGREEMENTS_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    for ending, (_, write) in FILES.items():
        path = folder / file.name(ending)
        if not path.exists():
            _write(path, write(file))


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(half, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
