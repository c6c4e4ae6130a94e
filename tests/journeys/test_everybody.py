"""Every page of every door can be used by everybody: axe finds nothing, no page is too wide.

The pages are found by reading them, beginning at each person's first (`tests/town.py`), so a new one
is looked at without a change here. The program answers in this process; Chromium gets the answer
with the style sheets and scripts in it, with everything unfolded that a click could unfold. Then
every form is sent as nobody should send it, and what is said to that is looked at too.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client

from tests.cast import NOON
from tests.journeys.screen import Screen
from tests.plugin import FOLDER
from tests.town import SHARES
from tests.walking import Page, forms_of, kind_of, walk
from tricorn.parties.models import House
from tricorn.web import middleware
from tricorn.web.setup import KEY_FILE

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
ODD = "<b>\u202e😀 &'\""


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    cache.clear()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def is_first(what: str) -> bool:
    """Whether nobody else met just this, in this run, in this process or another."""
    met = Path(os.environ[FOLDER]) / "met"
    met.mkdir(exist_ok=True)
    try:
        (met / hashlib.sha256(what.encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def shown_on(page: Page) -> str:
    """What tells a page from others: its door, and all between header and footer."""
    html = CSRF.sub("", page.html)
    head, _, main = html.partition("<main")
    return head.partition("data-door=")[2][:20] + main.partition("</main>")[0] if main else html


def refused(client: Client, pages: list[Page]) -> Iterator[Page]:
    """Send each form without a word, then with odd ones; give what is said to that, of each kind."""
    name = settings.SESSION_COOKIE_NAME
    session = client.cookies[name].value if name in client.cookies else ""
    for form in forms_of(iter(pages)):
        for typed in ("", ODD) if form.method == "post" else ():
            with transaction.atomic():
                answer = client.post(form.action, form.filled(typed))
                transaction.set_rollback(True)
            if session:  # of what signed somebody out nothing was kept either
                client.cookies[name] = session
            if answer.status_code in (200, 422):
                if is_first(f"refused: {answer.templates[0].name}"):
                    yield Page(form.action, answer.content.decode())
                break


@pytest.fixture
def look(browser):
    """Give a page to the browser, and get the faults that it has for somebody."""
    screen = Screen(browser)
    yield screen.faults_of
    screen.page.close()


@pytest.mark.parametrize("share", SHARES)
def test_everybody_can_use_every_page_on_every_screen_in_light_and_dark(town, look, share):
    seen, faults = set(), []
    for who in SHARES[share]:
        person, starts = town.walks[who]
        client = Client()
        if person:
            client.force_login(person)
        pages = list(walk(client, starts))
        for page in pages:
            kind = kind_of(page.path)
            if (page.path in starts or kind not in seen) and is_first(shown_on(page)):
                faults += [f"{who}: {fault}" for fault in look(page.path, page.html)]
            seen.add(kind)
        for page in refused(client, pages):
            faults += [f"{who}, refused: {fault}" for fault in look(page.path, page.html)]

    assert not faults, "\n".join([f"Of {len(seen)} kinds of page:", *faults])


def test_what_goes_wrong_is_said_so_that_everybody_can_read_it(client, desi, look):
    client.force_login(desi)
    request = client.get("/desk/").wsgi_request
    said = {"sentence": "Cannot resolve a ticket that is resolved.", "reason": "It was late."}

    faults = [
        fault
        for name in ("400", "403", "403_csrf", "404", "409", "413", "422", "429", "500")
        for fault in look(f"/{name}/", render_to_string(f"{name}.html", said, request))
    ]

    assert not faults, "\n".join(faults)


def test_everybody_can_furnish_the_house_and_sign_in_by_a_code(client, db, una, look):
    code = client.post("/accounts/login/", {"email": "una@example.org"}, follow=True)
    House.objects.all().delete()
    key = Path(settings.HOME) / KEY_FILE
    key.write_text(hashlib.sha256(b"once").hexdigest())
    empty = client.get("/setup/", {"key": "once"})
    refused = client.post("/setup/", {"key": "once"})
    key.unlink()

    assert [each.status_code for each in (code, empty, refused)] == [200, 200, 422]
    faults = [fault for each in (code, empty, refused) for fault in look("/", each.text)]
    assert not faults, "\n".join(faults)
