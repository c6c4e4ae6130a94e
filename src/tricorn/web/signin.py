"""Signing in: by a mailed code or a password, through allauth. Nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from tricorn.mail.verbs import send_code
from tricorn.web.requests import now


class Adapter(DefaultAccountAdapter):
    """Lets allauth mail through the house's deliveries, and keeps signing up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send sign-in codes; whatever else allauth would mail stays unsent."""
        if template_prefix == "account/email/login_code":
            send_code(email, str(context["code"]), at=now())
