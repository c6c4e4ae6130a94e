"""Signing in: by a mailed code or a password, through allauth. Nobody signs up by themselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from tricorn.web import me, programs
from tricorn.web.address import address


class Adapter(DefaultAccountAdapter):
    """Lets allauth mail through the house's deliveries, and keeps signing up closed."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code that we mailed. Look again, or ask for another."),
        "email_password_mismatch": _(
            "Address and password do not belong together. Try again, or have a code mailed to you."
        ),
        "too_many_login_attempts": _(
            "There were many tries in a short time. Wait a few minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send sign-in codes with a link that fills them in; allauth's other mails stay unsent."""
        if template_prefix != "account/email/login_code":
            return
        code = str(context["code"])
        page = f"{reverse('account_confirm_login_code')}?{urlencode({'code': code})}"
        self.mail_code(email, code, address(context["request"], page))

    def mail_code(self, email: str, code: str, link: str) -> None:
        """Have the code mailed. The roof says how (`config.signin`): no door knows another."""
        raise NotImplementedError

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing besides the page: each page says by itself what happened."""


class _FreshStart:
    """A page to begin at, also for who asked for a code before and would rather do otherwise."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: object) -> None:
        return None


class Address(_FreshStart, views.RequestLoginCodeView):
    """One field: the address that a code is mailed to."""

    template_name = "sign_in/address.html"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["email"].widget.attrs.pop("placeholder", None)
        return form


class Code(views.ConfirmLoginCodeView):
    """The code from the mail. The link in it fills the box in; only the button uses it up."""

    template_name = "sign_in/code.html"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["code"].widget.attrs.pop("placeholder", None)
        return form

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "code": self.request.GET.get("code", "")[:20]}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(email=self._process.state.get("email", ""), **context)


class Password(_FreshStart, views.LoginView):
    """The second way: address and password."""

    template_name = "sign_in/password.html"

    def get_form(self, form_class: Any = None) -> Any:
        """Return allauth's form, which asks for the address in the same words as the first way."""
        form = super().get_form(form_class)
        form.fields["login"].label = _("Your mail address")
        form.fields["login"].widget.attrs.pop("placeholder", None)
        form.fields["password"].label = _("Your password")
        form.fields["password"].widget.attrs.pop("placeholder", None)
        return form


class Out(views.LogoutView):
    template_name = "sign_in/out.html"


def inactive(request: HttpRequest) -> HttpResponse:
    """Somebody who may not sign in any more."""
    return render(request, "sign_in/inactive.html", status=403)


# Only what is needed is routed: what allauth offers besides (signing up, its own pages for
# addresses and lost passwords) has no address here.
urlpatterns = [
    path("login/", Address.as_view(), name="account_login"),
    path("login/code/", Address.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", Code.as_view(), name="account_confirm_login_code"),
    path("login/password/", Password.as_view(), name="account_password"),
    path("logout/", Out.as_view(), name="account_logout"),
    path("inactive/", inactive, name="account_inactive"),
    path("me/", me.me, name="me"),
    path("me/programs/", programs.programs, name="programs"),
    path("me/programs/<int:program>/revoke/", programs.revoke, name="program-revoke"),
]
