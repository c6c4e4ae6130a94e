"""Serving a file of a record to whoever may see the record; the caller has found the record."""

from __future__ import annotations

from django.db import models
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from tricorn.agreements.models import Assent, Offer
from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.journal.verbs import word


def signed_paper(offer: Offer, number: int) -> FileResponse:
    """Return the scanned paper of one signature on this offer; 404 when there is none."""
    papers = Assent.objects.filter(wording__option__offer=offer, method="paper")
    assent = get_object_or_404(papers, pk=number)
    file = File.objects.filter(subject=word(assent), subject_id=assent.pk).first()
    return paper_of(assent, file.pk if file else 0)


def paper_of(record: models.Model, number: int) -> FileResponse:
    """Return one file of this record as a download; 404 when it is another's, or its bytes are gone."""
    file = File.objects.filter(subject=word(record), subject_id=record.pk, pk=number).first()
    if file is None:
        raise Http404("No such file.")
    try:
        content = where(file.stored_as).open("rb")
    except FileNotFoundError as problem:
        raise Http404("The file is not in its folder any more.") from problem
    response = FileResponse(
        content, as_attachment=True, content_type=file.media_type, filename=file.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
