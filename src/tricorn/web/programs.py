"""Access for programs: one's own tokens, made and taken back; the secret is shown once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from tricorn.engine.errors import BadInput
from tricorn.parties.models import Person, Token
from tricorn.parties.verbs import SCOPES, make_token, revoke_token
from tricorn.web.requests import TricornRequest

SCOPE_NAMES = {
    "tickets:read": _("read tickets with their files, problems and notices"),
    "tickets:write": _("report, answer and work on tickets"),
    "articles:read": _("read articles"),
    "articles:write": _("say what helped, and at the desk write articles"),
    "people:read": _("look up people and organisations"),
    "people:write": _("change people, organisations and places"),
    "services:read": _("read services and places"),
    "agreements:read": _("read agreements, and who may use what"),
}
DAYS = [("30", _("30 days")), ("90", _("90 days")), ("366", _("a year"))]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("The name of the program, so that you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do, of what you may do?"),
        choices=[(scope, SCOPE_NAMES[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that it may do.")},
    )
    days = forms.TypedChoiceField(label=_("For how long?"), choices=DAYS, coerce=int, initial="90")


@require_http_methods(["GET", "HEAD", "POST"])
def programs(request: TricornRequest) -> HttpResponse:
    """Show one's own tokens; make one, whose secret this answer alone holds."""
    person = request.who.person
    if person is None:
        return redirect_to_login(request.get_full_path())
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_token(person, by=request.actor, at=request.at, **form.cleaned_data)
        except BadInput as problem:
            field = str(problem.facts.get("field", ""))
            form.add_error(field if field in form.fields else None, str(problem))
        else:
            return _drawn(request, person, TokenForm(), secret=made.secret)
    return _drawn(request, person, form)


def _drawn(
    request: TricornRequest, person: Person, form: TokenForm, secret: str = ""
) -> HttpResponse:
    tokens = Token.objects.valid(request.at).filter(person=person)
    context: dict[str, Any] = {
        "form": form,
        "secret": secret,
        "tokens": [(token, scope_words(token)) for token in tokens],
    }
    return render(request, "sign_in/programs.html", context, status=422 if form.errors else 200)


def scope_words(token: Token) -> str:
    """Return what a token opens, in words."""
    return "; ".join(str(SCOPE_NAMES.get(scope, scope)) for scope in token.scopes)


@require_POST
def revoke(request: TricornRequest, program: int) -> HttpResponse:
    """Take one's own token back: it opens nothing any more."""
    person = request.who.person
    if person is None:
        return redirect_to_login(request.get_full_path())
    token = get_object_or_404(Token, pk=program, person=person)
    revoke_token(token, by=request.actor, at=request.at)
    messages.success(request, gettext("%(name)s has no access any more.") % {"name": token.name})
    return redirect("programs")
