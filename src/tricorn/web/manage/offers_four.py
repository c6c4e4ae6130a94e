"""The four questions of a new agreement: which service, when, how fast, who approves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext

from tricorn.agreements import composing
from tricorn.agreements.composing import Fast
from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.models import Level, Service, ServiceHours
from tricorn.catalogue.verbs import promises_of
from tricorn.engine.hours import Hours
from tricorn.parties.models import Organisation
from tricorn.web.manage import offers_forms as asked
from tricorn.web.manage.fields import row_number
from tricorn.web.manage.hours_form import HoursForm

BOXES = {
    ("first_response", "urgent"): "urgent_first",
    ("first_response", "other"): "other_first",
    ("resolved", "urgent"): "urgent_resolved",
    ("resolved", "other"): "other_resolved",
}


class Four:
    """The forms of the first three questions; the fourth stands in the composer.

    `level` is what the page begins with. What is left empty means the level's usual hours and times.
    """

    def __init__(
        self,
        data: QueryDict | None,
        services: tuple[Service, ...],
        level: Level | None,
        *,
        zone: str,
        at: datetime,
    ) -> None:
        self.at = at
        levels = Level.objects.filter(service__in=services).select_related("service", "hours")
        self.level = level if data is None else _chosen(levels, data)
        levels = levels.order_by("service__name", "-is_default")
        self.what = asked.WhatForm(data, levels=levels, initial={"level": level})
        self.when = asked.WhenForm(data, initial={"hours": str(level.hours_id) if level else ""})
        fast = composing.fast_of(promises_of(level, at)) if level else None
        self.fast = asked.FastForm(data, prefix="fast", initial=vars(fast) if fast else {})
        is_own = data is not None and data.get("hours") == asked.OWN
        named = {"zone": zone, "name": gettext("Hours of its own")}
        self.own = HoursForm(data if is_own else None, prefix="own", initial=named)
        self.before = 0

    @property
    def forms(self) -> list[Form]:
        return [self.what, self.when, self.own, self.fast]

    @property
    def hours(self) -> Hours | None:
        """The hours that the second question answers now, for the picture beside it."""
        chosen = str(self.when["hours"].value() or "")
        if chosen == asked.OWN:
            is_right = self.own.is_bound and self.own.is_valid()
            return self.own.hours if is_right else None
        row = ServiceHours.objects.filter(pk=row_number(chosen) or 0).first()
        row = row or (self.level.hours if self.level else None)
        return schedule(row).hours if row else None

    def answer(self, head: dict[str, Any], rows: dict[str, Any], client: Organisation) -> None:
        """Put the answers before the rows that were added to them."""
        level: Level = self.what.cleaned_data["level"]
        others = [name for name in head["services"] if name != level.service.name]
        head["services"] = [level.service.name, *others]
        said = {"service": level.service, "client": client}
        head["title"] = head["title"] or gettext("%(service)s for %(client)s") % said
        rows["hours"] = [self._hours(level), *rows["hours"]]
        own = composing.promises(self.fast.fast)
        if not own and not any(row.get("target") for row in rows["clause"]):
            own = composing.clauses_of(promises_of(level, self.at))
        rows["clause"] = [*own, *rows["clause"]]
        self.before = len(own)
        if not any(row.get("scope") for row in rows["entitled"]):
            rows["entitled"] = [{"scope": "organisation", "name": client.name, "below": True}]

    def place(self, part: str, row: int, name: str) -> tuple[Form, str] | None:
        """Return the box that a row came from; None where it was one of the rows below."""
        if part == "hours" and row == 0:
            return self.when, "hours"
        if part != "clause" or row >= self.before:
            return None
        if name != "target":
            return self.fast, name
        own = composing.promises(self.fast.fast)
        if row >= len(own):
            return self.what, "level"
        which = "other" if own[row]["priorities"] == list(composing.OTHER) else "urgent"
        return self.fast, BOXES[own[row]["stop"], which]

    def shift(self, part: str) -> int:
        """How many rows of a part stand here, before those of the list below."""
        return {"hours": 1, "clause": self.before}.get(part, 0)

    def _hours(self, level: Level) -> dict[str, Any]:
        chosen = self.when.cleaned_data["hours"]
        if chosen == asked.OWN:
            return {"name": self.own.cleaned_data["name"], "hours": self.own.hours}
        row = ServiceHours.objects.get(pk=chosen) if chosen else level.hours
        return {"name": row.name[:80], "hours": schedule(row).hours}


def begun(part: str, level: Level | None, at: datetime) -> list[dict[str, Any]]:
    """Return the rows that a level brings along beside its four boxes: a price, odd promises."""
    if level is None:
        return []
    if part == "price" and level.price is not None:
        return [{"amount": f"{level.price:f}", "currency": level.currency, "per": level.per}]
    usual = promises_of(level, at) if part == "clause" else []
    if composing.fast_of(usual) is None:
        return [dict(row) for row in composing.clauses_of(usual)]
    return []


def fill(data: QueryDict, services: tuple[Service, ...], at: datetime) -> None:
    """Write a level's usual hours, times and price over what was sent for the boxes."""
    levels = Level.objects.filter(service__in=services).select_related("service", "hours")
    level = _chosen(levels, data)
    if level is None:
        return
    data["hours"] = str(level.hours_id)
    for key, each in vars(composing.fast_of(promises_of(level, at)) or Fast()).items():
        if isinstance(each, tuple):
            data.setlist(f"fast-{key}", list(each))
        else:
            data[f"fast-{key}"] = each
    for part in ("clause", "price"):
        rows = begun(part, level, at)
        if rows and data.get(f"{part}-TOTAL_FORMS", "0") == "0":
            _set_rows(data, part, rows)


def _chosen(levels: Any, data: QueryDict) -> Level | None:
    found: Level | None = levels.filter(pk=row_number(data.get("level", "")) or 0).first()
    return found


def _set_rows(data: QueryDict, part: str, rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    data[f"{part}-TOTAL_FORMS"] = str(len(found))
    for n, row in enumerate(found):
        for key, each in row.items():
            data.setlist(f"{part}-{n}-{key}", each if isinstance(each, list) else [each])
