"""A signed version as a download, the same from every door."""

from __future__ import annotations

from django.http import HttpResponse

from tricorn.agreements import files
from tricorn.agreements.models import Version


def answer(version: Version, ending: str) -> HttpResponse:
    """Return the version as a file of this kind, with a name that any folder takes."""
    signed = files.signed_file(version)
    kind, write = files.FILES[ending]
    headers = {"Content-Disposition": f'attachment; filename="{signed.name(ending)}"'}
    return HttpResponse(write(signed), content_type=kind, headers=headers)
