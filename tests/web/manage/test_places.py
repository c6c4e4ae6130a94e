"""Places: tree, address, sign."""

import pytest
from django.urls import reverse

from tests.cast import LONG_AGO
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Place
from tricorn.parties.verbs import add_place, change_house

SCRIPT = "<script>alert(1)</script>"


def url_of(place):
    return reverse("manage:place", args=[place.pk])


def test_a_place_is_added_with_an_address_made_from_its_name(manage, reception):
    manage.post("/manage/places/add/", {"name": "Lift B, 2nd floor", "within": reception.pk})

    added = Place.objects.get(slug="lift-b-2nd-floor")
    assert added.within == reception
    page = manage.get("/manage/places/")
    assert [spot.place.name for spot in page.context["spots"][0].inside] == ["Lift B, 2nd floor"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "required"),
        ({"name": "Front", "slug": "Reception"}, "belongs to another place"),
        ({"name": "🚪"}, "short address"),
        ({"name": "Door", "within": "99"}, "not one of the available choices"),
    ],
)
def test_a_place_that_cannot_be_is_refused(manage, reception, typed, said):
    response = manage.post("/manage/places/add/", typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Place.objects.count() == 1


def test_a_place_changes_its_name_and_keeps_its_address(manage, reception, mo):
    manage.post(url_of(reception), {"name": "Reception, Building C"})

    reception.refresh_from_db()
    line = Line.objects.about("place", reception.pk).last()
    assert (reception.name, reception.slug) == ("Reception, Building C", "reception")
    assert not reception.is_open_to_reports
    assert (line.kind, line.actor) == ("place.changed", mo.actor)


def test_a_place_cannot_lie_within_itself_or_what_it_holds(manage, reception):
    inner = add_place(by=COMMAND, at=LONG_AGO, name="Desk", slug="desk", within=reception)

    for within in (reception, inner):
        response = manage.post(url_of(reception), {"name": "R", "within": within.pk})
        assert response.status_code == 422
        assert "cannot lie within itself" in response.context["form"].errors["within"][0]


def test_the_sign_can_be_printed_once_the_public_address_is_set(manage, house, mail, reception):
    before = manage.get(url_of(reception)).content.decode()
    assert "once the public address is set" in before

    change_house(by=COMMAND, at=LONG_AGO, changes={"public_url": "https://help.example.org"})
    page = manage.get(url_of(reception)).content.decode()

    assert "/at/reception/sign/" in page
    assert "/at/reception/qr.svg" in page
    assert "Mail" in page


def test_script_in_a_name_is_shown_as_text(manage, reception):
    manage.post(url_of(reception), {"name": SCRIPT})

    for url in ("/manage/places/", url_of(reception), "/manage/places/add/"):
        page = manage.get(url).content.decode()
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
