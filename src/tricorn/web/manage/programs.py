"""Programs that act for people here: whose, what they may do, when last; taken back if need be."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tricorn.parties.models import Token
from tricorn.parties.verbs import revoke_token
from tricorn.web.manage.answers import done, for_all, leaf, page
from tricorn.web.programs import scope_words
from tricorn.web.requests import TricornRequest


@for_all("edit_parties")
def programs(request: TricornRequest) -> HttpResponse:
    """Every token that opens something now; nobody reads a secret here."""
    tokens = Token.objects.valid(request.at).select_related("person")
    leaves = leaf(request, tokens.order_by("person__name", "-id"))
    context = {"page": leaves, "tokens": [(each, scope_words(each)) for each in leaves]}
    return page(request, "programs.html", "settings", context)


@for_all("edit_parties")
@require_POST
def program_revoke(request: TricornRequest, program: int) -> HttpResponse:
    """Take a token back, whosever it is."""
    found = get_object_or_404(Token.objects.select_related("person"), pk=program)
    revoke_token(found, by=request.actor, at=request.at)
    sentence = gettext("%(name)s of %(person)s has no access any more.")
    said = sentence % {"name": found.name, "person": found.person}
    return done(request, said, "manage:programs")
