"""A code to sign in: its letter is written down here, then sent by the worker."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tricorn.journal.actor import VISITOR
from tricorn.journal.verbs import write
from tricorn.mail.compose import code_letter
from tricorn.parties.models import Person


def send_code(email: str, code: str, *, link: str = "", at: datetime) -> None:
    """Mail a sign-in code, with a link that prefills it, to whom the address belongs.

    An address that nobody here has gets nothing, and nobody can tell from outside.
    """
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        return
    with transaction.atomic():
        line = write(person, "person.code_sent", by=VISITOR, at=at)
        code_letter(line, person, code, link=link, at=at).save()
