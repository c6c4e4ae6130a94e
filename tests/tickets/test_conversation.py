"""Answers, notes and ratings: who speaks for whom, and what it sets going."""

from datetime import timedelta

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tests.tickets.steps import clock, everything, fresh, lines, told
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import Actor
from tricorn.tickets import verbs

SOON = timedelta(seconds=59)


@pytest.fixture
def ticket(cleo, mail, a7):
    return make_ticket(cleo, mail)


def test_the_first_answer_of_the_desk_is_the_first_response(ticket, desi):
    verbs.answer(ticket, by=desi.actor, at=MONDAY + HOUR, text="We look into it")
    verbs.answer(ticket, by=desi.actor, at=NOON, text="Still looking")

    response = clock(ticket, "first_response")
    assert (fresh(ticket).first_response_at, response.is_met) == (MONDAY + HOUR, True)
    assert lines(ticket) == ["reported", "answered", "answered"]


def test_an_internal_note_is_no_response_to_anybody(ticket, desi):
    note = verbs.add_note(ticket, by=desi.actor, at=NOON, text="Looks like the disk")

    assert (note.is_public, note.is_from_desk) == (False, True)
    assert (fresh(ticket).first_response_at, fresh(ticket).state) == (None, "new")
    assert lines(ticket) == ["reported", "noted"]


def test_the_same_words_within_a_minute_are_said_once(ticket, desi):
    first = verbs.answer(ticket, by=desi.actor, at=NOON, text="We look into it")
    before = everything()

    again = verbs.answer(ticket, by=desi.actor, at=NOON + SOON, text="We look into it ")

    assert again == first
    assert everything() == before


def test_the_same_words_later_or_as_a_note_or_by_somebody_else_are_said_again(ticket, desi, cleo):
    verbs.answer(ticket, by=desi.actor, at=NOON, text="Yes")
    verbs.add_note(ticket, by=desi.actor, at=NOON, text="Yes")
    verbs.answer(ticket, by=cleo.actor, at=NOON, text="Yes")
    verbs.answer(ticket, by=cleo.actor, at=NOON + HOUR, text="Yes")

    assert ticket.messages.filter(text="Yes").count() == 4


@pytest.mark.parametrize("holder", ["customer", "user", "client"])
def test_what_waits_for_people_goes_on_when_they_answer(ticket, desi, cleo, holder):
    verbs.wait(ticket, by=desi.actor, at=NOON, holder=holder)

    verbs.answer(ticket, by=cleo.actor, at=NOON + HOUR, text="The blue folder")

    assert (fresh(ticket).state, fresh(ticket).waiting_on) == ("open", "")
    assert ticket.waits.get().ended_at == NOON + HOUR
    assert fresh(ticket).first_response_at is None


@pytest.mark.parametrize("holder", ["supplier", "provider"])
def test_what_waits_for_somebody_else_waits_on(ticket, desi, cleo, holder):
    verbs.wait(ticket, by=desi.actor, at=NOON, holder=holder)

    verbs.answer(ticket, by=cleo.actor, at=NOON + HOUR, text="Any news?")

    assert fresh(ticket).state == "waiting"


def test_what_was_resolved_is_open_again_when_they_answer(ticket, desi, cleo):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")

    verbs.answer(ticket, by=cleo.actor, at=NOON + 2 * HOUR, text="It is slow again")

    assert (fresh(ticket).state, fresh(ticket).resolved_at) == ("open", None)
    assert clock(ticket).due_at == MONDAY + 10 * HOUR


def test_the_desk_adds_to_what_is_resolved_without_opening_it(ticket, desi):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")

    verbs.answer(ticket, by=desi.actor, at=NOON + HOUR, text="And patched")

    assert (fresh(ticket).state, clock(ticket).is_met) == ("resolved", True)


