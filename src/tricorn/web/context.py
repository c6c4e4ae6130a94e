"""What every page knows: the provider, the doors open to the reader, the number to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tricorn.demo.people import people
from tricorn.engine.roles import Door
from tricorn.notices.reads import unread

DOOR_NAMES = {
    Door.REPORT: _("Report"),
    Door.MY: _("My services"),
    Door.DECIDE: _("Decide"),
    Door.DESK: _("Desk"),
    Door.MANAGE: _("Manage"),
}
DOOR_URLS = {
    Door.REPORT: "report:front",
    Door.MY: "my:front",
    Door.DECIDE: "decide:front",
    Door.DESK: "desk:queue",
    Door.MANAGE: "manage:front",
}


@dataclass(frozen=True)
class DoorLink:
    """One door in the bar."""

    key: str
    url: str
    name: str
    current: bool


def house(request: HttpRequest) -> dict[str, Any]:
    """Return what the base template needs. Costs nothing that the request has not read already."""
    who = getattr(request, "who", None)
    if who is None:
        return {"provider_name": "Tricorn", "doors": [], "door": "", "person": None, "zone": "UTC"}
    match = request.resolver_match
    current = match.namespaces[0] if match and match.namespaces else ""
    found = who.house
    return {
        "provider_name": found.provider.name if found else "Tricorn",
        "danger_number": found.danger_number if found else "",
        "doors": door_links(who.doors, current) if who.person else [],
        "door": current if current in set(Door) else "",
        "person": who.person,
        "zone": who.zone,
        # Asked where it is shown: a part of a page, and a visitor, cost nothing.
        "unread": lambda: unread(who.person.pk, _at(request)) if who.person else 0,
        "help_url": reverse("report:help"),
        "demo_people": people(who.person) if found and found.is_demonstration else [],
    }


def _at(request: HttpRequest) -> datetime:
    asked: Any = request
    return cast(datetime, asked.at)


def door_links(doors: tuple[Door, ...], current: str) -> list[DoorLink]:
    """Return the bar for who has several doors; with one door there is no bar.

    Report alone beside one other door is no choice worth a bar.
    """
    own = [door for door in doors if door is not Door.REPORT]
    if len(own) < 2:
        return []
    return [
        DoorLink(door.value, reverse(DOOR_URLS[door]), str(DOOR_NAMES[door]), door.value == current)
        for door in doors
    ]
