"""Each role's satisfaction stands apart; the role is that of the moment at which somebody spoke."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.insight.test_reports import ZONE, asked, by_name, figures
from tricorn.catalogue.verbs import add_service
from tricorn.insight.month import Month
from tricorn.insight.reports import REPORTS, Question
from tricorn.journal.actor import COMMAND, VISITOR, Actor
from tricorn.parties.verbs import join
from tricorn.standing.portrait import portraits
from tricorn.standing.then import portraits_then
from tricorn.tickets import verbs

pytestmark = pytest.mark.django_db


def rated(person, service, desi, score, reason="", at=MONDAY):
    ticket = make_ticket(person, service, at=at, text=f"Matter of {person} {at}")
    verbs.resolve(ticket, by=desi.actor, at=at + HOUR, note="Done")
    by = person.actor if person else Actor("link", ticket.pk)
    return verbs.rate(ticket, by=by, at=at + 2 * HOUR, score=score, reason=reason)


@pytest.fixture
def said(a7, mail, clive, cleo, una, desi, reception):
    """One client, two customers, two of whom nothing is agreed, and two taps at a place."""
    rated(clive, mail, desi, 2, "reliability")
    rated(cleo, mail, desi, 5)
    rated(cleo, mail, desi, 3, "support", at=NOON)
    rated(una, mail, desi, 4)
    rated(None, mail, desi, 1, "support")
    for number, score in enumerate((5, 1)):
        tap = verbs.rate_place(
            reception, by=VISITOR, at=NOON, score=score, once=str(number), service=mail
        )
    verbs.say_why(tap, by=VISITOR, at=NOON, reason="functionality")


def test_shares_stand_by_role_and_are_never_put_together(said):
    sheet = asked("satisfied")

    assert sheet.across == ("client", "customer", "user")
    assert figures(sheet.whole) == [(0, 1), (1, 2), (2, 4)]
    assert sheet.whole.total is None


def test_reasons_are_counted_where_it_was_not_good(said):
    sheet = asked("reasons")

    assert sheet.across == ("functionality", "reliability", "support")
    assert figures(sheet.whole) == [1, 1, 2]


def test_both_are_split_by_service_and_agreement_as_others_are(said, mail, desi, una, house, hours):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    rated(una, laptop, desi, 1, at=NOON)

    assert by_name(asked("satisfied", by="service")) == {
        "Laptop": [(0, 0), (0, 0), (0, 1)],
        "Mail": [(0, 1), (1, 2), (2, 4)],
    }
    only = asked("satisfied", services=frozenset({laptop.pk}))
    assert figures(only.whole) == [(0, 0), (0, 0), (0, 1)]
    assert by_name(asked("reasons", by="agreement")) == {"A-7": [0, 1, 1], "": [1, 0, 1]}


def test_the_role_is_that_of_the_moment(a7, mail, desi, finance, house):
    nora = somebody("Nora")
    rated(nora, mail, desi, 5)
    join(nora, finance, by=COMMAND, at=NOON)
    rated(nora, mail, desi, 1, at=NOON + HOUR)

    assert figures(asked("satisfied", at=NOON + 9 * HOUR).whole) == [(0, 0), (0, 1), (1, 1)]


def test_what_was_known_then_is_what_a_portrait_of_then_knows(said, mail, cleo, clive, una, sam):
    people, moments = (cleo, clive, una, sam), (LONG_AGO, MONDAY, MONDAY + 2 * HOUR, NOON)
    pairs = {(person.pk, at) for person in people for at in moments}

    then = portraits_then(pairs)

    for person, at in pairs:
        assert then[person, at].facts(mail.pk) == portraits([person], at)[person].facts(mail.pk)


@pytest.mark.parametrize("name", ["satisfied", "reasons"])
def test_more_ratings_ask_no_more(said, mail, desi, cleo, una, name):
    question = Question(Month(2026, 9), Month(2026, 10), ZONE)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            REPORTS[name](question, NOON)
        return len(queries)

    cost()
    few = cost()
    for n in range(3):
        rated(cleo, mail, desi, 4, at=NOON + n * HOUR)
        rated(una, mail, desi, 4, at=NOON + n * HOUR)
    assert cost() == few
