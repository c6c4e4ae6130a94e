"""Where the files of a run lie: an upload until it is read, then its columns; nothing else."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from tricorn.engine.errors import BadInput
from tricorn.insight.models import Replay

LARGEST = 4 * 1024**3
KEY = re.compile(r"[A-Za-z0-9_-]{8,32}")
ODD = re.compile(r"[^A-Za-z0-9._-]+")


def folder(key: str) -> Path:
    """Return the folder of a run."""
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key of a run.")
    return runs() / key


def runs() -> Path:
    return Path(settings.HOME) / "replays" / "runs"


def upload_of(replay: Replay) -> Path:
    """Return where the export lies until it has been read."""
    return export_at(replay.key, replay.file_name)


def export_at(key: str, name: str) -> Path:
    """Return where an export lies, under its own name: sentences about it name the file."""
    return folder(key) / "export" / safe(name)


def columns_of(replay: Replay) -> Path:
    return folder(replay.key) / "tickets.npz"


def take_in(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write an upload as it comes, never whole in memory; return its size and SHA-256.

    Errors  BadInput when it is empty or too large; then nothing is left of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    size, found = 0, hashlib.sha256()
    try:
        with open(path, "xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise BadInput(
                        f"The file is larger than {LARGEST // 1024**3} GB. Compress it with gzip, "
                        "or use tricorn replay.",
                        field="file",
                    )
                found.update(chunk)
                file.write(chunk)
        if not size:
            raise BadInput("The file is empty. Choose the export itself.", field="file")
    except BaseException:  # also when told to stop: no bytes stay that no row names
        shutil.rmtree(path.parent.parent, ignore_errors=True)
        raise
    return size, found.hexdigest()


def delete_export(replay: Replay) -> None:
    """Delete an export: it was read, or waited too long to be read otherwise."""
    shutil.rmtree(upload_of(replay).parent, ignore_errors=True)


def put_away(key: str) -> None:
    """Delete every file of a run."""
    shutil.rmtree(folder(key), ignore_errors=True)


def safe(name: str) -> str:
    """Return a file's own name as any folder can hold it: the last 60 of its plain letters."""
    return ODD.sub("_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")[-60:] or "file"
