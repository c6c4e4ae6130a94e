"""Of several agreements the one applies that means this person most; of equals, the better one."""

import pytest

from tests.cast import A7, LONG_AGO, MONDAY, somebody
from tricorn.agreements.verbs import activate
from tricorn.catalogue.verbs import add_service
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.parties.verbs import add_organisation, join, leave
from tricorn.tickets import verbs


def agree(ref: str, entitled: str, target: str = "8h") -> None:
    toml = A7.replace('"A-7"', f'"{ref}"').replace('organisation = "Finance"', entitled)
    toml = toml.replace('"8h"', f'"{target}"')
    activate(Agreement.from_toml(toml), by=COMMAND, at=LONG_AGO)


def applies_to(person, service, place=None, **more) -> str:
    given = verbs.Report(service=service, text="Help", requester=person, place=place, **more)
    version = verbs.report(given, by=person.actor if person else VISITOR, at=MONDAY).version
    return version.agreement.ref if version else "house promise"


@pytest.fixture
def everywhere(mail, clive, cleo, finance, reception):
    """Cleo is in Finance and its night shift; she reports at the reception."""
    agree("PLACE", 'place = "reception"', "1h")


def test_a_place_covers_everyone_who_reports_there(everywhere, mail, reception, una):
    assert applies_to(None, mail, reception) == "PLACE"
    assert applies_to(una, mail, reception) == "PLACE"
    assert applies_to(None, mail) == "house promise"


def test_an_organisation_beats_the_place_even_with_a_slower_promise(
    everywhere, mail, reception, cleo
):
    agree("ORGANISATION", 'organisation = "Finance"')

    assert applies_to(cleo, mail, reception) == "ORGANISATION"


def test_a_group_beats_the_organisation(everywhere, mail, reception, cleo):
    agree("ORGANISATION", 'organisation = "Finance"', "1h")
    agree("GROUP", 'group = "Finance"')

    assert applies_to(cleo, mail, reception) == "GROUP"


def test_a_person_beats_the_group(everywhere, mail, reception, cleo, clive):
    agree("GROUP", 'group = "Finance"', "1h")
    agree("PERSON", 'person = "cleo@example.org"', "9h")

    assert applies_to(cleo, mail, reception) == "PERSON"
    assert applies_to(clive, mail, reception) == "GROUP"


def test_the_organisation_nearest_to_the_person_beats_the_ones_above(mail, clive, finance):
    payroll = add_organisation(by=COMMAND, at=LONG_AGO, name="Payroll", parent=finance)
    pia = somebody("Pia", payroll)
    agree("ABOVE", 'organisation = "Finance"', "1h")
    agree("NEAR", 'organisation = "Payroll"', "9h")

    assert applies_to(pia, mail) == "NEAR"
    assert applies_to(clive, mail) == "ABOVE"


def test_an_organisation_without_what_is_below_covers_its_own_people_only(mail, clive, finance):
    payroll = add_organisation(by=COMMAND, at=LONG_AGO, name="Payroll", parent=finance)
    pia = somebody("Pia", payroll)
    agree("OWN", 'organisation = "Finance"\nbelow = false')

    assert applies_to(pia, mail) == "house promise"
    assert applies_to(clive, mail) == "OWN"


def test_of_two_that_mean_them_equally_the_better_promise_holds(mail, clive, cleo):
    agree("SLOW", 'organisation = "Finance"', "8h")
    agree("QUICK", 'organisation = "Finance"', "2h")

    assert applies_to(cleo, mail) == "QUICK"


def test_who_belongs_to_two_organisations_gets_the_better_promise(mail, clive, finance):
    sales = add_organisation(by=COMMAND, at=LONG_AGO, name="Sales")
    ben = somebody("Ben", finance)
    join(ben, sales, by=COMMAND, at=LONG_AGO)
    agree("FINANCE", 'organisation = "Finance"', "8h")
    agree("SALES", 'organisation = "Sales"', "2h")

    assert applies_to(ben, mail) == "SALES"


def test_who_has_left_is_covered_no_longer(mail, clive, cleo):
    agree("A-9", 'organisation = "Finance"')
    leave(cleo.memberships.get(), by=COMMAND, at=MONDAY)

    assert applies_to(cleo, mail) == "house promise"


def test_the_person_whom_it_is_for_decides_and_not_who_asks(mail, clive, cleo, una):
    agree("A-9", 'organisation = "Finance"')

    assert applies_to(una, mail, affected=cleo) == "A-9"
    assert applies_to(cleo, mail, affected=una) == "house promise"


def test_another_service_is_not_covered(mail, clive, cleo, house, hours):
    phone = add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)
    agree("A-9", 'organisation = "Finance"')

    assert applies_to(cleo, phone) == "house promise"


def test_it_is_said_who_is_covered_and_who_pays(mail, clive, cleo, reception):
    agree("A-9", 'place = "reception"\nfunder = "Finance"')

    given = verbs.Report(service=mail, text="Help", place=reception)
    ticket = verbs.report(given, by=VISITOR, at=MONDAY)

    assert ticket.covered_by == "A-9 v1 covers everyone at Reception, Building B; Finance pays."
