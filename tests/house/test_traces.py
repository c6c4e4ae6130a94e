"""What is left behind: nothing of a visitor, and in the journal none of anybody's words."""

import io
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from PIL import Image

from tests.cast import NOON, make_ticket
from tricorn.journal.models import Line
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Ticket
from tricorn.web import middleware

ADDRESS, AGENT = "203.0.113.77", "Snoopable/7.7"
WORD = "Quincunx"
POLICY = re.compile(r"default-src 'none'.*frame-ancestors 'none'")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    cache.clear()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def everything_stored() -> str:
    """Return every cell of every table as text."""
    with connection.cursor() as cursor:
        cells = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            cells += [repr(cell) for row in cursor.fetchall() for cell in row]
    return "\n".join(cells)


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    out.seek(0)
    out.name = f"{WORD}.png"
    return out


def test_of_a_visitor_nothing_is_stored_or_set_but_what_they_wrote(mail, reception, caplog):
    visitor = Client(
        REMOTE_ADDR=ADDRESS,
        HTTP_USER_AGENT=AGENT,
        HTTP_REFERER=f"http://testserver/?{WORD}",
        HTTP_ACCEPT_LANGUAGE="de-CH-x-wanderer",
        HTTP_X_FORWARDED_FOR=ADDRESS,
    )
    for path in ("/", "/at/reception/", "/nothing/"):
        visitor.get(path)
    told = visitor.post("/at/reception/", {"text": "It leaks", "photo": photo()})
    visitor.get(told["Location"])
    visitor.post(f"{told['Location']}answer/", {"text": "Still"})
    visitor.post(f"{told['Location']}rate/", {"score": "9"})

    assert not visitor.cookies
    stored = everything_stored()
    assert "It leaks" in stored
    for trace in (ADDRESS, AGENT, "wanderer", WORD):
        assert trace not in stored
        assert trace not in caplog.text


def test_the_journal_holds_none_of_the_words_that_anybody_typed(a7, mail, una, desi, mo, cleo):
    def enter(person):
        client = Client()
        client.force_login(person)
        return client

    ticket = make_ticket(una, mail, text=f"{WORD} one")
    held = make_ticket(None, mail, text=f"{WORD} two")
    page = f"/desk/t/{ticket.ref}/"
    desk, her, manage = enter(desi), enter(una), enter(mo)
    desk.post(f"{page}answer/", {"text": f"{WORD} three"})
    desk.post(f"{page}add-note/", {"text": f"{WORD} four"})
    desk.post(f"{page}hand-over/", {"service": mail.pk, "text": f"{WORD} five"})
    desk.post("/desk/filters/save/", {"name": WORD, "tab": "all", "q": WORD})
    desk.post(f"{page}resolve/", {"text": f"{WORD} six"})
    her.post(f"/my/{ticket.ref}/rate/", {"score": "2", "comment": f"{WORD} seven"})
    Client().post(f"/r/{token_of(held)}/answer/", {"text": f"{WORD} eight"})
    Client().post("/", {"text": f"{WORD} nine", "email": f"{WORD}@example.org"})
    her.post("/accounts/me/", {"name": f"{WORD} ten", "zone": ""})
    manage.post("/manage/people/add/", {"name": WORD, "email": f"{WORD}2@example.org"})
    person = {"fact-kind": "oversees", "fact-words": f"{WORD} said so"}
    manage.post(f"/manage/people/{cleo.pk}/record-fact/", person)
    manage.post("/manage/organisations/add/", {"name": f"{WORD} & Sons"})

    assert everything_stored().count(WORD) >= 14, "some of this was not taken at all"
    lines = Line.objects.count()
    assert lines > 20
    for line in Line.objects.values():
        assert WORD.casefold() not in repr(line).casefold(), line


def test_every_answer_is_sealed_off_and_kept_by_nobody(mail, mo):
    ticket = make_ticket(None, mail)
    link = f"/r/{token_of(ticket)}/"
    client = Client(raise_request_exception=False)
    answers = [
        client.get("/"),
        client.get(link),
        client.get("/nothing/"),
        client.get("/my/"),
        client.get("/accounts/login/"),
        client.get("/health/"),
        client.get("/", headers={"Host": "evil.example"}),
        client.post(f"{link}reopen/"),
        client.post(f"{link}answer/", {"text": "x" * 13_000_000}),
        client.post("/accounts/logout/", {f"f{n}": "x" for n in range(1500)}),
        client.put("/"),
    ]
    with override_settings(ROOT_URLCONF="tests.house.broken_urls"):
        answers.append(client.get("/"))

    assert [each.status_code for each in answers] == [
        *(200, 200, 404, 302, 200, 200, 400, 409, 413, 400, 405, 500)
    ]
    for answer in answers:
        assert POLICY.match(answer["Content-Security-Policy"])
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_static_file_is_kept_by_the_browser_and_sealed_off_too(house):
    answer = Client().get("/static/tricorn/favicon.svg")

    assert answer.status_code == 200
    assert POLICY.match(answer["Content-Security-Policy"])
    assert "max-age" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["..%2fsecret", "../secret", "%2e%2e/secret", "//etc/passwd"])
def test_nothing_but_the_look_is_static(house, path):
    assert Client().get(f"/static/{path}").status_code == 404


def test_cookies_are_for_this_house_alone(a7, cleo, monkeypatch):
    client = Client()
    client.post("/accounts/login/", {"email": cleo.email})

    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert not session["domain"]


def test_a_session_from_before_signing_in_is_not_the_one_after(cleo, a7):
    cleo.set_password("correct horse battery")
    cleo.save()
    client = Client()
    client.post("/accounts/login/", {"email": cleo.email})
    before = client.session.session_key

    client.post(
        "/accounts/login/password/", {"login": cleo.email, "password": "correct horse battery"}
    )

    assert client.get("/my/").status_code == 200
    assert client.session.session_key != before


def test_another_host_or_proxy_is_not_believed(mail, settings):
    settings.PUBLIC_URL = "https://help.example.org"
    link = f"/r/{token_of(make_ticket(None, mail))}/"

    page = Client().get(link, headers={"X-Forwarded-Host": "evil.example"}).content.decode()

    assert f"https://help.example.org{link}" in page
    assert "evil.example" not in page


def test_where_no_proxy_is_set_nobody_can_pretend_to_be_many(house):
    for number in range(25):
        answer = Client().post(
            "/accounts/login/",
            {"email": f"n{number}@example.org"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )

    assert "many tries" in answer.content.decode()


def test_a_house_in_use_has_no_demonstration_and_no_setup(mail, una, mo):
    client = Client()

    assert client.post(f"/demo/{una.pk}/").status_code == 404
    assert client.post("/demo/leave/").status_code == 404
    for method in (client.get, client.post):
        assert method("/setup/", {"key": "x"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_held_report_is_the_same_to_who_sent_it(mail):
    """Whoever sends rubbish does not learn from the page that it was seen through."""
    pages = []
    for data in ({"text": "Help", "website": "x"}, {"text": "Help"}):
        told = Client().post("/", data)
        ticket = Ticket.objects.latest("pk")
        page = Client().get(told["Location"]).content.decode()
        assert ticket.held_for
        pages.append(page.replace(ticket.ref, "").replace(token_of(ticket), ""))

    assert pages[0] == pages[1]
    assert "held" not in re.sub(r"<[^>]+>", "", pages[0]).casefold()
