"""Beginning a run on an export, how far reading it is, and reading it otherwise when it failed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from tricorn.engine import agreement as text
from tricorn.engine.errors import BadInput
from tricorn.insight.models.replay import clients_of
from tricorn.insight.replays import files, verbs
from tricorn.insight.replays.reads import RunShown
from tricorn.insight.replays.sources import sources_for_client, sources_for_house
from tricorn.insight.scope import parties
from tricorn.parties.models import Organisation
from tricorn.web.manage.hours_form import zones
from tricorn.web.replays.beginning import blame
from tricorn.web.replays.file_told import on_page
from tricorn.web.replays.side import Side, drawn, found, known, may_begin
from tricorn.web.replays.uploading import ReadingForm, UploadForm
from tricorn.web.requests import TricornRequest

GIGABYTE = 1024**3


def upload(request: TricornRequest, side: Side) -> HttpResponse:
    """Take an export in; reading it follows, and the run's page shows how far it is."""
    if not may_begin(request, side):
        raise Http404("Nothing to try.")
    _, house = known(request)
    clients = _clients(request) if side.is_client else []
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        agreements=_agreements(request, side),
        clients=clients,
        initial={"zone": house.zone, "today": "learn"},
    )
    if side.is_client and not clients:
        raise Http404("There is nobody for whom to try it.")
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        given = verbs.Upload(
            data["file"].name or "file",
            data["file"].chunks(),
            data["zone"].strip(),
            data["format"],
            data["map_text"],
            learns=data["today"] == "learn",
        )
        client = next((each for each in clients if each.pk == data.get("client")), None)
        try:
            run = verbs.upload_replay(
                given,
                by=request.actor,
                at=request.at,
                name=data["name"],
                client=client or (clients[0] if clients else None),
                for_client=side.is_client,
                present=form.present,
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return redirect(side.to["run"], run.key)
    context = {"form": form, "zones": zones(), "largest": files.LARGEST // GIGABYTE}
    return drawn(request, side, "upload.html", context, form)


@require_safe
def progress(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """How far the worker is; when it is done the browser is sent to the page that shows it."""
    run = found(request, side, key)
    if run.replay.state not in ("reading", "simulating"):
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return redirect(side.to["run"], key)
    return drawn(request, side, "_progress.html", {"run": run})


@require_POST
def again(request: TricornRequest, side: Side, key: str) -> HttpResponse:
    """Read the file that failed once more, otherwise."""
    run = found(request, side, key)
    form = ReadingForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            verbs.read_again(
                run.replay,
                by=request.actor,
                at=request.at,
                zone=data["zone"].strip(),
                format=data["format"],
                map_text=data["map_text"],
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            return redirect(side.to["run"], key)
    return failed(request, side, run, form)


def reading(request: TricornRequest, side: Side, run: RunShown) -> HttpResponse:
    return drawn(request, side, "reading.html", {"run": run})


def failed(
    request: TricornRequest, side: Side, run: RunShown, form: ReadingForm | None = None
) -> HttpResponse:
    replay = run.replay
    is_here = replay.source == "upload" and files.upload_of(replay).is_file()
    initial: dict[str, Any] = {
        "zone": replay.zone,
        "format": replay.format if replay.format != "map" else "",
        "map_text": replay.map_text,
    }
    context = {
        "run": run,
        "problem": on_page(replay.problem),
        "form": form or ReadingForm(initial=initial),
        "zones": zones(),
        "may_again": run.is_mine and is_here,
    }
    return drawn(request, side, "failed.html", context, form)


def _clients(request: TricornRequest) -> list[Organisation]:
    portrait, _ = known(request)
    mine = clients_of(portrait, [party.agreement for party in parties(portrait)])
    return list(Organisation.objects.filter(pk__in=mine).order_by("name"))


def _agreements(request: TricornRequest, side: Side) -> dict[str, text.Agreement]:
    """Return the texts in force by their refs: those that one reads, or of what one manages."""
    portrait, house = known(request)
    if side.is_client:
        found = sources_for_client(portrait, request.at, house.fewest)
    else:
        found = sources_for_house(portrait, request.at, house.zone)
    return {
        each.agreement.ref: each.present
        for each in found
        if each.agreement is not None and each.present is not None
    }
