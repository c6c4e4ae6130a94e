"""On a person's page: find the other record, look at both, merge, unmerge."""

import pytest
from django.urls import reverse

from tests.cast import make_ticket, somebody
from tests.tickets.steps import fresh
from tricorn.parties.models import Person, PersonsMerged


@pytest.fixture
def una_again(house):
    return somebody("Una-Maria Berg")


def at(person, deed):
    return reverse(f"manage:person-{deed}", args=[person.pk])


def body(response):
    return response.content.decode()


def test_the_other_record_is_found_looked_at_merged_and_unmerged(manage, una, una_again, mail):
    ticket = make_ticket(una_again, mail)

    assert "Una-Maria Berg" in body(manage.get(at(una, "merge")))
    both = manage.get(at(una, "merge"), {"other": una_again.pk})
    assert "They are one: merge" in body(both)
    done = manage.post(at(una, "merge"), {"other": una_again.pk}, follow=True)

    assert "Una-Maria Berg is part of this record" in body(done)
    assert "Mail from una-maria@example.org is theirs" in body(done)
    assert fresh(ticket).requester == una
    gone = manage.get(reverse("manage:person", args=[una_again.pk]))
    assert "This record is part of another one" in body(gone)

    undone = manage.post(at(una_again, "unmerge"), follow=True)
    assert "a record of its own again" in body(undone)
    assert fresh(ticket).requester == una_again


def test_who_must_stay_is_said_and_the_other_way_offered(manage, una, desi):
    both = manage.get(at(una, "merge"), {"other": desi.pk})
    refused = manage.post(at(una, "merge"), {"other": desi.pk})

    assert "has a duty at the provider under this record" in body(both)
    assert f"{at(desi, 'merge')}?other={una.pk}" in body(both)
    assert refused.status_code == 422
    assert not PersonsMerged.objects.exists()


def test_nothing_else_is_done_to_a_record_that_went(manage, una, una_again):
    manage.post(at(una, "merge"), {"other": una_again.pk})

    for deed in ("let-in", "give-duty", "change"):
        assert manage.post(at(una_again, deed), {"name": "X"}).status_code == 422
    assert Person.objects.get(pk=una_again.pk).name == "Una-Maria Berg"


@pytest.mark.parametrize("other", ["", "0", "x", "9" * 30, "٣"])
def test_a_record_that_is_none_is_asked_for_again(manage, una, other):
    page = manage.post(at(una, "merge"), {"other": other})

    assert page.status_code == 422
    assert "Choose the record" in body(page)


def test_whoever_manages_one_service_alone_merges_nobody(of_mail, una, una_again):
    assert of_mail.get(at(una, "merge")).status_code == 404
    assert of_mail.post(at(una, "merge"), {"other": una_again.pk}).status_code == 404
    assert of_mail.post(at(una_again, "unmerge")).status_code == 404
