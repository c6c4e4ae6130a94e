"""The pages of problems: list, note, change, solve, tell everybody; the workaround in an answer."""

import pytest

from tests.cast import LONG_AGO, NOON, make_ticket, somebody
from tests.tickets.steps import fresh
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Problem
from tricorn.tickets.verbs import Described


@pytest.fixture
def problem(mail, desi):
    known = Described(
        "Letters get lost", (mail,), "", "Please send them again", is_known_error=True
    )
    return verbs.add_problem(known, by=desi.actor, at=NOON)


def body(response):
    return response.content.decode()


def test_the_list_says_what_will_be_here_and_then_shows_it_by_tab_and_words(desk, problem):
    assert "Letters get lost" in body(desk.get("/desk/problems/"))
    assert "Letters get lost" in body(desk.get("/desk/problems/?show=known&q=letters"))
    assert "No problems here" in body(desk.get("/desk/problems/?show=solved"))
    assert "No problem has these words" in body(desk.get("/desk/problems/?q=bananas"))


def test_a_problem_is_noted_from_a_ticket_and_linked_to_it(desk, una, mail):
    ticket = make_ticket(una, mail)
    assert ticket.ref in body(desk.get(f"/desk/problems/add/?ticket={ticket.ref}"))
    given = {"title": "It is slow", "services": [mail.pk], "ticket": ticket.ref}

    said = desk.post("/desk/problems/add/", given, follow=True)

    problem = Problem.objects.get()
    assert list(problem.tickets.all()) == [ticket]
    assert f"{problem.ref} is noted." in body(said)


def test_what_is_refused_comes_back_with_what_was_typed(desk, mail):
    given = {"title": "It is slow", "services": [mail.pk], "is_known_error": "on"}

    page = desk.post("/desk/problems/add/", given)

    assert page.status_code == 422
    assert "A known error has a workaround" in body(page)
    assert "It is slow" in body(page)
    assert not Problem.objects.exists()


def test_a_solved_problem_offers_to_tell_everybody_and_says_what_was_refused(
    desk, desi, problem, una, mail
):
    one, two = (make_ticket(una, mail, text=text) for text in ("Lost one", "Lost two"))
    for ticket in (one, two):
        desk.post(f"/desk/problems/{problem.pk}/link-ticket/", {"ref": ticket.ref})
    page = desk.post(f"/desk/problems/{problem.pk}/solve/", {"text": "New disk"}, follow=True)
    assert "Tell them and resolve" in body(page)

    told = desk.post(
        f"/desk/problems/{problem.pk}/tell/",
        {"tickets": [one.pk, two.pk], "text": "It works again"},
        follow=True,
    )

    assert "2 tickets are resolved." in body(told)
    assert {fresh(each).state for each in (one, two)} == {"resolved"}
    assert desk.post(f"/desk/problems/{problem.pk}/reopen/").status_code == 302


def test_the_workaround_is_shown_on_the_ticket_and_put_into_the_answer(desk, problem, una, mail):
    ticket = make_ticket(una, mail, text="Some letters are missing")

    page = desk.get(f"/desk/t/{ticket.ref}/")
    filled = desk.get(f"/desk/t/{ticket.ref}/?workaround={problem.ref}")

    assert f"?workaround={problem.ref}#say" in body(page)
    assert filled.context["reply"]["text"].value() == "Please send them again"


@pytest.mark.parametrize("said", ["P-1000000", "letters", "", "P-" + "9" * 40])
def test_a_problem_that_is_not_there_is_said_on_the_ticket(desk, una, mail, said):
    ticket = make_ticket(una, mail)

    assert desk.post(f"/desk/t/{ticket.ref}/link-problem/", {"problem": said}).status_code == 422


def test_a_problem_is_linked_on_the_ticket_by_name_or_words_and_unlinked_there(
    desk, desi, problem, una, mail
):
    ticket = make_ticket(una, mail)

    assert 'value="P-' in body(desk.get("/desk/problems/names/?problem=lost"))
    assert 'value="P-' not in body(desk.get("/desk/problems/names/?problem=lo"))

    for said in (problem.ref.lower(), f"{problem.ref} Letters get lost", "letters lost"):
        desk.post(f"/desk/t/{ticket.ref}/link-problem/", {"problem": said})
        assert list(problem.tickets.all()) == [ticket], said
        problem.tickets.clear()
    verbs.add_problem(Described("Letters burn", (mail,)), by=desi.actor, at=NOON)
    several = desk.post(f"/desk/t/{ticket.ref}/link-problem/", {"problem": "letters"})
    assert "Several problems match." in body(several)
    assert not problem.tickets.exists()
    desk.post(f"/desk/t/{ticket.ref}/link-problem/", {"problem": problem.ref})
    gone = {"ref": ticket.ref, "from": "ticket"}
    back = desk.post(f"/desk/problems/{problem.pk}/unlink-ticket/", gone)
    assert back["Location"] == f"/desk/t/{ticket.ref}/"
    assert not problem.tickets.exists()


def test_who_serves_none_of_its_services_finds_no_problem(sign_in, house, hours, problem):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    client = sign_in(dora)

    assert client.get(f"/desk/problems/{problem.pk}/").status_code == 404
    assert client.post(f"/desk/problems/{problem.pk}/solve/", {"text": "x"}).status_code == 404
    assert "Letters" not in body(client.get("/desk/problems/"))
