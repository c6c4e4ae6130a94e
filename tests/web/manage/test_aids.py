"""What a service asks, its checklists, and the tags of the house."""

import pytest

from tests.cast import NOON, make_ticket
from tricorn.catalogue.questions import questions_of
from tricorn.tickets import verbs
from tricorn.tickets.models import Checklist, Tag
from tricorn.tickets.reads.aids import tags_on


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def url(mail):
    return f"/manage/services/{mail.pk}"


def asked(mail):
    mail.refresh_from_db()
    return questions_of(mail)


def test_a_service_asks_changes_orders_and_retires(manage, mail, url):
    assert "Nothing is asked but the one box" in words(manage.get(f"{url}/questions/"))
    form = {"label": "Room?", "kind": "choice", "choices": "A\nB\n", "who": "named"}
    assert manage.post(f"{url}/questions/", form).status_code == 302
    manage.post(f"{url}/questions/", {"label": "Why?", "kind": "long", "who": "desk"})
    room, why = asked(mail)
    assert (room.choices, room.required) == (("A", "B"), "named")
    assert why.is_desk_only

    manage.post(f"{url}/questions/{why.key}/move/", {"to": "earlier"})
    change = {"label": "Which room?", "kind": "choice", "choices": "A\nB", "is_retired": "on"}
    manage.post(f"{url}/questions/{room.key}/", change)

    assert [each.key for each in asked(mail)] == [why.key, room.key]
    assert asked(mail)[1].is_retired
    page = words(manage.get(f"{url}/questions/"))
    assert "Which room?" in page
    assert "retired" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"label": "Room?", "kind": "choice", "choices": "A"}, "A choice needs 2 to 60 answers"),
        ({"label": "What?", "kind": "colour"}, "Select a valid choice"),
        ({"label": "\u200b", "kind": "text"}, "The question is empty"),
    ],
)
def test_a_question_that_makes_no_sense_comes_back(manage, mail, url, form, said):
    page = manage.post(f"{url}/questions/", form)

    assert page.status_code == 422
    assert said in words(page)
    assert asked(mail) == ()


def test_a_question_that_nobody_asks_is_not_there(manage, url):
    assert manage.get(f"{url}/questions/9-9/").status_code == 404


def test_a_service_keeps_a_list_and_retires_it(manage, mail, url):
    assert "There is no list yet" in words(manage.get(f"{url}/checklists/"))
    manage.post(f"{url}/checklists/", {"name": "New hire", "items": "Account\nLaptop"})
    kept = Checklist.objects.get()
    assert manage.post(f"{url}/checklists/", {"name": "new hire", "items": "x"}).status_code == 422
    page = f"{url}/checklists/{kept.pk}/"
    assert "Account" in words(manage.get(page))
    assert manage.post(page, {"name": "New hire", "items": " "}).status_code == 422

    manage.post(page, {"name": "Hire", "items": "Account", "is_retired": "on"})

    kept.refresh_from_db()
    assert (kept.name, kept.items, kept.is_retired) == ("Hire", ["Account"], True)


def test_tags_are_renamed_and_merged(manage, mail, cleo, desi):
    assert "Nothing is tagged yet" in words(manage.get("/manage/tags/"))
    ticket = make_ticket(cleo, mail)
    for name in ("print", "paper"):
        verbs.tag(ticket, by=desi.actor, at=NOON, name=name)
    one, two = Tag.objects.order_by("id")
    assert "on 1 ticket" in words(manage.get("/manage/tags/"))
    assert "paper" in words(manage.get(f"/manage/tags/{one.pk}/"))
    wrong = manage.post(f"/manage/tags/{one.pk}/", {"name": "PAPER"})
    assert wrong.status_code == 422
    assert "Merge this one into it" in words(wrong)

    manage.post(f"/manage/tags/{one.pk}/", {"name": "printer"})
    manage.post(f"/manage/tags/{two.pk}/", {"into": one.pk})

    assert tags_on(ticket) == ("printer",)
    assert manage.get(f"/manage/tags/{two.pk}/").status_code == 404
    assert manage.post(f"/manage/tags/{one.pk}/", {"into": two.pk}).status_code == 422
