"""An agreement may cover everyone: found without a name, least of all specific, counted by nobody."""

import pytest
from django.db import connection
from django.db.models import F

from tests.agreements.test_choose import agree, applies_to
from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket
from tricorn.agreements.everyone import for_everyone
from tricorn.agreements.models import Entitlement, Version
from tricorn.agreements.models.versions import IsEveryone
from tricorn.catalogue.verbs import add_service
from tricorn.engine.roles import Door
from tricorn.insight.covered import Covered, covered_by, unused
from tricorn.journal.actor import COMMAND, IMPORT
from tricorn.standing.models import Fact
from tricorn.standing.portrait import portrait
from tricorn.tickets.imports import Record, store
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads.my import front


def cover_everyone(ref, service, funder, target="8h"):
    """Make an agreement that covers everyone; besides, it names Clive, who signed it."""
    agree(ref, 'person = "clive@example.org"', target)
    version = Version.objects.get(agreement__ref=ref)
    covers = Entitlement.objects.create(version=version, scope="everyone", funder=funder)
    covers.services.add(service)
    return version


@pytest.fixture
def public(mail, clive, finance):
    return cover_everyone("ALL", mail, finance)


def test_everyone_is_covered_with_a_name_or_without(public, mail, una, reception):
    assert applies_to(None, mail) == "ALL"
    assert applies_to(None, mail, reception) == "ALL"
    assert applies_to(una, mail) == "ALL"


def test_it_is_the_least_specific_of_all_even_with_the_better_promise(
    mail, clive, cleo, finance, reception
):
    cover_everyone("ALL", mail, finance, "1h")
    agree("PLACE", 'place = "reception"', "9h")
    agree("FINANCE", 'organisation = "Finance"', "9h")

    assert applies_to(None, mail, reception) == "PLACE"
    assert applies_to(cleo, mail) == "FINANCE"
    assert applies_to(None, mail) == "ALL"


def test_of_two_that_cover_everyone_the_better_promise_holds(mail, clive, finance, una):
    cover_everyone("SLOW", mail, finance, "8h")
    cover_everyone("QUICK", mail, finance, "2h")

    assert applies_to(una, mail) == "QUICK"


def test_another_service_stays_with_the_house_promise(public, una, house, hours):
    phone = add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)

    assert applies_to(una, phone) == "house promise"


def test_it_is_said_that_everyone_is_covered(public, mail, una):
    assert make_ticket(una, mail).covered_by == "ALL v1 covers everyone; Finance pays."


def test_an_import_of_nobody_by_name_runs_by_it(public, mail):
    record = Record(source="old", source_id="1", summary="Slow", reported_at=MONDAY, state="open")

    store([record], mail, by=IMPORT, at=NOON)

    assert Ticket.objects.get().version == public


def test_who_has_a_name_is_entitled_without_a_fact(public, una, mail):
    known = portrait(una.pk, NOON)

    assert not Fact.objects.filter(kind="entitled").exclude(person__name="Clive").exists()
    assert known.facts(mail.pk).entitled
    assert known.facts(mail.pk).funded_by_client
    assert known.facts(mail.pk).span == 0
    assert known.standing(mail.pk).facts.shown_by("entitled") == (
        "everyone is covered, and Finance pays (ALL v1)",
    )
    assert Door.MY in known.doors()


def test_nobody_is_entitled_before_it_begins(public, una, mail):
    assert for_everyone(public.from_at)
    assert not for_everyone(LONG_AGO)
    assert not portrait(una.pk, LONG_AGO).facts(mail.pk).entitled


def test_my_services_says_that_everyone_is_covered(public, una, mail):
    (shown,) = front(portrait(una.pk, NOON)).services

    assert shown.service == mail
    assert shown.because == "everyone is covered, and Finance pays (ALL v1)"


def test_a_superseded_one_covers_nobody_any_more(public, mail, una):
    newer = Version.objects.create(
        agreement=public.agreement,
        number=2,
        title="Newer",
        text="{}",
        hash="0" * 64,
        zone="UTC",
        from_at=MONDAY,
        activated_at=MONDAY,
    )
    newer.services.add(mail)

    assert not for_everyone(MONDAY)
    assert applies_to(una, mail) == "house promise"


def test_everyone_is_nobody_in_particular_so_nobody_is_counted(public, house):
    assert covered_by([public.pk])[public.pk] == Covered(
        persons=1, funders=("Finance",), everyone=True
    )
    found = unused(public, at=NOON, fewest=5)
    assert found.everyone
    assert found.entitled.how == "few"


def test_it_is_found_by_its_index(public):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Entitlement.objects.filter(IsEveryone(F("scope"))).explain()

    assert "entitlement_everyone" in plan
