"""Queries made once find what Django finds each time, on either database."""

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket
from tricorn.agreements import everyone
from tricorn.catalogue.models import Service, Target
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.parties.models import Membership
from tricorn.prepared import ByServices, Prepared
from tricorn.standing import portrait
from tricorn.standing.verbs import give_duty, grant

PREPARED = {
    "members": portrait.MEMBERS,
    "facts": portrait.FACTS,
    "duties": portrait.DUTIES,
    "authorities": portrait.AUTHORITIES,
    "uses": portrait.USES,
    "everyone": everyone.ROWS,
}


@pytest.mark.parametrize("name", PREPARED)
def test_it_finds_what_the_query_finds(name, a7, mail, finance, cleo, clive, desi, una):
    make_ticket(cleo, mail)
    make_ticket(una, mail)
    give_duty(clive, "manage", by=COMMAND, at=LONG_AGO, service=mail)
    grant(cleo, finance, ["approve"], by=COMMAND, at=LONG_AGO)
    people = [cleo.pk, clive.pk, desi.pk, una.pk]
    query = PREPARED[name]
    lists = {"people": people, "organisations": [finance.pk]}
    given = {each: lists[each] for each in query._lists.values()}

    count = 0
    for at in (LONG_AGO, MONDAY, NOON):
        for some in (given, {each: whole[:1] for each, whole in given.items()}):
            found = query.rows(at, **some)
            count += len(found)
            assert sorted(map(repr, found)) == sorted(
                repr(tuple(row)) for row in query._make(**some, at=at)
            )
    assert name == "everyone" or count


def test_nobody_asked_about_is_nobody_found(cleo):
    assert portrait.MEMBERS.rows(NOON, people=[]) == []


def test_records_come_with_what_is_read_along(una, finance, mail, django_assert_num_queries):
    asked = Prepared(
        lambda ids, words, since, at: (
            Target.objects.filter(level__service__in=ids, measure__in=words)
            .filter(since__gte=since, since__lte=at)
            .select_related("level__service")
            .order_by("id")
        ),
        "ids",
        texts=["words"],
        moments=["at", "since"],
    )
    words, since = ["resolution", "first_response"], LONG_AGO - HOUR
    given = {"ids": [mail.pk], "words": words, "since": since}
    expected = list(asked._make(**given, at=NOON))

    for _ in range(2):
        with django_assert_num_queries(1):
            found = asked.objects(NOON, **given)
            assert [each.level.service for each in found] == [mail] * len(expected)
        assert (
            [each.__dict__ | {"_state": 0} for each in found]
            == [each.__dict__ | {"_state": 0} for each in expected]
            != []
        )
    assert asked.objects(NOON, **given | {"words": []}) == []
    assert asked.objects(LONG_AGO - HOUR, **given) == []


def test_one_statement_is_sent_each_time(cleo, django_assert_num_queries):
    members = Prepared(
        lambda people, at: Membership.objects.filter(person__in=people).values_list("person"),
        "people",
    )

    for _ in range(2):
        with django_assert_num_queries(1):
            assert members.rows(NOON, people=[cleo.pk]) == [(cleo.pk,)]


def test_a_query_of_services_is_another_one_for_who_serves_all(mail, house, hours):
    other = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    made = ByServices(_among, "ids")
    ids = [mail.pk, other.pk]

    assert made.of(None).column(ids=ids, services=None) == ids
    assert made.of({other.pk}).column(ids=ids, services=[other.pk]) == [other.pk]
    assert made.of(set()).column(ids=ids, services=[]) == []


def _among(ids, services):
    found = Service.objects.filter(pk__in=ids).order_by("pk").values_list("pk")
    return found if services is None else found.filter(pk__in=services)
