"""Where two doors meet: signing in on the web asks outgoing mail to carry the code.

The doors do not know one another; only the roof knows both.
"""

from __future__ import annotations

from tricorn.mail.verbs import send_code
from tricorn.web import signin
from tricorn.web.requests import now


class Adapter(signin.Adapter):
    """The house's way of signing in, with its mail."""

    def mail_code(self, email: str, code: str, link: str) -> None:
        send_code(email, code, link=link, at=now())
