"""Every form on every page, filled in with what nobody should send: a sentence or a result, no 500.

The forms are found by reading the pages as a browser does, beginning at each person's doors and
following every link; so a new form is walked without a change here.
"""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.cast import NOON
from tests.town import SHARES
from tests.walking import Form, forms_of, walk
from tricorn.parties.models import Person
from tricorn.web import middleware

SCRIPT = "<script>alert(1)</script>"
ODD = f"""{SCRIPT}'">&{{{{7*7}}}}%_\u202ertl\u200b\0\x1b[1m\u0301😀\r\nBcc: x@evil.example"""
NASTY = {
    "all at once": ODD,
    "only what steers": "\u200b\u202e\u2066\u0301\ufeff",
    "a million": "x" * 1_000_000,
    "negative": "-1",
    "huge": "9" * 4400,
    "in the gap": "2027-03-28T02:30",
    "nothing": "",
}
ALWAYS = ("all at once", "nothing")
BY_TURNS = tuple(name for name in NASTY if name not in ALWAYS)
# What goes where a browser lets nobody type: into choices, hidden fields and buttons.
NASTY_CHOSEN = ("all at once", "huge", "nothing")


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    cache.clear()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def send(client: Client, form: Form, data: dict[str, object], *, is_shown: bool) -> str:
    """Send a form as a browser would and return the answer; nothing of it is kept.

    With `is_shown` that is the page one ends up at, where what was typed is read again.
    """
    with transaction.atomic():
        ask = client.post if form.method == "post" else client.get
        response = ask(form.action, data, follow=is_shown)
        transaction.set_rollback(True)
    assert response.status_code < 500, form
    return "" if response.streaming else response.content.decode()


@pytest.mark.parametrize("share", SHARES)
def test_no_form_fails_whatever_is_typed_and_all_is_shown_escaped(town, share):
    for who in SHARES[share]:
        fill_in_everything(*town.walks[who])


def fill_in_everything(person: Person | None, starts: list[str]) -> None:
    """Send every form that this person comes to, in every bad way."""
    client = Client()
    if person:
        client.force_login(person)
    forms = forms_of(walk(client, starts))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value if person else ""
    assert forms

    for number, form in enumerate(forms):
        # One form meets one of these, the next form the next: boxes of a kind are on many forms.
        by_turns = BY_TURNS[number % len(BY_TURNS)]
        typed = (*ALWAYS, by_turns) if form.typed or form.files else ("all at once",)
        tries = [(name, form.filled(NASTY[name])) for name in typed]
        tries += [(name, form.forged(NASTY[name])) for name in NASTY_CHOSEN]
        for name, data in tries:
            if form.method == "get" and name == "a million":
                continue
            shown = send(client, form, data, is_shown=name == "all at once")
            assert SCRIPT not in shown, (form, name)
            # Who was signed out by it is signed in again: of the session nothing was kept either.
            if person:
                client.cookies[settings.SESSION_COOKIE_NAME] = session
