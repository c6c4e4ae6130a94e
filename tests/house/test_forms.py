"""Every form on every page, filled in with what nobody should send: a sentence or a result, no 500.

The forms are found by reading the pages as a browser does, beginning at each person's doors and
following every link; so a new form is walked without a change here.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.cast import MONDAY, NOON, make_ticket
from tests.insight.replaying import begun, with_saturdays
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.verbs import Report
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
# What goes where a browser lets nobody type: into choices, hidden fields and buttons.
NASTY_CHOSEN = ("all at once", "huge", "nothing")
# What a person must not lose by a test that goes on with them.
NOT_PRESSED = {"account_logout"}
TYPED = {
    "text",
    "search",
    "email",
    "tel",
    "number",
    "date",
    "datetime-local",
    "url",
    "password",
    "",
}


@dataclass
class Form:
    """A form as a page holds it: where it is sent, by which method, what is in it."""

    action: str
    method: str
    typed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    chosen: dict[str, str] = field(default_factory=dict)

    def filled(self, value: str) -> dict[str, object]:
        """Return what a browser would send when every box holds this."""
        sent: dict[str, object] = dict(self.chosen) | dict.fromkeys(self.typed, value)
        if value:
            data = value.encode()[:1000]
            sent |= {name: SimpleUploadedFile(f"{value[:50]}.jpg", data) for name in self.files}
        return sent

    def forged(self, value: str) -> dict[str, object]:
        """Return what a program could send instead: this in every field there is."""
        return dict.fromkeys({*self.typed, *self.chosen}, value)


class Page(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path, self.links, self.forms = path, [], []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "a":
            self.links.append(urljoin(self.path, given.get("href", "")))
        elif tag == "form":
            action = urljoin(self.path, given.get("action", ""))
            self.forms.append(Form(action, given.get("method", "get").lower()))
        elif not self.forms:
            return
        elif tag == "textarea" or (tag == "input" and given.get("type", "") in TYPED):
            self.forms[-1].typed.add(name)
        elif tag == "input" and given.get("type") == "file":
            self.forms[-1].files.add(name)
        elif tag in ("input", "button") and name:
            self.forms[-1].chosen[name] = given.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1].chosen[self._select] = given.get("value", "")
        elif tag == "option" and self._select:
            self.forms[-1].chosen.setdefault(self._select, given.get("value", ""))


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    cache.clear()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


@pytest.fixture
def town(a7, mail, reception, una, cleo, clive, desi, mo):
    """Something in every list: a ticket that is open, one that waits, one resolved, one held."""
    tickets = [
        make_ticket(cleo, mail),
        make_ticket(clive, mail),
        make_ticket(una, mail, text="Una asks"),
        make_ticket(None, mail, text="A visitor reports"),
        make_ticket(cleo, mail, text="Once more"),
    ]
    verbs.wait(tickets[0], by=desi.actor, at=MONDAY, holder="customer")
    verbs.resolve(tickets[2], by=desi.actor, at=MONDAY, note="Done")
    verbs.resolve(tickets[3], by=desi.actor, at=MONDAY, note="Done")
    held = Report(service=mail, text="Buy this", held_for="many links")
    verbs.report(held, by=una.actor, at=MONDAY)
    verbs.save_filter(by=desi.actor, at=MONDAY, name="Mine", query="tab=mine")
    # The forms of a run are the same at both doors.
    with_saturdays(begun(mail, mo, first=date(2026, 9, 1), last=date(2026, 9, 30)), mo)
    starts = ["/", "/at/reception/", "/accounts/login/", "/accounts/login/password/"]
    links = [f"/r/{token_of(ticket)}/" for ticket in tickets]
    return {
        "visitor": (None, [*starts, links[3], links[4]]),
        "una": (una, ["/", "/my/", "/accounts/me/"]),
        "clive": (clive, ["/decide/", "/my/"]),
        "desi": (
            desi,
            ["/desk/?tab=all", "/desk/?tab=done", "/desk/held/", "/at/reception/tally/"],
        ),
        "mo": (mo, ["/manage/"]),
    }


def forms_of(client: Client, starts: list[str]) -> list[Form]:
    """Return every kind of form that one reaches from these pages; one page of each kind is read."""
    waiting, known, found = deque(starts), set(starts), {}
    while waiting:
        path = waiting.popleft()
        response = client.get(path)
        assert response.status_code < 500, path
        if "html" not in response.get("Content-Type", "") or response.streaming:
            continue
        page = Page(path, response.content.decode())
        for form in page.forms:
            name = resolve(urlsplit(form.action).path).view_name
            if name not in NOT_PRESSED:
                found.setdefault((name, form.method, *sorted(form.typed | set(form.chosen))), form)
        for link in page.links:
            parts = urlsplit(link)
            kind = (resolve(parts.path).view_name, len(parts.query) > 0) if is_ours(link) else None
            if kind and kind not in known:
                known.add(kind)
                waiting.append(link)
    return list(found.values())


def is_ours(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("//", "/static/"))


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


@pytest.mark.parametrize("who", ["visitor", "una", "clive", "desi", "mo"])
def test_no_form_fails_whatever_is_typed_and_all_is_shown_escaped(town, who):
    person, starts = town[who]
    client = Client()
    if person:
        client.force_login(person)
    forms = forms_of(client, starts)
    assert forms

    for form in forms:
        tries = [(name, form.filled(value)) for name, value in NASTY.items()]
        tries += [(name, form.forged(NASTY[name])) for name in NASTY_CHOSEN]
        for name, data in tries:
            if form.method == "get" and name == "a million":
                continue
            shown = send(client, form, data, is_shown=name == "all at once")
            assert SCRIPT not in shown, (form, name)
            if person:
                client.force_login(person)
