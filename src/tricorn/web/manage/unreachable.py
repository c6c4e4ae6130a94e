"""Addresses out of reach, behind Manage: letters to them came back, and none goes there any more."""

from __future__ import annotations

from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tricorn.parties.models import Person
from tricorn.tickets import verbs
from tricorn.tickets.models import Unreachable
from tricorn.web.manage.answers import done, for_all, leaf, page
from tricorn.web.manage.mailboxes import RIGHT
from tricorn.web.requests import TricornRequest


@for_all(RIGHT)
@require_safe
def unreachable(request: TricornRequest) -> HttpResponse:
    """All of them, newest first, with whose account has the address."""
    shown = leaf(request, Unreachable.objects.order_by("-since", "-id"))
    addresses = [each.address for each in shown]
    people = Person.objects.alias(_email=Lower("email")).filter(_email__in=addresses)
    by_address = {str(each.email).lower(): each for each in people}
    rows = [(each, by_address.get(each.address)) for each in shown]
    return page(request, "unreachable.html", "mailboxes", {"page": shown, "rows": rows})


@for_all(RIGHT)
@require_POST
def unreachable_lift(request: TricornRequest, unreachable: int) -> HttpResponse:
    """Somebody says that it works again."""
    found = get_object_or_404(Unreachable, pk=unreachable)
    verbs.lift_unreachable(found, by=request.actor, at=request.at)
    said = gettext("Letters go to %(address)s again.") % {"address": found.address}
    return done(request, said, "manage:unreachable")
