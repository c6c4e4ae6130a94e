"""Problems: noted, understood, known with a workaround, solved, and what they caused is told."""

import pytest

from tests.cast import HOUR, NOON, make_ticket
from tests.tickets.steps import everything, fresh, lines
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.models import Line
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.relations import relations_of
from tricorn.tickets.verbs import Described


@pytest.fixture
def given(mail):
    return Described("Letters get lost behind the wall", (mail,))


@pytest.fixture
def problem(given, desi):
    return verbs.add_problem(given, by=desi.actor, at=NOON)


def told(problem):
    kinds = Line.objects.about("problem", problem.pk).values_list("kind", flat=True)
    return [kind.removeprefix("problem.") for kind in kinds]


def refused(kind, deed):
    before = [*everything(), list(Problem.objects.values())]
    with pytest.raises(kind) as said:
        deed()
    assert [*everything(), list(Problem.objects.values())] == before
    return str(said.value)


def test_the_same_form_sent_twice_notes_one_problem(problem, given, desi):
    assert verbs.add_problem(given, by=desi.actor, at=NOON) == problem
    assert told(problem) == ["added"]
    assert verbs.add_problem(given, by=desi.actor, at=NOON + HOUR) != problem


def test_a_problem_goes_from_found_to_solved_and_back(problem, mail, desi):
    assert (problem.ref, problem.state) == (f"P-{problem.pk}", "found")
    known = Described(problem.title, (mail,), "A full disk", "Send it again", is_known_error=True)

    problem = verbs.change_problem(problem, known, by=desi.actor, at=NOON)
    assert problem.state == "understood"
    verbs.change_problem(problem, known, by=desi.actor, at=NOON)
    problem = verbs.solve_problem(problem, by=desi.actor, at=NOON + HOUR, solution="New disk")
    verbs.solve_problem(problem, by=desi.actor, at=NOON + HOUR, solution="New disk")
    assert (problem.state, problem.solved_at) == ("solved", NOON + HOUR)
    problem = verbs.reopen_problem(problem, by=desi.actor, at=NOON + 2 * HOUR)

    assert (problem.state, problem.solved_at) == ("understood", None)
    assert told(problem) == ["added", "changed", "solved", "reopened"]


def test_what_cannot_be_noted_of_a_problem_is_said(problem, mail, desi, una):
    for bad in (
        Described("", (mail,)),
        Described("x" * 201, (mail,)),
        Described("Lost", ()),
        Described("Lost", (mail,), is_known_error=True),
    ):
        refused(BadInput, lambda b=bad: verbs.add_problem(b, by=desi.actor, at=NOON))
    refused(
        StandingRefused,
        lambda: verbs.add_problem(Described("Lost", (mail,)), by=una.actor, at=NOON),
    )
    refused(MoveRefused, lambda: verbs.reopen_problem(problem, by=desi.actor, at=NOON))
    refused(BadInput, lambda: verbs.solve_problem(problem, by=desi.actor, at=NOON, solution=" "))


def test_tickets_are_linked_to_a_problem_and_twice_is_once(problem, una, mail, desi):
    ticket = make_ticket(una, mail)
    for _ in range(2):
        verbs.link_to_problem(problem, ticket, by=desi.actor, at=NOON)
    assert lines(ticket) == ["reported", "problem_linked"]
    for _ in range(2):
        verbs.unlink_from_problem(problem, ticket, by=desi.actor, at=NOON)
    assert lines(ticket) == ["reported", "problem_linked", "problem_unlinked"]


def test_a_known_error_helps_on_tickets_that_are_alike(mail, una, desi):
    known = Described("Letters get lost", (mail,), "", "Send them again", is_known_error=True)
    problem = verbs.add_problem(known, by=desi.actor, at=NOON)
    like = make_ticket(una, mail, text="My letters do not arrive")
    unlike = make_ticket(una, mail, text="Mail is slow")
    agent = Agent(desi.pk, None, ())

    assert relations_of(like, agent).workarounds == (problem,)
    assert relations_of(unlike, agent).workarounds == ()

    verbs.link_to_problem(problem, unlike, by=desi.actor, at=NOON)
    assert relations_of(unlike, agent).workarounds == (problem,)

    verbs.solve_problem(problem, by=desi.actor, at=NOON, solution="New disk")
    assert relations_of(fresh(like), agent).workarounds == ()
