"""Who may do what on a ticket: every verb, every kind of actor; refused means nothing written."""

import pytest

from tests.cast import LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import everything
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import StandingRefused
from tricorn.journal.actor import COMMAND, VISITOR, WORKER, Actor
from tricorn.standing.verbs import end_duty, give_duty
from tricorn.tickets import verbs

OWN = {"answer", "cancel", "close", "reopen", "rate", "count_affected"}
DESK = {
    "answer": lambda ticket, **who: verbs.answer(ticket, text="We are on it", **who),
    "open_": verbs.open_,
    "wait": lambda ticket, **who: verbs.wait(ticket, holder="customer", **who),
    "go_on": verbs.go_on,
    "resolve": lambda ticket, **who: verbs.resolve(ticket, note="Restarted", **who),
    "close": verbs.close,
    "reopen": verbs.reopen,
    "cancel": verbs.cancel,
    "add_note": lambda ticket, **who: verbs.add_note(ticket, text="Looks odd", **who),
    "log_time": lambda ticket, **who: verbs.log_time(ticket, minutes=5, **who),
    "assign": lambda ticket, **who: verbs.assign(ticket, to=None, **who),
    "hand_over": lambda ticket, **who: verbs.hand_over(ticket, note="Yours", **who),
    "prioritise": lambda ticket, **who: verbs.prioritise(ticket, priority="high", **who),
    "change_persons": lambda ticket, **who: verbs.change_persons(
        ticket, requester=None, affected=None, **who
    ),
    "count_affected": lambda ticket, **who: verbs.count_affected(ticket, count=7, **who),
    "release": verbs.release,
    "discard": verbs.discard,
    "seen": verbs.seen,
    "rate": lambda ticket, **who: verbs.rate(ticket, score=4, **who),
}


@pytest.fixture
def ticket(una, mail, a7):
    return make_ticket(una, mail)


def refused(verb: str, ticket, by: Actor) -> None:
    before = everything()
    with pytest.raises(StandingRefused) as refusal:
        DESK[verb](ticket, by=by, at=NOON)
    assert str(refusal.value).endswith(".")
    assert everything() == before


@pytest.mark.parametrize("verb", DESK)
def test_a_stranger_may_do_nothing(ticket, sam, verb):
    refused(verb, ticket, sam.actor)


@pytest.mark.parametrize("verb", DESK)
def test_a_visitor_may_do_nothing(ticket, verb):
    refused(verb, ticket, VISITOR)


@pytest.mark.parametrize("verb", DESK)
def test_the_private_link_of_another_ticket_opens_nothing(ticket, cleo, mail, verb):
    other = make_ticket(cleo, mail, text="Another thing")

    refused(verb, ticket, Actor("link", other.pk))


@pytest.mark.parametrize("verb", DESK)
def test_the_desk_of_another_service_may_do_nothing(ticket, house, hours, verb):
    phone = add_service(by=COMMAND, at=LONG_AGO, name="Phone", provider=house.provider, hours=hours)
    pat = somebody("Pat", house.provider)
    give_duty(pat, "desk", by=COMMAND, at=LONG_AGO, service=phone)

    refused(verb, ticket, pat.actor)


@pytest.mark.parametrize("verb", DESK)
def test_who_has_left_the_desk_may_do_nothing(ticket, desi, verb):
    end_duty(desi.duties.get(), by=COMMAND, at=MONDAY)

    refused(verb, ticket, desi.actor)


@pytest.mark.parametrize("verb", sorted(set(DESK) - OWN))
def test_what_is_the_deed_of_the_desk_is_refused_to_whose_matter_it_is(ticket, una, verb):
    refused(verb, ticket, una.actor)
    refused(verb, ticket, Actor("link", ticket.pk))


def test_rating_is_not_the_deed_of_the_desk(ticket, desi):
    verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted")

    refused("rate", ticket, desi.actor)


def test_the_program_itself_resolves_and_rates_nothing(ticket):
    for verb in ("resolve", "rate", "reopen", "cancel", "change_persons"):
        refused(verb, ticket, WORKER)


def test_an_actor_that_is_a_person_or_a_link_always_says_which():
    for kind in ("person", "link"):
        with pytest.raises(ValueError, match=f"An actor that is a {kind} has an id."):
            Actor(kind)
