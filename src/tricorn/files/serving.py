"""A stored file as an answer that no browser runs; who may have it, the caller has found out."""

from __future__ import annotations

from django.http import FileResponse, Http404

from tricorn.files.models import File
from tricorn.files.verbs import where

# What a browser may draw in place; everything else is only ever downloaded.
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
# What keeps its type as a download; anything else is just bytes.
KNOWN = PICTURES | {"application/pdf", "text/calendar", "text/csv", "text/plain", "application/zip"}
BYTES = "application/octet-stream"
ALONE = "default-src 'none'; sandbox"


def served(file: File, *, as_attachment: bool = True) -> FileResponse:
    """Return the file with its type if that is harmless; 404 when its bytes are gone."""
    try:
        content = where(file.stored_as).open("rb")
    except FileNotFoundError as problem:
        raise Http404("The file is not in its folder any more.") from problem
    media_type = file.media_type if file.media_type in KNOWN else BYTES
    response = FileResponse(
        content, as_attachment=as_attachment, content_type=media_type, filename=file.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = ALONE
    return response
