"""The way in: tokens and scopes, once and no more, what is refused and how, the document."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.api.conftest import ROOT, Program, program_of
from tests.cast import NOON, make_ticket
from tests.house.ground import ROOT as PROJECT
from tricorn.api import door, pace
from tricorn.api.document import described
from tricorn.api.house import api
from tricorn.api.models import Answered
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.models import Line
from tricorn.parties.models import Token
from tricorn.parties.verbs import make_token, revoke_token
from tricorn.tickets.models import Message, Ticket
from tricorn.web import middleware

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "shown",
    ["", "Bearer", "Bearer tricorn_guess", "Basic YTpi", "Bearer é", "Bearer " + "x" * 9000],
)
def test_without_a_token_nothing_is_told(una, shown):
    answer = Client().get(f"{ROOT}/me", headers={"Authorization": shown})

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(una):
    client = Client()
    client.force_login(una)

    assert client.get(f"{ROOT}/me").status_code == 401


@pytest.mark.parametrize("ends", ["revoked", "over", "shut out"])
def test_a_token_that_has_ended_opens_nothing(una, ends, monkeypatch):
    program = program_of(una)
    assert program.get("/me").json()["name"] == "Una"

    if ends == "revoked":
        revoke_token(una.tokens.get(), by=una.actor, at=NOON)
    elif ends == "over":
        monkeypatch.setattr(middleware, "now", lambda: NOON + timedelta(days=30))
    else:
        type(una).objects.update(is_active=False)

    assert program.get("/me").status_code == 401


def test_a_token_does_what_its_scopes_say_and_no_more(desi, una, mail):
    program = program_of(desi, "tickets:read")
    ref = make_ticket(una, mail).ref

    assert program.get(f"/tickets/{ref}").status_code == 200
    refused = program.post(f"/tickets/{ref}/answer", {"text": "Hello"})
    assert (refused.status_code, "tickets:write" in refused.json()["detail"]) == (403, True)
    assert program.get("/people?q=una").status_code == 403


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(una):
    made = make_token(una, by=una.actor, at=NOON, name=" Script ", scopes=["tickets:read"], days=3)

    row = Token.objects.values().get()
    assert made.secret not in json.dumps(row, default=str)
    assert (row["name"], row["hint"]) == ("Script", made.secret[:12])
    assert Line.objects.latest("id").data == {
        "person": una.pk,
        "scopes": ["tickets:read"],
        "days": 3,
    }


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 367}]
)
def test_a_token_of_nothing_or_for_ever_is_refused(una, wrong):
    given = {"name": "Script", "scopes": ["tickets:read"], "days": 3, **wrong}

    with pytest.raises(BadInput):
        make_token(una, by=una.actor, at=NOON, **given)


def test_nobody_makes_a_token_for_somebody_else(una, mo):
    with pytest.raises(StandingRefused):
        make_token(una, by=mo.actor, at=NOON, name="x", scopes=["tickets:read"], days=3)


def test_its_use_is_written_down_once_an_hour(una, django_assert_num_queries, monkeypatch):
    program = program_of(una)
    program.get("/me")
    assert una.tokens.get().used_at == NOON

    monkeypatch.setattr(middleware, "now", lambda: NOON + timedelta(minutes=59))
    program.get("/me")
    assert una.tokens.get().used_at == NOON


def test_the_same_request_twice_is_done_once(una, mail):
    program = program_of(una)
    given = {"text": "Mail is slow", "service": "mail"}

    answers = [program.post("/tickets", given, Idempotency_Key="one") for _ in range(3)]

    assert Ticket.objects.count() == 1
    assert len({each.content for each in answers}) == 1
    assert {(each.status_code, each["Location"]) for each in answers} == {
        (201, f"/api/v1/tickets/{Ticket.objects.get().ref}")
    }
    assert "Idempotency-Replayed" in answers[1]


def test_a_key_is_of_one_request_one_token_and_one_day(una, cleo, mail, monkeypatch):
    given = {"text": "Mail is slow", "service": "mail"}
    program = program_of(una)
    program.post("/tickets", given, Idempotency_Key="one")

    other = program.post("/tickets", {**given, "text": "Other"}, Idempotency_Key="one")
    assert (other.status_code, other.json()["code"]) == (422, "key-used")
    assert program_of(cleo).post("/tickets", given, Idempotency_Key="one").status_code == 201
    monkeypatch.setattr(middleware, "now", lambda: NOON + timedelta(hours=25))
    assert program.post("/tickets", given, Idempotency_Key="one").status_code == 201
    assert (Ticket.objects.count(), Answered.objects.count()) == (3, 1)


def test_what_was_refused_is_not_remembered(una, mail):
    program = program_of(una)
    given = {"text": "Mail is slow", "service": "nothing"}

    assert program.post("/tickets", given, Idempotency_Key="one").status_code == 422
    assert not Answered.objects.exists()
    given["service"] = "mail"
    assert program.post("/tickets", given, Idempotency_Key="one").status_code == 201


def test_a_crash_before_the_end_loses_deed_and_answer_together(una, mail, monkeypatch):
    program = program_of(una)
    given = {"text": "Mail is slow", "service": "mail"}
    with monkeypatch.context() as patch:
        patch.setattr(Answered, "save", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            program.post("/tickets", given, Idempotency_Key="one")

    assert (Ticket.objects.count(), Answered.objects.count()) == (0, 0)
    assert program.post("/tickets", given, Idempotency_Key="one").status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
def test_a_key_that_is_none_is_refused(una, mail, key):
    given = {"text": "Mail is slow", "service": "mail"}

    assert program_of(una).post("/tickets", given, Idempotency_Key=key).status_code == 422


def test_who_asks_too_often_is_told_how_long_to_wait(una, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 2)
    program = program_of(una)

    first, _, third = (program.get("/me") for _ in range(3))

    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert (third.status_code, third["Content-Type"]) == (429, PROBLEM)
    assert 1 <= int(third["Retry-After"]) <= 60
    assert third["RateLimit-Remaining"] == "0"


def test_who_asks_often_is_known_to_every_process(una, django_assert_num_queries):
    program_of(una)
    token, second = una.tokens.get().pk, int(NOON.timestamp())
    with django_assert_num_queries(1):  # once in twenty
        assert [pace.count(token, second)[0] for _ in range(39)][-1] == pace.MOST - 39

    pace.forget()  # another process, which knows of the twenty that it was told of
    left = [pace.count(token, second)[0] for _ in range(20)]

    assert (left[0], left[-1]) == (pace.MOST - 1, pace.MOST - 40)
    assert pace.count(token, second + 60)[0] == pace.MOST - 1


def test_a_process_that_refuses_tells_the_others_no_more(una, django_assert_num_queries):
    program_of(una)
    token, second = una.tokens.get().pk, int(NOON.timestamp())
    with django_assert_num_queries(16):
        left = [pace.count(token, second)[0] for _ in range(1000)]

    assert (left[299], left[300]) == (0, -1)


def test_what_has_not_changed_is_not_sent_again(desi, una, mail):
    ref = make_ticket(una, mail).ref
    program = program_of(desi)
    tag = program.get(f"/tickets/{ref}")["ETag"]

    again = program.get(f"/tickets/{ref}", If_None_Match=f'"other", W/{tag}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    program.post(f"/tickets/{ref}/open")
    assert program.get(f"/tickets/{ref}", If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/nothing", 404),
        ("get", "/tickets/X-1", 404),
        ("get", "/tickets/T-1/", 404),
        ("get", "/tickets/T-99999999999999999999", 404),
        ("get", "/people/99999999999999999999", 404),
        ("get", "/agreements/%00", 404),
        ("get", "/agreements/A-7/versions/9999999999", 404),
        ("delete", "/tickets", 405),
        ("options", "/tickets", 405),
        ("post", "/me", 405),
        ("post", "/openapi.json", 405),
        ("get", "/people?q=%00%00", 422),
        ("get", "/tickets?limit=9999999999999999999999", 422),
        ("get", "/tickets?limit=0", 422),
        ("get", "/tickets?cursor=%00", 422),
        ("get", "/tickets?cursor=bjk5OTk5OTk5OTk5OTk5OTk5OTk5", 422),
        ("get", "/tickets?changed_since=yesterday", 422),
        ("get", "/tickets?changed_since=0001-01-01T00:00:00%2B14:00", 422),
        ("get", "/tickets?assignee=9999999999999999999", 422),
        ("get", "/tickets?state=gone", 422),
    ],
)
def test_every_refusal_is_a_problem_with_its_status(desi, mo, mail, a7, method, path, status):
    program = program_of(desi)

    answer = program.client.generic(
        method.upper(), ROOT + path, headers={"Authorization": f"Bearer {program.secret}"}
    )

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    told = answer.json()
    assert told["status"] == status
    assert {"type", "title", "detail", "code"} <= set(told)
    assert status != 405 or answer["Allow"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"", "application/json", 422),
        (b"null", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"text": "\\ud800"}', "application/json", 422),
        (b'{"text": 5}', "application/json", 422),
        (b'{"text": " "}', "application/json", 422),
        (b'{"text": "x", "other": 1}', "application/json", 422),
        (b'{"text": NaN}', "application/json", 422),
        (b"text=x", "application/x-www-form-urlencoded", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
        (b"{}", "", 415),
        (b" " * (door.LARGEST + 1), "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_is_refused_and_nothing_written(desi, una, mail, body, kind, status):
    ref = make_ticket(una, mail).ref
    program, said = program_of(desi), Message.objects.count()

    answer = program.client.generic(
        "POST",
        f"{ROOT}/tickets/{ref}/answer",
        body,
        content_type=kind,
        headers={"Authorization": f"Bearer {program.secret}"},
    )

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content[:300]
    assert Message.objects.count() == said


def test_a_nul_in_a_text_is_left_out_as_in_the_browser(desi, una, mail):
    ref = make_ticket(una, mail).ref

    assert program_of(desi).post(f"/tickets/{ref}/answer", {"text": "a\0b"}).status_code == 200
    assert Message.objects.latest("id").text == "ab"


def test_a_wrong_field_is_named(mo):
    told = program_of(mo).post("/people", {"name": "", "email": "no"}).json()

    assert [each["field"] for each in told["errors"]] == ["name"]
    told = program_of(mo).post("/people", {"name": "Nora", "email": "no"}).json()
    assert [each["field"] for each in told["errors"]] == ["email"]


def test_an_unknown_host_is_a_problem_too(una):
    answer = Client().get(f"{ROOT}/me", headers={"Host": "evil.example"})

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_our_mistake_is_a_problem_without_a_word_of_what_it_was(una, monkeypatch):
    program = program_of(una)
    program.client.raise_request_exception = False
    monkeypatch.setattr(door, "_told", lambda *_: 1 / 0)

    answer = program.get("/me")

    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert b"ZeroDivision" not in answer.content


def test_head_is_get_without_its_body(una):
    program = program_of(una)

    answer = program.client.head(
        f"{ROOT}/me", headers={"Authorization": f"Bearer {program.secret}"}
    )

    assert (answer.status_code, answer.content) == (200, b"")


def test_no_other_site_is_let_in(una):
    answer = program_of(una).get("/me", Origin="https://evil.example")

    assert "Access-Control-Allow-Origin" not in answer
    assert "Set-Cookie" not in answer


def test_the_document_is_complete_and_open_to_all(house):
    made = Client().get(f"{ROOT}/openapi.json").json()

    assert made["openapi"].startswith("3.1")
    for address, methods in made["paths"].items():
        for method, operation in methods.items():
            assert operation["security"], address
            assert {"401", "403", "429"} <= set(operation["responses"]), (method, address)
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == [PROBLEM], (method, address, status)


def test_the_page_for_people_shows_every_address_and_loads_nothing_from_elsewhere(house):
    page = Client().get(f"{ROOT}/").content.decode()

    missing = [path for path in described(api)["paths"] if path not in page]
    assert missing == []
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_every_address_stands_in_the_documentation():
    text = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
    addresses = {
        f"{method.upper()} {path}"
        for path, methods in described(api)["paths"].items()
        for method in methods
    }
    written = set(re.findall(r"`((?:GET|POST|PATCH) /api/v1/[^`?]*)`", text))

    assert sorted(addresses - written) == [], "docs/api.md needs a row for each"
    assert sorted(written - addresses) == [], "docs/api.md tells of what is not there"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_are_one(una, mail):
    import threading

    program = program_of(una)
    statuses = []

    def ask():
        mine = Program(program.secret, Client())
        answer = mine.post("/tickets", {"text": "Slow", "service": "mail"}, Idempotency_Key="one")
        statuses.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [201] * 4
    assert Ticket.objects.count() == 1
