"""The demonstration's people: each one click away, without mail, on a demonstration's database only."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tricorn.parties.models import House, Person
from tricorn.prepared import Prepared

SOURCE = "demonstration"
PEOPLE = Prepared(
    lambda: (
        Person.objects.filter(source=SOURCE)
        .order_by("source_id")
        .values_list("pk", "name", "source_id")
    )
)


@dataclass(frozen=True)
class DemoPerson:
    """One button in the demonstration bar."""

    name: str
    what: str
    url: str
    current: bool


def people(current: Person | None) -> list[DemoPerson]:
    """Return the buttons of the bar, in the order of the stories; the visitor has no account."""
    buttons = [
        DemoPerson(
            name=name.split()[0],
            what=story.split(" ", 1)[-1],
            url=reverse("demo-enter", args=[number]),
            current=current is not None and current.pk == number,
        )
        for number, name, story in PEOPLE.rows()
    ]
    visitor = DemoPerson(
        name=_("A visitor"),
        what=_("at reception"),
        url=reverse("demo-leave"),
        current=current is None,
    )
    return [visitor, *buttons]


def is_demonstration() -> bool:
    return House.objects.filter(is_demonstration=True).exists()
