"""Articles through the API: read by their audience, written by the desk, said to have helped."""

import pytest

from tests.api.conftest import program_of
from tests.cast import LONG_AGO, make_ticket
from tricorn.knowledge.models import Article, Feedback
from tricorn.knowledge.verbs import Written, publish, write

GIVEN = {"title": "Mail on a phone", "text": "1. Open *Settings*", "services": ["mail"]}


@pytest.fixture
def article(desi, mail):
    made = write(Written("Slow mail", "Wait a little"), by=desi.actor, at=LONG_AGO)
    return publish(made, by=desi.actor, at=LONG_AGO)


def test_an_article_is_written_published_changed_and_retired(desi, una, mail):
    desk, reader = program_of(desi), program_of(una)
    made = desk.post("/articles", GIVEN)
    path = made["Location"].removeprefix("/api/v1")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert reader.get(path).status_code == 404

    assert desk.post(f"{path}/publish", {}).json()["state"] == "published"
    assert reader.get(path).json()["text"] == GIVEN["text"]
    changed = desk.patch(path, {"text": "2. Close it", "after": 1}).json()
    assert (changed["version"], changed["newest"], changed["services"]) == (1, 2, ["mail"])
    assert desk.patch(path, {"text": "3.", "after": 1}).status_code == 409
    assert desk.post(f"{path}/publish", {"version": 2}).json()["text"] == "2. Close it"
    assert desk.post(f"{path}/retire").json()["state"] == "retired"
    assert reader.get(path).status_code == 404
    assert [each["slug"] for each in desk.get("/articles?state=retired").json()["items"]] == [
        "mail-on-a-phone"
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"services": ["nothing"]}, "services"), ({"places": ["moon"]}, "places")],
)
def test_what_there_is_not_is_named_and_nothing_written(desi, mail, wrong, field):
    answer = program_of(desi).post("/articles", {**GIVEN, **wrong})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Article.objects.exists()


def test_who_does_not_work_at_the_desk_writes_none(una, article):
    program = program_of(una)

    assert program.post("/articles", {**GIVEN, "services": []}).status_code == 403
    assert program.patch(f"/articles/{article.slug}", {"title": "Mine"}).status_code == 404
    assert program.post(f"/articles/{article.slug}/retire").status_code == 404
    assert program.get("/articles?state=draft").status_code == 403
    assert Article.objects.get().title == "Slow mail"


def test_an_article_is_found_and_said_to_help_once(una, article):
    program = program_of(una)

    (found,) = program.get("/articles?q=little").json()["items"]
    assert found["slug"] == article.slug
    assert program.get("/articles?service=mail").json()["items"] == []
    for solved in (True, False):
        said = program.post(f"/articles/{article.slug}/feedback", {"solved": solved})
        assert said.json() == {"solved": solved, "comment": ""}
    assert Feedback.objects.get().person == una


def test_an_article_helps_with_a_ticket(desi, una, mail, article):
    ref = make_ticket(una, mail).ref
    desk, given = program_of(desi), {"article": article.slug}

    assert desk.post(f"/tickets/{ref}/link_article", given).status_code == 200
    for program in (desk, program_of(una)):
        assert program.get(f"/tickets/{ref}/relations").json()["articles"] == [article.slug]
    desk.post(f"/tickets/{ref}/unlink_article", given)
    assert desk.get(f"/tickets/{ref}/relations").json()["articles"] == []
    wrong = desk.post(f"/tickets/{ref}/link_article", {"article": "nothing"})
    assert wrong.json()["errors"][0]["field"] == "article"
