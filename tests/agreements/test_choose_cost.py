"""Choosing costs the same number of queries however many agreements and entitled people there are."""

import pytest

from benchmarks.choosing import choose, fill
from tricorn.parties.models import Person


@pytest.mark.django_db
@pytest.mark.parametrize("agreements", [1, 500])
def test_one_agreement_and_five_hundred_cost_the_same(agreements, django_assert_num_queries):
    by_organisation, by_name = fill(agreements, 2 * agreements)
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]

    for service in (by_organisation, by_name):
        # What the service promises, memberships, entitlements twice, versions, clauses.
        with django_assert_num_queries(6):
            assert choose(service, last) == f"A-{agreements}"


def test_five_hundred_that_cover_one_person_alike_cost_no_more(
    mail, cleo, clive, a7, django_assert_num_queries
):
    with django_assert_num_queries(6):
        assert choose(mail, cleo.pk) == "A-7"
    _alike(a7, 500)

    with django_assert_num_queries(6):
        assert choose(mail, cleo.pk) == "A-7"


def _alike(version, count):
    """Copy what a version covers and promises, row by row, under other agreements."""
    agreement = version.agreement
    clauses, covers = list(version.clauses.all()), version.entitlements.get()
    services = list(version.services.all())
    for n in range(count):
        agreement.pk, agreement.ref = None, f"B-{n}"
        agreement.save()
        version.pk, version.agreement = None, agreement
        version.save()
        for clause in clauses:
            clause.pk, clause.version = None, version
            clause.save()
        covers.pk, covers.version = None, version
        covers.save()
        covers.services.set(services)
