"""Which tickets somebody may know of, and what is understood as the name of one."""

import pytest

from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import told
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND, IMPORT, VISITOR, WORKER, Actor
from tricorn.standing.verbs import end_duty, give_duty
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs import Report, report


@pytest.fixture
def phone(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)


@pytest.fixture
def three(una, cleo, mail, phone):
    """Una's mail, an anonymous phone, and Cleo's mail, which Una typed in for her."""
    return (
        make_ticket(una, mail),
        make_ticket(None, phone),
        report(
            Report(service=mail, text="Hers", requester=cleo, reported_by=una),
            by=una.actor,
            at=MONDAY,
        ),
    )


def seen_by(actor: Actor) -> set[Ticket]:
    return set(Ticket.objects.visible_to(actor))


def test_a_person_sees_what_they_asked_for_and_typed_in(three, una, cleo, sam):
    mine, _, hers = three

    assert seen_by(una.actor) == {mine, hers}
    assert seen_by(cleo.actor) == {hers}
    assert seen_by(sam.actor) == set()


def test_a_person_sees_what_is_for_them(three, una, sam, mail):
    his = told(una, mail, affected=sam, once="for Sam")

    assert seen_by(sam.actor) == {his}


def test_the_desk_of_one_service_sees_that_service(three, phone, house):
    pat = somebody("Pat", house.provider)
    give_duty(pat, "desk", by=COMMAND, at=LONG_AGO, service=phone)

    assert seen_by(pat.actor) == {three[1]}


def test_the_desk_of_every_service_sees_everything(three, desi, mo):
    assert seen_by(desi.actor) == seen_by(mo.actor) == set(three)


def test_a_duty_that_has_ended_shows_nothing(three, desi):
    end_duty(desi.duties.get(), by=COMMAND, at=NOON)

    assert seen_by(desi.actor) == set()


def test_a_private_link_shows_its_own_ticket(three):
    assert seen_by(Actor("link", three[1].pk)) == {three[1]}


def test_a_visitor_sees_nothing(three):
    assert seen_by(VISITOR) == set()


@pytest.mark.parametrize("program", [WORKER, COMMAND, IMPORT])
def test_the_program_sees_everything(three, program):
    assert seen_by(program) == set(three)


def test_a_ticket_is_found_by_its_name_however_it_is_typed(three):
    ticket = three[0]

    for name in (ticket.ref, f" t-{ticket.pk} ", f"{ticket.pk}", f"T-000{ticket.pk}"):
        assert Ticket.objects.with_ref(name).get() == ticket


GARBAGE = [
    "",
    "T-",
    "T-0",
    "T--1",
    "T-9999999999999999999999",
    "T-999999999999999",
    "T-٣",
    "T-²",
    "T-1.0",
    "T-1e3",
    "T-1 OR 1=1",
    "'; DROP TABLE tickets_ticket; --",
    "T-\0",
    "T-T-1",
    "\ud800",
]


@pytest.mark.parametrize("name", GARBAGE)
def test_what_is_no_name_of_a_ticket_finds_none(three, name):
    assert not Ticket.objects.with_ref(name).exists()
