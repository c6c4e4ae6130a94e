"""Serving the photo of a ticket or an article to whoever may see that; the caller has found it."""

from __future__ import annotations

from django.db.models import Model
from django.http import FileResponse, Http404

from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.journal.verbs import word


def photo_of(subject: Model, number: int) -> FileResponse:
    """Return one photo of this record; 404 when it is another's, or its bytes are gone."""
    rows = File.objects.filter(subject=word(subject), subject_id=subject.pk)
    file = rows.filter(pk=number).first()
    if file is None:
        raise Http404("No such photo.")
    try:
        content = where(file.stored_as).open("rb")
    except FileNotFoundError as problem:
        raise Http404("The photo is not in its folder any more.") from problem
    response = FileResponse(content, content_type=file.media_type, filename=file.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
