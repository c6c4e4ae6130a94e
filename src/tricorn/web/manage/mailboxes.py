"""Mailboxes behind Manage: where letters come in, what they are about, whether they are reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.tickets import verbs
from tricorn.tickets.checks import NotReached, check_mailbox, consent_url, exchange
from tricorn.tickets.models import Arrival, Mailbox, Unreachable
from tricorn.tickets.reads.desk import services_on_offer
from tricorn.web import labels
from tricorn.web.address import address
from tricorn.web.choices import fill_choices
from tricorn.web.manage.answers import blame, done, for_all, page, posted
from tricorn.web.requests import TricornRequest

RIGHT = "edit_words"
CONSENT_WITHIN = timedelta(hours=1)
NOBODY_KNOWS = gettext_noop(
    "Where consent for this mailbox is asked for is not known here. Get a refresh token there, and "
    "paste it below."
)
NOT_ASKED = gettext_noop("Whoever came back asked too long ago. Ask for consent again.")
NOT_GIVEN = gettext_noop("The consent was not given, so nothing has changed. Ask for it again.")
TRANSPORTS = (
    ("imap", _("Tricorn fetches them (IMAP)")),
    ("lmtp", _("A mail server on this machine brings them (LMTP)")),
)
SECURITIES = (
    ("ssl", _("TLS from the first byte (port 993)")),
    ("starttls", _("TLS after a greeting (port 143)")),
    ("plain", _("None: only within this machine")),
)
SIGN_INS = (
    ("password", _("By its password")),
    ("refresh", _("By a token, with the mailbox's own consent (Google, Microsoft)")),
    ("client", _("By a token, as an application (Microsoft 365)")),
)
SEALED_NAMES = ("password", "client_secret", "refresh_token")
SEALED_HELP = _("Kept sealed, and never shown again. Empty: it stays as it is.")
# What is only asked for letters that are fetched, with a password, a token, or a consent.
WHEN = {
    **dict.fromkeys(("host", "port", "security", "login", "sign_in"), "when-fetched"),
    **dict.fromkeys(("folder", "done_folder"), "when-fetched"),
    "password": "when-fetched when-password",
    **dict.fromkeys(("token_url", "client_id", "client_secret"), "when-fetched when-token"),
    "scope": "when-fetched when-token",
    "refresh_token": "when-fetched when-token when-consent",
}


def _sealed(label: Any, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=SEALED_HELP,
    )


class MailboxForm(forms.Form):
    """An address, the service its letters are about, and how they come in."""

    address = forms.CharField(
        label=_("Address"), max_length=254, help_text=_("Like help@example.org.")
    )
    service = forms.ModelChoiceField(
        label=_("Letters there are about"), queryset=Service.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label=_("They are, until somebody says otherwise"))
    transport = forms.ChoiceField(label=_("How letters come in"), choices=TRANSPORTS)
    host = forms.CharField(
        label=_("Server"), required=False, max_length=253, help_text=_("Like imap.example.org.")
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    security = forms.ChoiceField(label=_("Safe line"), choices=SECURITIES)
    login = forms.CharField(label=_("Name to sign in with"), required=False, max_length=254)
    sign_in = forms.ChoiceField(
        label=_("It signs in"),
        choices=SIGN_INS,
        required=False,
        help_text=_("Google and Microsoft 365 take no password any more, only a token."),
    )
    password = _sealed(_("Password"), 500)
    token_url = forms.CharField(
        label=_("Where tokens are given"),
        required=False,
        max_length=500,
        help_text=_(
            "Google: https://oauth2.googleapis.com/token. Microsoft: "
            "https://login.microsoftonline.com/ORGANISATION/oauth2/v2.0/token."
        ),
    )
    client_id = forms.CharField(
        label=_("Client id"),
        required=False,
        max_length=254,
        help_text=_("What Google or Microsoft call the application that you made for Tricorn."),
    )
    client_secret = _sealed(_("Client secret"), 2000)
    scope = forms.CharField(
        label=_("Scope"),
        required=False,
        max_length=500,
        help_text=_(
            "Google: https://mail.google.com/. Microsoft, as an application: "
            "https://outlook.office365.com/.default."
        ),
    )
    refresh_token = _sealed(_("Refresh token"), 5000)
    folder = forms.CharField(
        label=_("Folder"), required=False, max_length=100, help_text=_("Empty: INBOX.")
    )
    done_folder = forms.CharField(
        label=_("Folder for what was fetched"),
        required=False,
        max_length=100,
        help_text=_("Empty: letters stay where they are, marked as read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(
            self,
            service=services_on_offer(),
            kind=[(code, label.words) for code, label in labels.KINDS.items()],
        )

    def parts(self) -> list[tuple[str, forms.BoundField]]:
        """Each field with the class that hides it where it is not asked for."""
        return [(WHEN.get(field.name, ""), field) for field in self]


@for_all(RIGHT)
def mailboxes(request: TricornRequest) -> HttpResponse:
    """All mailboxes, with what is wrong with them."""
    rows = Mailbox.objects.select_related("service").order_by("-is_open", "address")
    hidden = request.who.portrait.hidden if request.who.portrait else ()
    aside = Arrival.objects.filter(state="quarantined").exclude(mailbox__service__in=hidden).count()
    context = {
        "boxes": rows,
        "aside": aside,
        "unreached": Unreachable.objects.count(),
        "has_services": Service.objects.exists(),
    }
    return page(request, "mailboxes.html", "mailboxes", context)


@for_all(RIGHT)
def mailbox_add(request: TricornRequest) -> HttpResponse:
    """Let letters to one more address become tickets."""
    form = MailboxForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            box = verbs.add_mailbox(
                by=request.actor,
                at=request.at,
                address=given["address"],
                service=given["service"],
                kind=given["kind"],
                fetched=_fetched(given, is_new=True),
            )
        except BadInput as problem:
            blame(form, problem)
        else:
            said = gettext("%(address)s is there. Now try whether it is reached.")
            return done(request, said % {"address": box.address}, "manage:mailbox", box.pk)
    return page(request, "mailbox_add.html", "mailboxes", {"form": form}, form)


@for_all(RIGHT)
def mailbox(request: TricornRequest, mailbox: int) -> HttpResponse:
    """One mailbox: change it, try it, close it."""
    box = _found(mailbox)
    form = MailboxForm(posted(request), initial=_initial(box))
    if form.is_valid():
        given = form.cleaned_data
        try:
            verbs.change_mailbox(
                box,
                by=request.actor,
                at=request.at,
                address=given["address"],
                service=given["service"],
                kind=given["kind"],
                fetched=_fetched(given),
            )
        except (BadInput, StandingRefused) as problem:
            blame(form, problem)
        else:
            return done(request, gettext("It is saved."), "manage:mailbox", box.pk)
    return _shown(request, box, form)


@for_all(RIGHT)
@require_POST
def mailbox_close(request: TricornRequest, mailbox: int) -> HttpResponse:
    """Take no more letters there."""
    box = verbs.close_mailbox(_found(mailbox), by=request.actor, at=request.at)
    said = gettext("%(address)s is closed. What came stays.") % {"address": box.address}
    return done(request, said, "manage:mailbox", box.pk)


@for_all(RIGHT)
@require_POST
def mailbox_open(request: TricornRequest, mailbox: int) -> HttpResponse:
    """Take letters there again."""
    box = verbs.open_mailbox(_found(mailbox), by=request.actor, at=request.at)
    said = gettext("%(address)s is open again.") % {"address": box.address}
    return done(request, said, "manage:mailbox", box.pk)


@for_all(RIGHT)
@require_POST
def mailbox_test(request: TricornRequest, mailbox: int) -> HttpResponse:
    """Try whether it is reached; what is wrong is said on its page."""
    box = _found(mailbox)
    try:
        said = check_mailbox(box)
    except NotReached as problem:
        verbs.note_fetched(box, at=request.at, problem=str(problem))
        return _with_problem(request, box, str(problem))
    verbs.note_fetched(box, at=request.at)
    return done(request, said, "manage:mailbox", box.pk)


@for_all(RIGHT)
def mailbox_consent(request: TricornRequest, mailbox: int) -> HttpResponse:
    """Go to where the owner of a mailbox consents that Tricorn reads it."""
    box = _found(mailbox)
    state = _signed(request).sign_object(box.pk)
    if there := consent_url(box, _back(request), state):
        return redirect(there)
    return _with_problem(request, box, gettext(NOBODY_KNOWS))


@for_all(RIGHT)
def mailbox_consented(request: TricornRequest) -> HttpResponse:
    """Come back from there, with a code that is worth a refresh token, or with a no."""
    state = request.GET.get("state", "")
    try:
        box = _found(_signed(request).unsign_object(state, max_age=CONSENT_WITHIN))
    except BadSignature:
        messages.warning(request, gettext(NOT_ASKED))
        return redirect("manage:mailboxes")
    if not (code := request.GET.get("code", "")):
        return _with_problem(request, box, gettext(NOT_GIVEN))
    try:
        token = exchange(box, code[:5000], _back(request), state)
        verbs.consent(box, token, by=request.actor, at=request.at)
    except (NotReached, StandingRefused) as problem:
        return _with_problem(request, box, str(problem))
    said = gettext("The consent is there. Now try whether the mailbox is reached.")
    return done(request, said, "manage:mailbox", box.pk)


def _signed(request: TricornRequest) -> TimestampSigner:
    """Signs whose asking this is, so that no answer to anybody else's counts."""
    return TimestampSigner(salt=f"mailbox consent {request.actor.id}")


