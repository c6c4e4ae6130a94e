"""Two answers, absences or requests at the same moment: one wins, the other hears why."""

from datetime import timedelta

import pytest

from tests.cast import LONG_AGO, MONDAY, NOON, somebody
from tests.tickets.test_two_at_once import at_once
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.standing.models import Absence, Answer, Approval, Authority, Quorum
from tricorn.standing.proof import changed_authority
from tricorn.standing.verbs import go_away, grant, set_quorum, withdraw

pytestmark = pytest.mark.django_db(transaction=True)
WHO = {"by": COMMAND, "at": LONG_AGO}


@pytest.fixture
def asked(clive, cleo, finance, mail):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    grant(somebody("Pia", finance), finance, ["sign"], **WHO)
    return Asked(finance, "sign", (mail,))


def ask(asked):
    return approvals.ask("offer", 7, asked, words="Saturdays", by=COMMAND, at=NOON)


def answer(approval, person, yes=True):
    return approvals.answer(approval, person, yes, by=person.actor, at=NOON)


def test_one_person_answers_once_even_twice_at_once(asked, clive):
    approval = ask(asked)

    answers = at_once(*[lambda: answer(approval, clive, False)] * 3)

    assert [type(each) for each in answers].count(MoveRefused) == 2
    assert Answer.objects.count() == 1


def test_of_a_holder_and_their_deputy_at_once_one_is_heard(asked, clive, cleo, finance):
    set_quorum(finance, "sign", 2, **WHO)
    go_away(clive, by=COMMAND, at=MONDAY)
    approval = ask(asked)

    answers = at_once(lambda: answer(approval, clive), lambda: answer(approval, cleo))

    assert [type(each) for each in answers].count(StandingRefused) == 1
    approval.refresh_from_db()
    assert (approval.state, Answer.objects.count()) == ("open", 1)


def test_an_answer_and_a_withdrawn_request_at_once_settle_it_once(asked, clive):
    approval = ask(asked)

    answers = at_once(
        lambda: answer(approval, clive),
        lambda: approvals.withdraw_request(approval, by=COMMAND, at=NOON),
    )

    assert [type(each) for each in answers].count(MoveRefused) == 1
    approval.refresh_from_db()
    assert (approval.state == "given") == Answer.objects.exists()
    assert list(changed_authority()) == []


def test_the_same_question_at_once_is_one(asked):
    answers = at_once(*[lambda: ask(asked)] * 3)

    assert answers == [Approval.objects.get()] * 3
    assert Line.objects.filter(kind="approval.asked").count() == 1


def test_two_workers_remind_once(asked):
    ask(asked)

    answers = at_once(*[lambda: approvals.remind_due(NOON + timedelta(days=3))] * 2)

    assert sorted(answers) == [0, 1]
    assert Line.objects.filter(kind="approval.reminded").count() == 1


def test_two_who_name_each_other_at_once_close_no_circle(clive, cleo, finance):
    answers = at_once(
        lambda: grant(clive, finance, ["sign"], deputy=cleo, **WHO),
        lambda: go_away(cleo, by=COMMAND, at=LONG_AGO, deputy=clive),
    )

    assert [type(each) for each in answers].count(BadInput) == 1
    assert Authority.objects.count() + Absence.objects.count() == 1


def test_an_authority_is_withdrawn_once_and_a_number_set_once(asked, clive, finance):
    held = Authority.objects.get(person=clive)

    ended = at_once(*[lambda: withdraw(held, by=COMMAND, at=NOON)] * 2)
    numbers = at_once(*[lambda: set_quorum(finance, "accept", 1, **WHO)] * 2)

    assert [type(each) for each in ended].count(BadInput) == 1
    assert numbers == [Quorum.objects.get()] * 2