@pytest.mark.parametrize("end", ["close", "cancel"])
def test_nothing_is_added_to_what_is_over(ticket, desi, cleo, end):
    if end == "close":
        verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    getattr(verbs, end)(ticket, by=cleo.actor, at=NOON)
    before = everything()

    with pytest.raises(MoveRefused, match=r"so nothing can be added\. Reopen it first\."):
        verbs.answer(ticket, by=cleo.actor, at=NOON + HOUR, text="One more thing")

    assert everything() == before


def test_an_agent_who_asks_for_themselves_is_no_desk_on_that_ticket(mail, desi):
    ticket = told(desi, mail, reported_by=desi)

    said = verbs.answer(ticket, by=desi.actor, at=NOON, text="It is the inbox")

    assert not said.is_from_desk
    assert (fresh(ticket).first_response_at, fresh(ticket).state) == (None, "new")


def test_an_agent_who_typed_it_in_for_somebody_is_the_desk(cleo, mail, desi):
    given = verbs.Report(service=mail, text="By phone", requester=cleo, reported_by=desi)
    ticket = verbs.report(given, by=desi.actor, at=MONDAY)

    said = verbs.answer(ticket, by=desi.actor, at=NOON, text="We look into it")

    assert said.is_from_desk
    assert fresh(ticket).first_response_at == NOON


def test_somebody_who_typed_it_in_without_being_of_the_desk_speaks_for_them(cleo, una, mail):
    given = verbs.Report(service=mail, text="For my boss", requester=cleo, reported_by=una)
    ticket = verbs.report(given, by=una.actor, at=MONDAY)

    assert not verbs.answer(ticket, by=una.actor, at=NOON, text="Room 3").is_from_desk


def test_the_holder_of_the_private_link_answers_and_rates_their_own(mail, desi):
    ticket = make_ticket(None, mail)
    link = Actor("link", ticket.pk)
    verbs.wait(ticket, by=desi.actor, at=NOON, holder="user")

    verbs.answer(ticket, by=link, at=NOON + HOUR, text="On the third floor")
    assert fresh(ticket).state == "open"
    verbs.resolve(ticket, by=desi.actor, at=NOON + 2 * HOUR, note="Restarted")

    assert verbs.rate(ticket, by=link, at=NOON + 3 * HOUR, score=5).score == 5


def test_a_rating_is_given_once(ticket, desi, cleo):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    first = verbs.rate(ticket, by=cleo.actor, at=NOON, score=2, reason="support", text="Too \0late")
    before = everything()

    assert verbs.rate(ticket, by=cleo.actor, at=NOON, score=2) == first
    with pytest.raises(MoveRefused, match="was rated already"):
        verbs.rate(ticket, by=cleo.actor, at=NOON, score=5)

    assert (first.text, first.reason) == ("Too late", "support")
    assert everything() == before


def test_what_is_not_over_is_not_rated(ticket, cleo):
    before = everything()

    with pytest.raises(MoveRefused, match=r"is still new\. Rate it when it is resolved\."):
        verbs.rate(ticket, by=cleo.actor, at=NOON, score=5)

    assert everything() == before


@pytest.mark.parametrize(
    "wrong", [{"score": 0}, {"score": 6}, {"score": 3, "reason": "weather"}, {"score": None}]
)
def test_a_rating_beyond_the_scale_is_refused(ticket, desi, cleo, wrong):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    before = everything()

    with pytest.raises(BadInput):
        verbs.rate(ticket, by=cleo.actor, at=NOON, **wrong)

    assert everything() == before


def test_who_typed_a_ticket_in_does_not_rate_it(cleo, mail, desi):
    given = verbs.Report(service=mail, text="By phone", requester=cleo, reported_by=desi)
    ticket = verbs.report(given, by=desi.actor, at=MONDAY)
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")
    before = everything()

    with pytest.raises(StandingRefused, match="Only the person whose matter it is can rate"):
        verbs.rate(ticket, by=desi.actor, at=NOON, score=5)

    assert everything() == before


def test_the_affected_person_rates_what_somebody_asked_for_them(cleo, una, mail, desi):
    ticket = told(cleo, mail, affected=una)
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")

    assert verbs.rate(ticket, by=una.actor, at=NOON, score=4).score == 4
