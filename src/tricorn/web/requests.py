"""What a request of this house carries besides Django's: who acts, when, at which doors."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from tricorn.engine.roles import Door
from tricorn.journal.actor import VISITOR, Actor
from tricorn.parties.models import House, Person
from tricorn.parties.reads import the_house
from tricorn.standing.portrait import Portrait, portrait

if TYPE_CHECKING:

    class TricornRequest(HttpRequest):
        """The request as `WhoAndWhen` hands it on."""

        at: datetime
        who: Who
        actor: Actor
        htmx: HtmxDetails

else:
    TricornRequest = HttpRequest


class Who:
    """Who is at the door, read from the database only when somebody asks."""

    def __init__(self, request: HttpRequest, at: datetime) -> None:
        self._request = request
        self._at = at

    @cached_property
    def person(self) -> Person | None:
        """The person who is signed in; a visitor without a session costs no query."""
        if settings.SESSION_COOKIE_NAME not in self._request.COOKIES:
            return None
        user = cast(Any, self._request).user
        return cast(Person, user) if user.is_authenticated else None

    @cached_property
    def actor(self) -> Actor:
        return self.person.actor if self.person else VISITOR

    @cached_property
    def portrait(self) -> Portrait | None:
        """Everything known of the person at this instant; five queries, once per request."""
        return portrait(self.person.pk, self._at) if self.person else None

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """The doors that are open to whoever this is."""
        return self.portrait.doors() if self.portrait else (Door.REPORT,)

    @cached_property
    def house(self) -> House | None:
        return the_house()

    @property
    def zone(self) -> str:
        """The zone in which times are said: the person's own, else the house's."""
        return (self.person.zone if self.person else "") or self.house_zone

    @property
    def house_zone(self) -> str:
        """The zone that the house keeps its days in; UTC before it is set up."""
        return self.house.zone if self.house else "UTC"


def now() -> datetime:
    """The one place where the doors read the clock."""
    return timezone.now()
