"""Import: a file is looked at first (every bad row by line and column), then taken in."""

from __future__ import annotations

import gzip
import secrets
import shlex
import shutil
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.histories.map import parse_map, shipped_maps
from tricorn.parties.verbs import known_zone
from tricorn.tickets.imports import (
    Batch,
    ImportReport,
    load_map,
    read_mapped,
    read_servicenow,
    store,
)
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, for_all, page, posted
from tricorn.web.manage.hours_form import zones
from tricorn.web.requests import TricornRequest

# What takes longer than a few seconds belongs to the command line, which shows its progress.
MOST_ROWS = 5_000
LARGEST = 20 * 1024 * 1024
# A file that was looked at and not imported is kept for a day.
KEPT = timedelta(days=1)
SHOWN_PROBLEMS = 200
FORMATS = {
    "servicenow": _("An incident log of ServiceNow, one row per update"),
    "csv": _("Any table (CSV), one row per ticket, with a map"),
}
SALT = "tricorn.web.manage.imports"


@dataclass(frozen=True)
class Given:
    """A file that was handed in, and how it is to be read."""

    path: Path
    format: str
    zone: str
    service: int
    map_name: str
    map_text: str

    def sealed(self) -> str:
        """Return this as a text that a form may carry, because only we can write it."""
        data = {**self.__dict__, "path": [self.path.parent.name, self.path.name]}
        return signing.dumps(data, salt=SALT)

    @classmethod
    def opened(cls, sealed: str) -> Given:
        """Read it back. Errors: BadInput when it is not ours, too old, or the file is gone."""
        try:
            data = signing.loads(sealed, salt=SALT, max_age=KEPT)
        except signing.BadSignature as problem:
            raise BadInput("This look is too old. Choose the file again.", file="") from problem
        token, name = data.pop("path")
        given = cls(path=folder() / token / name, **data)
        if not given.path.is_file():
            raise BadInput("The file was imported or put away. Choose it again.", file="")
        return given


class ImportForm(forms.Form):
    """The file, what it is, in which zone its times are, which service it is about."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A table as text (CSV), gzipped or not, up to 20 MB."),
        error_messages={"required": _("Choose the file first.")},
    )
    format = forms.ChoiceField(
        label=_("What is it?"), choices=list(FORMATS.items()), widget=forms.RadioSelect
    )
    zone = forms.CharField(
        label=_("Time zone of its times"),
        max_length=64,
        help_text=_("Times that say no zone are read in this one."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    service = forms.ModelChoiceField(
        label=_("Which service is it about?"),
        queryset=Service.objects.all(),
        empty_label=_("choose one"),
        error_messages={"required": _("Choose the service: its hours and promises will count.")},
    )
    map_name = forms.ChoiceField(label=_("Map, for a table"), required=False)
    map_text = forms.CharField(
        label=_("Or a map of your own"),
        required=False,
        max_length=100_000,
        help_text=_("TOML that says which column means what."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = [(name, name) for name in shipped_maps()]
        fill_choices(self, map_name=[("", _("none")), *shipped])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 20 MB. Use the command below."))
        is_table = data.get("format") == "csv"
        if is_table and not data.get("map_name") and not data.get("map_text"):
            self.add_error("map_text", _("A table needs a map: choose one, or write your own."))
        return data


@for_all("import")
def imports(request: TricornRequest) -> HttpResponse:
    """Look at a file, then take it in. Large files get the exact command instead."""
    if "sealed" in request.POST:
        return _take_in(request)
    zone = request.who.house_zone
    form = ImportForm(
        posted(request), request.FILES or None, initial={"zone": zone, "format": "servicenow"}
    )
    if form.is_bound and form.is_valid():
        put_away_old(request.at)
        try:
            given = _receive(form)
            if is_long(given.path):
                return page(request, "import_long.html", "import", {"command": command(given)})
            batch = _read(given)
            report = _store(given, batch, request, dry_run=True)
        except BadInput as problem:
            blame(form, problem)
        else:
            context = {**_report(batch, report), "sealed": given.sealed(), "name": given.path.name}
            return page(request, "import_look.html", "import", context)
    return _form(request, form)


def _take_in(request: TricornRequest) -> HttpResponse:
    """Take in the file that was looked at; the same file twice changes nothing the second time."""
    try:
        given = Given.opened(request.POST["sealed"])
        batch = _read(given)
        report = _store(given, batch, request, dry_run=False)
    except BadInput as problem:
        refused = _form(request, ImportForm(), sentence=str(problem))
        refused.status_code = 422
        return refused
    shutil.rmtree(given.path.parent, ignore_errors=True)
    context = {**_report(batch, report), "name": given.path.name}
    return page(request, "import_done.html", "import", context)


def _form(request: TricornRequest, form: ImportForm, sentence: str = "") -> HttpResponse:
    context = {
        "sentence": sentence,
        "form": form,
        "zones": zones(),
        "has_service": Service.objects.exists(),
        "most": MOST_ROWS,
    }
    return page(request, "import.html", "import", context, form)


def _receive(form: ImportForm) -> Given:
    """Keep the file where a second request finds it. Errors: BadInput for an unknown zone."""
    data = form.cleaned_data
    zone = known_zone(data["zone"].strip())
    file: UploadedFile = data["file"]
    place = folder() / secrets.token_urlsafe(16)
    place.mkdir(parents=True)
    path = place / _name_of(file)
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return Given(
        path=path,
        format=data["format"],
        zone=zone,
        service=data["service"].pk,
        map_name=data["map_name"],
        map_text=data["map_text"],
    )


def _name_of(file: UploadedFile) -> str:
    """Return the file's own name as a folder can hold it: its last 60 letters, and no path."""
    try:
        return get_valid_filename(Path(file.name or "").name)[-60:]
    except SuspiciousFileOperation:
        return "file"


