"""Use by whom no agreement covers is counted per service and month, for the provider alone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.agreements.test_choose import agree
from tests.agreements.test_everyone import cover_everyone
from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.insight.month import Month
from tricorn.insight.uncovered import (
    Uncovered,
    lately_uncovered,
    months_uncovered,
    uncovered_tickets,
)
from tricorn.journal.actor import COMMAND, IMPORT
from tricorn.parties.verbs import add_organisation, join, leave
from tricorn.standing.verbs import note_use, tally
from tricorn.tickets import verbs
from tricorn.tickets.imports import Record, store

ZONE = "Europe/Berlin"
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
LATER = NOON + HOUR


def seen(mail, at=LATER) -> dict[Month, Uncovered]:
    return {each.month: each.seen for each in months_uncovered(mail.pk, at=at, zone=ZONE)}


def test_who_is_covered_is_not_in_it_and_who_is_not_is(a7, cleo, una, mail):
    make_ticket(cleo, mail)
    ticket = make_ticket(una, mail)

    assert seen(mail) == {OCTOBER: Uncovered(1, 1)}
    assert list(uncovered_tickets(mail.pk, start=MONDAY, end=LATER)) == [ticket]


def test_a_ticket_for_five_people_is_five_uses(una, mail):
    given = verbs.Report(service=mail, text="Slow", requester=una, affected_count=5)
    verbs.report(given, by=una.actor, at=MONDAY)

    assert seen(mail) == {OCTOBER: Uncovered(1, 5)}


def test_each_month_is_of_the_house_and_names_organisations_but_no_person(mail, house):
    sales = add_organisation(by=COMMAND, at=LONG_AGO, name="Sales")
    sue = somebody("Sue", sales)
    last_of_september = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)
    make_ticket(sue, mail, at=last_of_september)
    make_ticket(sue, mail, at=last_of_september + timedelta(minutes=2), text="Again")
    make_ticket(None, mail, text="A visitor asks")

    october, september = months_uncovered(mail.pk, at=LATER, zone=ZONE)

    assert (october.month, october.seen) == (OCTOBER, Uncovered(2, 2))
    assert (october.organisations, october.unnamed) == ((("Sales", 1),), 1)
    assert (september.month, september.organisations) == (SEPTEMBER, (("Sales", 1),))


def test_a_tally_counts_where_neither_its_place_nor_everyone_is_covered(
    mail, clive, desi, finance, reception
):
    tally(mail, None, by=desi.actor, at=MONDAY, count=3)
    tally(mail, reception, by=desi.actor, at=MONDAY, count=2)
    assert seen(mail) == {OCTOBER: Uncovered(0, 5)}

    agree("PLACE", 'place = "reception"')
    assert seen(mail) == {OCTOBER: Uncovered(0, 3)}

    cover_everyone("ALL", mail, finance)
    assert seen(mail) == {}


def test_other_use_by_name_is_held_against_the_entitlements_of_its_instant(
    mail, clive, cleo, una, finance
):
    payroll = add_organisation(by=COMMAND, at=LONG_AGO, name="Payroll", parent=finance)
    pia = somebody("Pia", payroll)
    agree("OWN", 'organisation = "Finance"\nbelow = false')
    for person in (cleo, una, pia):
        note_use(mail, at=MONDAY, source="usage", person=person)
    assert seen(mail) == {OCTOBER: Uncovered(0, 2)}

    agree("BELOW", 'organisation = "Finance"')
    agree("UNA", 'person = "una@example.org"')
    assert seen(mail) == {}

    leave(cleo.memberships.get(), by=COMMAND, at=NOON)
    note_use(mail, at=NOON, source="usage", person=cleo)
    assert seen(mail) == {OCTOBER: Uncovered(0, 1)}


def test_use_before_the_agreement_began_stays_uncovered(a7, cleo, mail):
    note_use(mail, at=a7.from_at - HOUR, source="usage", person=cleo)
    note_use(mail, at=a7.from_at, source="usage", person=cleo)

    assert seen(mail, at=a7.from_at + HOUR) == {Month(2026, 5): Uncovered(0, 1)}


def test_imported_tickets_count_and_held_reports_do_not(mail, una):
    record = Record(source="old", source_id="1", summary="Slow", reported_at=MONDAY, state="open")
    store([record], mail, by=IMPORT, at=NOON)
    given = verbs.Report(service=mail, text="Spam", held_for="links")
    verbs.report(given, by=COMMAND, at=MONDAY)

    assert seen(mail) == {OCTOBER: Uncovered(1, 1)}


def test_lately_is_since_the_first_of_last_month_per_service(mail, una, house, hours):
    phone = add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)
    first = datetime(2026, 8, 31, 22, tzinfo=UTC)  # midnight in Berlin
    make_ticket(una, mail, at=first - HOUR)
    make_ticket(una, mail, at=first, text="Again")

    found = lately_uncovered([mail.pk, phone.pk], at=LATER, zone=ZONE)

    assert found == {mail.pk: Uncovered(1, 1)}


@pytest.mark.parametrize("many", [1, 12])
def test_it_costs_two_queries_however_much_there_is(mail, house, many, django_assert_num_queries):
    for n in range(many):
        organisation = add_organisation(by=COMMAND, at=LONG_AGO, name=f"Company {n}")
        person = somebody(f"P{n}", organisation)
        join(person, house.provider, by=COMMAND, at=LONG_AGO)
        make_ticket(person, mail, text=f"Number {n}")
        note_use(mail, at=MONDAY, source="usage", person=person)

    with django_assert_num_queries(2):
        assert seen(mail) == {OCTOBER: Uncovered(many, 2 * many)}
    with django_assert_num_queries(2):
        assert lately_uncovered([mail.pk], at=LATER, zone=ZONE)