def _back(request: TricornRequest) -> str:
    return address(request, reverse("manage:mailbox-consented"))


def _with_problem(request: TricornRequest, box: Mailbox, problem: str) -> HttpResponse:
    box.last_problem = problem
    response = _shown(request, box, MailboxForm(initial=_initial(box)))
    response.status_code = 409
    return response


def _shown(request: TricornRequest, box: Mailbox, form: MailboxForm) -> HttpResponse:
    is_asked = box.sign_in == "refresh" and bool(consent_url(box, _back(request), ""))
    context = {"form": form, "box": box, "is_asked": is_asked, "back": _back(request)}
    return page(request, "mailbox.html", "mailboxes", context, form)


def _found(number: int) -> Mailbox:
    return get_object_or_404(Mailbox.objects.select_related("service"), pk=number)


def _initial(box: Mailbox) -> dict[str, Any]:
    names: tuple[str, ...] = ("address", "kind", "transport", "host", "port", "security")
    names = (*names, "login", "sign_in", "token_url", "client_id", "scope", "folder", "done_folder")
    return {name: getattr(box, name) for name in names} | {"service": box.service_id}


def _fetched(given: dict[str, Any], *, is_new: bool = False) -> verbs.Fetched:
    return verbs.Fetched(
        transport=given["transport"],
        host=given["host"],
        port=given["port"],
        security=given["security"],
        login=given["login"],
        folder=given["folder"],
        done_folder=given["done_folder"],
        sign_in=given["sign_in"] or "password",
        token_url=given["token_url"],
        client_id=given["client_id"],
        scope=given["scope"],
        **{name: given[name] if given[name] or is_new else None for name in SEALED_NAMES},
    )
