"""Organisations as a tree, and who belongs to them."""

import pytest
from django.urls import reverse

from tests.cast import LONG_AGO
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Organisation
from tricorn.parties.verbs import add_organisation

SCRIPT = "<script>alert(1)</script>"


def url_of(organisation):
    return reverse("manage:organisation", args=[organisation.pk])


def test_the_tree_shows_each_below_what_it_is_part_of(manage, finance, cleo, clive):
    add_organisation(by=COMMAND, at=LONG_AGO, name="Accounts", parent=finance)

    page = manage.get("/manage/organisations/")
    branches = {branch.organisation.name: branch for branch in page.context["branches"]}

    assert branches["Finance"].members == 2
    assert [below.organisation.name for below in branches["Finance"].below] == ["Accounts"]
    assert "A group, such as the night shift, is an organisation of its own" in (
        page.content.decode()
    )


def test_an_organisation_is_added_below_another(manage, finance):
    manage.post("/manage/organisations/add/", {"name": "Night shift", "parent": finance.pk})

    added = Organisation.objects.get(name="Night shift")
    assert added.above == [finance.pk, added.pk]


@pytest.mark.parametrize("name", ["", "FINANCE", "x" * 201, "Fin\0ance"])
def test_a_name_that_cannot_be_is_refused_when_adding_and_renaming(manage, house, finance, name):
    for url in ("/manage/organisations/add/", url_of(house.provider)):
        response = manage.post(url, {"name": name})
        assert response.status_code == 422
        assert "name" in response.context["form"].errors


def test_an_organisation_is_renamed_with_a_line_in_the_journal(manage, finance, mo):
    manage.post(url_of(finance), {"name": "Treasury"})

    finance.refresh_from_db()
    line = Line.objects.about("organisation", finance.pk).last()
    assert finance.name == "Treasury"
    assert (line.kind, line.actor) == ("organisation.renamed", mo.actor)


def test_renaming_to_the_same_name_is_nothing(manage, finance):
    lines = Line.objects.count()

    assert manage.post(url_of(finance), {"name": "Finance"}).status_code == 302
    assert Line.objects.count() == lines


def test_somebody_joins_by_name_or_address(manage, finance, una):
    join = reverse("manage:organisation-join", args=[finance.pk])

    assert manage.post(join, {"member-person": "una@example.org"}).status_code == 302
    assert una.memberships.get().organisation == finance
    assert manage.post(join, {"member-person": "Una"}).status_code == 302
    assert una.memberships.count() == 1
    wrong = manage.post(join, {"member-person": SCRIPT})
    assert wrong.status_code == 422
    assert "Nobody is known as" in wrong.content.decode()
    assert SCRIPT not in wrong.content.decode()


def test_script_in_a_name_is_shown_as_text(manage, finance):
    manage.post(url_of(finance), {"name": SCRIPT})

    for url in ("/manage/organisations/", url_of(finance), "/manage/people/add/"):
        page = manage.get(url).content.decode()
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
