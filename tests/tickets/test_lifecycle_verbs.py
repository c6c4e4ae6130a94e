"""Taking a ticket from new to closed, and what the state refuses; refused means nothing written."""

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tests.tickets.steps import clock, everything, fresh, lines
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import WORKER, Actor
from tricorn.tickets import verbs


@pytest.fixture
def ticket(cleo, mail, a7):
    return make_ticket(cleo, mail)


def refused(said: str, verb, *args, **kwargs) -> None:
    before = everything()
    with pytest.raises((MoveRefused, BadInput)) as refusal:
        verb(*args, **kwargs)
    assert said in str(refusal.value)
    assert everything() == before


def test_a_ticket_goes_its_way_with_one_line_for_each_step(ticket, desi, cleo):
    who = {"by": desi.actor, "at": NOON}
    assert verbs.open_(ticket, **who).state == "open"
    assert verbs.wait(ticket, holder="supplier", **who).state == "waiting"
    assert verbs.go_on(ticket, **who).state == "open"
    assert verbs.resolve(ticket, note="Restarted", **who).state == "resolved"
    assert verbs.reopen(ticket, by=cleo.actor, at=NOON + HOUR).state == "open"
    assert verbs.resolve(ticket, note="Replaced", by=desi.actor, at=NOON + 2 * HOUR).is_done
    assert verbs.close(ticket, by=WORKER, at=NOON + 3 * HOUR).state == "closed"

    assert lines(ticket) == [
        "reported",
        "opened",
        "waited",
        "went_on",
        "resolved",
        "reopened",
        "resolved",
        "closed",
    ]
    done = fresh(ticket)
    assert (done.first_response_at, done.resolved_at) == (NOON, NOON + 2 * HOUR)
    assert done.closed_at == NOON + 3 * HOUR


def test_a_new_ticket_is_taken_up_by_the_first_thing_the_desk_does(cleo, mail, a7, desi):
    who = {"by": desi.actor, "at": NOON}

    answered, waited, resolved = (make_ticket(cleo, mail, text=f"No. {n}") for n in range(3))
    verbs.answer(answered, text="We look", **who)
    verbs.wait(waited, holder="supplier", **who)
    verbs.resolve(resolved, note="Restarted", **who)

    states = [fresh(each).state for each in (answered, waited, resolved)]
    assert states == ["open", "waiting", "resolved"]


def test_resolving_says_what_fixed_it_to_whose_matter_it_is(ticket, desi):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted the server")

    said = ticket.messages.last()
    assert (said.text, said.is_from_desk, said.is_public) == ("Restarted the server", True, True)
    assert fresh(ticket).first_response_at == NOON
    assert ticket.messages.count() == 2


def test_what_is_resolved_is_not_resolved_again(ticket, desi):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")

    refused(
        "Cannot resolve a ticket that is resolved. From resolved you can: close, reopen.",
        verbs.resolve,
        ticket,
        by=desi.actor,
        at=NOON + HOUR,
        note="Restarted",
    )


def test_a_step_that_the_state_does_not_allow_is_refused(ticket, desi):
    who = {"by": desi.actor, "at": NOON}

    refused("Cannot go on a ticket that is new.", verbs.go_on, ticket, **who)
    refused("Cannot close a ticket that is new.", verbs.close, ticket, **who)
    refused("Cannot reopen a ticket that is new.", verbs.reopen, ticket, **who)
    verbs.open_(ticket, **who)
    refused("Cannot open a ticket that is open.", verbs.open_, ticket, **who)
    verbs.wait(ticket, holder="customer", **who)
    refused("Cannot wait a ticket that is", verbs.wait, ticket, holder="customer", **who)
    verbs.cancel(ticket, **who)
    refused("Cannot cancel a ticket that is", verbs.cancel, ticket, **who)
    refused("Cannot resolve a ticket that is", verbs.resolve, ticket, note="Done", **who)
    refused("Reopen it before you hand it over.", verbs.hand_over, ticket, note="Yours", **who)


def test_nobody_waits_for_somebody_unheard_of(ticket, desi):
    refused(
        "Say who holds it up: provider, customer, client, user, supplier.",
        verbs.wait,
        ticket,
        by=desi.actor,
        at=NOON,
        holder="the weather",
    )


def test_the_holder_of_a_private_link_closes_reopens_and_cancels_their_own(mail, desi):
    ticket = make_ticket(None, mail)
    link = Actor("link", ticket.pk)
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")

    assert verbs.reopen(ticket, by=link, at=NOON).state == "open"
    verbs.resolve(ticket, by=desi.actor, at=NOON + HOUR, note="Replaced")
    assert verbs.close(ticket, by=link, at=NOON + HOUR).state == "closed"
    verbs.reopen(ticket, by=link, at=NOON + HOUR)
    assert verbs.cancel(ticket, by=link, at=NOON + HOUR).state == "cancelled"


def test_a_moment_before_the_report_is_refused(ticket, desi):
    refused(
        "before it starts",
        verbs.resolve,
        ticket,
        by=desi.actor,
        at=MONDAY - HOUR,
        note="Restarted",
    )


def test_an_outcome_too_long_is_refused(ticket, desi):
    refused(
        "The outcome has 100,001 characters",
        verbs.resolve,
        ticket,
        by=desi.actor,
        at=NOON,
        note="x" * 100_001,
    )
    assert clock(ticket).stopped_at is None
