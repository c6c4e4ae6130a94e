"""What is known of a person for a service, from records, memberships and uses at an instant."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import A7, HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import told
from tricorn.agreements.verbs import activate
from tricorn.catalogue.verbs import add_service
from tricorn.engine.agreement import Agreement
from tricorn.engine.roles import Door
from tricorn.journal.actor import COMMAND
from tricorn.parties.verbs import add_organisation, join, leave
from tricorn.standing.models import Fact
from tricorn.standing.portrait import portrait, portraits
from tricorn.standing.verbs import (
    give_duty,
    go_away,
    grant,
    note_use,
    record_fact,
    shut_out,
    tally,
)

DAY = timedelta(days=1)


def facts(person, service, at=NOON):
    return portrait(person.pk, at).facts(service.pk)


def agree(entitled: str, ref: str = "A-9") -> None:
    toml = A7.replace('"A-7"', f'"{ref}"').replace('organisation = "Finance"', entitled)
    activate(Agreement.from_toml(toml), by=COMMAND, at=LONG_AGO)


def test_who_works_in_an_entitled_organisation_is_entitled_and_it_is_said_why(a7, cleo, mail):
    known = facts(cleo, mail)

    assert (known.entitled, known.funded_by_client, known.signed) == (True, True, False)
    assert known.shown_by("entitled") == ("Finance pays (A-7)",)


def test_who_signed_is_known_to_have_signed(a7, clive, mail):
    assert facts(clive, mail).signed
    assert facts(clive, mail).shown_by("signed") == ("A-7, signed 4 May 2026",)


def test_who_works_below_an_entitled_organisation_is_entitled(a7, finance, mail):
    payroll = add_organisation(by=COMMAND, at=LONG_AGO, name="Payroll", parent=finance)

    assert facts(somebody("Pia", payroll), mail).entitled


def test_who_works_above_or_beside_it_is_not(clive, finance, mail, house):
    payroll = add_organisation(by=COMMAND, at=LONG_AGO, name="Payroll", parent=finance)
    beside = add_organisation(by=COMMAND, at=LONG_AGO, name="Taxes", parent=finance)
    agree('organisation = "Payroll"')

    assert facts(somebody("Pia", payroll), mail).entitled
    assert not facts(clive, mail).entitled
    assert not facts(somebody("Tim", beside), mail).entitled


@pytest.mark.parametrize(
    "entitled", ['organisation = "Finance"\nbelow = false', 'group = "Finance"']
)
def test_without_what_is_below_only_its_own_people_are(clive, finance, mail, entitled):
    payroll = add_organisation(by=COMMAND, at=LONG_AGO, name="Payroll", parent=finance)
    pia = somebody("Pia", payroll)
    agree(entitled)

    assert facts(clive, mail).entitled
    assert not facts(pia, mail).entitled

    join(pia, finance, by=COMMAND, at=LONG_AGO)
    assert facts(pia, mail).entitled


def test_a_person_is_entitled_by_name(clive, una, cleo, mail):
    agree('person = "una@example.org"')

    assert facts(una, mail).entitled
    assert not facts(cleo, mail).entitled


def test_a_place_entitles_nobody_by_name(clive, una, mail, reception):
    agree('place = "reception"')

    assert not facts(una, mail).entitled
    assert not facts(clive, mail).entitled


def test_what_an_organisation_gives_ends_when_one_leaves_it(a7, cleo, mail):
    leave(cleo.memberships.get(), by=COMMAND, at=NOON)

    assert facts(cleo, mail, NOON - timedelta(seconds=1)).entitled
    assert not facts(cleo, mail, NOON).entitled


def test_a_membership_that_is_still_to_come_gives_nothing_yet(a7, una, finance, mail):
    join(una, finance, by=COMMAND, at=LONG_AGO, since=NOON)

    assert not facts(una, mail, NOON - timedelta(seconds=1)).entitled
    assert facts(una, mail, NOON).entitled


def test_of_several_organisations_one_that_gives_it_is_enough(a7, cleo, mail, finance):
    sales = add_organisation(by=COMMAND, at=LONG_AGO, name="Sales")
    join(cleo, sales, by=COMMAND, at=LONG_AGO)
    agree('organisation = "Sales"')
    assert facts(cleo, mail).shown_by("entitled") == ("Finance pays (A-7)", "Finance pays (A-9)")

    leave(cleo.memberships.get(organisation=finance), by=COMMAND, at=MONDAY)

    assert facts(cleo, mail).shown_by("entitled") == ("Finance pays (A-9)",)


def test_another_service_is_another_matter(a7, cleo, house, hours):
    phone = add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)

    assert not facts(cleo, phone).entitled


def test_uses_make_used_and_days_and_the_length_of_the_relation(una, mail):
    for at in (NOON, NOON + HOUR, NOON + 3 * DAY):
        note_use(mail, at=at, source="usage", person=una)

    known = facts(una, mail, NOON + 10 * DAY)
    assert (known.used, known.days, known.span) == (True, 2, 10)
    assert known.shown_by("used") == ("on 2 days since 12 October 2026",)
    assert facts(una, mail, NOON).days == 1
    assert not facts(una, mail, NOON - HOUR).used


def test_a_day_is_a_day_where_the_house_stands(una, mail):
    for at in (NOON.replace(hour=21), NOON.replace(hour=23)):  # 23:00 and 01:00 in Berlin
        note_use(mail, at=at, source="usage", person=una)

    assert facts(una, mail, NOON + DAY).days == 2


def test_being_seen_to_use_it_makes_nobody_know_or_say_anything(una, mail, reception):
    for n in range(100):
        note_use(mail, at=NOON - n * DAY, source="usage", person=una)
    tally(mail, reception, by=COMMAND, at=NOON, count=50, host=una)

    known = facts(una, mail)
    assert (known.used, known.aware, known.voice, known.entitled) == (True, False, False, False)
    assert not Fact.objects.exists()


def test_a_report_for_somebody_else_is_their_use_and_ones_own_knowledge(una, sam, mail):
    told(una, mail, affected=sam)

    assert (facts(una, mail).aware, facts(una, mail).used) == (True, False)
    assert (facts(sam, mail).aware, facts(sam, mail).used) == (False, True)


def test_an_anonymous_report_is_nobodys_use(mail, una):
    make_ticket(None, mail)

    assert not facts(una, mail).used
    assert not Fact.objects.exists()


def test_a_complaint_is_a_voice(una, mail):
    told(una, mail, kind="complaint")
    told(una, mail, kind="complaint", once="again")

    assert (facts(una, mail).voice, facts(una, mail).aware) == (True, True)
    assert Fact.objects.count() == 2


def test_doors_open_by_facts_and_duties(a7, una, cleo, clive, desi, mo, sam):
    def doors(person):
        return set(portrait(person.pk, NOON).doors()) - {Door.REPORT}

    assert doors(sam) == set()
    assert doors(cleo) == {Door.MY}
    assert doors(clive) == {Door.MY, Door.DECIDE}
    assert doors(desi) == {Door.DESK}
    assert doors(mo) == {Door.MANAGE}


def test_who_stands_in_for_somebody_has_their_authority_while_they_are_away(
    clive, cleo, una, finance
):
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO, deputy=cleo)
    grant(clive, finance, ["accept"], by=COMMAND, at=LONG_AGO)
    assert Door.DECIDE not in portrait(cleo.pk, NOON).doors()

    go_away(clive, by=COMMAND, at=MONDAY, until=NOON + DAY)
    assert portrait(cleo.pk, NOON).standing(0).may == {"sign"}
    assert Door.DECIDE in portrait(cleo.pk, NOON).doors()
    assert portrait(cleo.pk, NOON + DAY).standing(0).may == set()

    go_away(cleo, by=COMMAND, at=MONDAY, deputy=una)
    assert portrait(cleo.pk, NOON).standing(0).may == set()
    assert portrait(una.pk, NOON).standing(0).may == {"sign"}
    assert portrait(clive.pk, NOON).standing(0).may == {"sign", "accept"}


def test_nobody_acts_for_who_can_no_longer_sign_in(clive, cleo, mo, finance):
    grant(clive, finance, ["sign"], by=COMMAND, at=LONG_AGO, deputy=cleo)
    go_away(clive, by=COMMAND, at=MONDAY)
    shut_out(clive, by=COMMAND, at=MONDAY)

    assert portrait(cleo.pk, NOON).standing(0).may == set()


def test_fifty_people_cost_what_one_person_costs(a7, finance, mail, house):
    people = [somebody(f"Person{n} X", finance) for n in range(50)]
    for person in people:
        note_use(mail, at=NOON, source="usage", person=person)
        record_fact(person, "orders", by=COMMAND, at=MONDAY, words="Buys paper", service=mail)
        give_duty(person, "desk", by=COMMAND, at=MONDAY, service=mail)
        grant(person, finance, ["sign"], by=COMMAND, at=MONDAY)

    for several in (people[:1], people):
        with CaptureQueriesContext(connection) as queries:
            found = portraits([person.pk for person in several], NOON)
            for each in found.values():
                assert each.facts(mail.pk).entitled
                assert each.standing(mail.pk).may == {"sign"}
                assert each.doors()
        assert len(queries) == 6
