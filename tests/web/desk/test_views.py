"""Views of the queue: kept for oneself or shared with a desk, counted in one query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import COMMAND, LONG_AGO, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import SavedFilter


@pytest.fixture
def laptop(house, hours, mail):
    return add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours)


@pytest.fixture
def lea(house, laptop):
    """Works at the desk, for Laptop alone."""
    person = somebody("Lea", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    return person


def keep(person, name, query):
    return verbs.save_filter(by=person.actor, at=NOON, name=name, query=query)


def names(response):
    return [each.saved.name for each in response.context["views"]]


def test_each_view_is_counted_and_all_in_one_query(desk, desi, mail, una):
    for _ in range(3):
        make_ticket(una, mail)
    keep(desi, "Slow", "q=slow+is%3Aopen")
    keep(desi, "Mine", "tab=mine")
    keep(desi, "Nothing", "q=%25")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            response = desk.get("/desk/views/counts/?tab=mine")
        return response, len(queries)

    response, three = cost()
    assert [each.counted for each in response.context["views"]] == ["3", "0", "0"]
    assert 'aria-current="true"' in response.content.decode()
    assert "hx-trigger" not in response.content.decode()
    for n in range(12):
        keep(desi, f"View {n}", f"q=word{n}")
    assert cost()[1] == three


def test_more_than_a_hundred_are_said_to_be_more(desk, desi, mail, una, monkeypatch):
    monkeypatch.setattr("tricorn.tickets.reads.views.MOST_COUNTED", 2)
    for _ in range(3):
        make_ticket(una, mail)
    keep(desi, "All", "kind=incident")

    assert [each.counted for each in desk.get("/desk/views/").context["views"]] == ["1+"]


def test_a_view_is_seen_by_oneself_until_it_is_shared_with_a_desk(
    desk, desi, sign_in, lea, mail, laptop
):
    saved = keep(desi, "Late ones", "late=yes")
    theirs = sign_in(lea)
    assert names(theirs.get("/desk/")) == []

    desk.post(f"/desk/views/{saved.pk}/", {"name": "Late ones", "shared": "mail"})
    assert names(theirs.get("/desk/")) == []
    desk.post(f"/desk/views/{saved.pk}/", {"name": "Late laptops", "shared": "laptop"})
    assert names(theirs.get("/desk/")) == ["Late laptops"]
    page = theirs.get("/desk/views/").content.decode()
    assert "shared with the desk of Laptop" in page
    assert "Change it" not in page
    desk.post(f"/desk/views/{saved.pk}/", {"name": "Late laptops", "shared": ""})
    assert names(theirs.get("/desk/")) == []
    kinds = list(Line.objects.filter(subject="savedfilter").values_list("kind", flat=True))
    assert kinds == ["view.shared", "view.shared", "view.unshared"]


def test_who_manages_may_change_what_is_shared_and_nobody_else(desi, mo, lea, house, laptop):
    saved = keep(desi, "Late ones", "late=yes")
    given = {"at": NOON, "name": "Other", "is_shared": True}
    for person in (mo, lea):
        with pytest.raises(StandingRefused, match="“Late ones” is a view of Desi"):
            verbs.change_filter(saved, by=person.actor, **given)
    verbs.change_filter(saved, by=desi.actor, **given)

    with pytest.raises(StandingRefused):
        verbs.forget_filter(saved.pk, by=lea.actor, at=NOON)
    assert verbs.change_filter(saved, by=mo.actor, **{**given, "name": "Hers"}).name == "Hers"
    verbs.forget_filter(saved.pk, by=mo.actor, at=NOON)
    assert not SavedFilter.objects.exists()


def test_a_view_is_shared_only_where_one_works_and_under_a_name_of_its_own(lea, mail, laptop):
    saved, _ = keep(lea, "One", "tab=mine"), keep(lea, "Two", "tab=team")
    given = {"by": lea.actor, "at": NOON}

    with pytest.raises(StandingRefused, match="You do not work at the desk of Mail"):
        verbs.change_filter(saved, name="One", is_shared=True, service=mail, **given)
    with pytest.raises(BadInput, match="There is a view called Two already"):
        verbs.change_filter(saved, name="Two", is_shared=False, **given)
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared) == ("One", False)


def test_own_views_stand_in_the_order_one_gives_them(desk, desi, mo, mail):
    for name in ("Zulu", "Mike", "Alpha"):
        last = keep(desi, name, "tab=mine")
    assert names(desk.get("/desk/views/")) == ["Zulu", "Mike", "Alpha"]

    desk.post(f"/desk/views/{last.pk}/up/")
    desk.post(f"/desk/views/{last.pk}/up/")
    desk.post(f"/desk/views/{last.pk}/up/")

    assert names(desk.get("/desk/views/")) == ["Alpha", "Zulu", "Mike"]


def test_a_wrong_name_comes_back_with_what_was_typed(desk, desi, mail):
    saved = keep(desi, "Mine", "tab=mine")

    for given in ({"name": " ", "shared": ""}, {"name": "Typed", "shared": "planet"}):
        response = desk.post(f"/desk/views/{saved.pk}/", given)
        assert response.status_code == 422
        assert f'value="{given["name"]}"' in response.content.decode()
    saved.refresh_from_db()
    assert saved.name == "Mine"


def test_a_view_of_somebody_else_is_not_there(desk, lea, mail):
    saved = keep(lea, "Hers", "tab=mine")

    assert desk.post(f"/desk/views/{saved.pk}/", {"name": "Mine"}).status_code == 404
    assert desk.post(f"/desk/views/{saved.pk}/up/").status_code == 404
    desk.post(f"/desk/filters/{saved.pk}/forget/")
    assert SavedFilter.objects.exists()
