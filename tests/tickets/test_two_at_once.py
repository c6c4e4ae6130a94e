"""Two requests at the same moment: one wins, the other hears why, nothing happens twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.cast import A7, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import lines
from tricorn.agreements.models import Version
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import MoveRefused, Refusal
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.models import Line
from tricorn.standing.models import Use
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket, Wait

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment, each on a connection of its own; refusals are answers."""
    start = threading.Barrier(len(deeds))
    answers: list[Any] = [None] * len(deeds)

    def do(number: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            answers[number] = deed()
        except Refusal as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_of_two_agents_who_resolve_at_once_one_does(cleo, mail, desi, house):
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)

    answers = at_once(
        lambda: verbs.resolve(ticket, by=desi.actor, at=NOON, note="Restarted"),
        lambda: verbs.resolve(ticket, by=dora.actor, at=NOON, note="Replaced"),
    )

    assert [type(each) for each in answers].count(MoveRefused) == 1
    assert lines(ticket) == ["reported", "resolved"]
    assert ticket.messages.count() == 2


def test_the_same_form_sent_twice_at_once_is_one_ticket(mail, reception):
    given = verbs.Report(service=mail, text="The door is stuck", place=reception, once="form-1")

    answers = at_once(*[lambda: verbs.report(given, by=VISITOR, at=MONDAY)] * 3)

    ticket = Ticket.objects.get()
    assert answers == [ticket] * 3
    assert lines(ticket) == ["reported"]
    assert Use.objects.count() == 1


def test_of_two_who_put_a_ticket_on_hold_at_once_one_does(cleo, mail, desi):
    ticket = make_ticket(cleo, mail)

    answers = at_once(*[lambda: verbs.wait(ticket, by=desi.actor, at=NOON, holder="customer")] * 2)

    assert [type(each) for each in answers].count(MoveRefused) == 1
    assert Wait.objects.count() == 1


def test_the_same_answer_sent_twice_at_once_is_one_message(cleo, mail, desi):
    ticket = make_ticket(cleo, mail)

    first, second = at_once(
        *[lambda: verbs.answer(ticket, by=desi.actor, at=NOON, text="We look into it")] * 2
    )

    assert first == second
    assert lines(ticket) == ["reported", "answered"]


def test_two_tickets_merged_into_each_other_at_once_are_merged_one_way(cleo, una, mail, desi):
    one, two = make_ticket(cleo, mail), make_ticket(una, mail)

    answers = at_once(
        lambda: verbs.merge(one, by=desi.actor, at=NOON, into=two),
        lambda: verbs.merge(two, by=desi.actor, at=NOON, into=one),
    )

    assert [type(each) for each in answers].count(MoveRefused) == 1
    assert Ticket.objects.filter(state="merged").count() == 1
    assert Ticket.objects.queued().count() == 1


def test_a_reply_and_a_merge_at_once_lose_nothing(cleo, una, mail, desi):
    survivor, other = make_ticket(cleo, mail), make_ticket(una, mail)

    answers = at_once(
        lambda: verbs.merge(other, by=desi.actor, at=NOON, into=survivor),
        lambda: verbs.answer(other, by=una.actor, at=NOON, text="Still slow"),
    )

    refused = [each for each in answers if isinstance(each, Refusal)]
    assert other.messages.count() == 2 - len(refused)
    assert Ticket.objects.get(pk=other.pk).survivor == survivor


def test_two_made_each_others_parent_at_once_are_no_circle(cleo, una, mail, desi):
    one, two = make_ticket(cleo, mail), make_ticket(una, mail)

    answers = at_once(
        lambda: verbs.set_parent(one, by=desi.actor, at=NOON, parent=two),
        lambda: verbs.set_parent(two, by=desi.actor, at=NOON, parent=one),
    )

    assert sum(isinstance(each, Refusal) for each in answers) == 1
    assert Ticket.objects.exclude(parent=None).count() == 1


def test_the_same_link_made_twice_at_once_is_one(cleo, una, mail, desi):
    one, two = make_ticket(cleo, mail), make_ticket(una, mail)

    first, second = at_once(
        *[lambda: verbs.link(one, two, by=desi.actor, at=NOON, kind="blocks")] * 2
    )

    assert first == second
    assert lines(one) == ["reported", "linked"]


def test_the_same_agreement_activated_twice_at_once_is_one_version(mail, clive):
    content = Agreement.from_toml(A7)

    answers = at_once(*[lambda: activate(content, by=COMMAND, at=LONG_AGO)] * 2)

    assert sorted(each.is_new for each in answers) == [False, True]
    assert Version.objects.count() == 1
    assert Line.objects.filter(kind="agreement.activated").count() == 1