def _read(given: Given) -> Batch:
    zone = ZoneInfo(given.zone)
    if given.format == "servicenow":
        return read_servicenow(given.path, zone=zone)
    found = (
        parse_map(given.map_text, gettext("The map"))
        if given.map_text
        else load_map(given.map_name)
    )
    if "service" in found.columns:
        raise BadInput(
            "The map reads the service from a column. Here all rows go to one service: leave "
            "that column out of the map, or use tricorn import csv.",
            map_text="",
        )
    return read_mapped(given.path, found, zone=zone)


def _store(given: Given, batch: Batch, request: TricornRequest, *, dry_run: bool) -> ImportReport:
    service = Service.objects.filter(pk=given.service).first()
    if service is None:
        raise BadInput("This service is gone. Choose another one.", service="")
    return store(batch.records, service, by=request.actor, at=request.at, dry_run=dry_run)


def _report(batch: Batch, report: ImportReport) -> dict[str, Any]:
    problems = [*batch.problems, *report.problems]
    return {
        "report": report,
        "rows": batch.rows,
        "refused": len({problem.line for problem in problems}),
        "problems": problems[:SHOWN_PROBLEMS],
        "more": max(len(problems) - SHOWN_PROBLEMS, 0),
    }


def is_long(path: Path) -> bool:
    """Whether the file has more lines than a request should wait for; gzip is looked into."""
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        plain = cast("IO[bytes]", gzip.GzipFile(fileobj=file) if start == b"\x1f\x8b" else file)
        lines = size = 0
        try:
            while block := plain.read(1 << 16):
                lines += block.count(b"\n")
                size += len(block)
                if lines > MOST_ROWS or size > LARGEST:
                    return True
        except (OSError, EOFError, zlib.error) as problem:
            raise BadInput("The file is gzipped and broken. Save it again.", file="") from problem
    return False


def command(given: Given) -> str:
    """Return what to type instead, for this file, zone and service."""
    service = Service.objects.get(pk=given.service).name
    parts = ["./tricorn", "import", given.format, given.path.name, "--zone", given.zone]
    if given.format == "csv":
        parts += ["--map", given.map_name or "MAP.toml"]
    return shlex.join([*parts, "--service", service])


def folder() -> Path:
    """Where files wait between the look and the import."""
    return Path(settings.HOME) / "imports"


def put_away_old(at: datetime) -> None:
    """Delete what was looked at more than a day ago and not imported."""
    for place in folder().glob("*"):
        if place.is_dir() and at.timestamp() - place.stat().st_mtime > KEPT.total_seconds():
            shutil.rmtree(place, ignore_errors=True)
