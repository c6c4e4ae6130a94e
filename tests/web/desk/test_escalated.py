"""Escalation at the desk: on the ticket in words, in the queue by a word."""

from tests.automation.making import rule, turn
from tests.cast import A7, HOUR, LONG_AGO, MONDAY, NOON, make_ticket
from tricorn.agreements.verbs import activate
from tricorn.automation.verbs import set_chain
from tricorn.engine.agreement import Agreement
from tricorn.engine.escalation import Step
from tricorn.journal.actor import COMMAND
from tricorn.tickets import verbs


def test_the_ticket_and_the_queue_say_that_it_was_escalated(desk, cleo, desi, mo, a7, mail):
    steps = [Step("late", whom="manager"), Step("after", 600)]
    set_chain(mail, steps, by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)
    assert "escalated by" not in desk.get("/desk/").content.decode()

    turn(MONDAY + 2 * HOUR)

    page = desk.get(f"/desk/t/{ticket.ref}/").content.decode()
    assert "to Mo, step 1 of 2 (first answer), by the service" in page
    assert "Escalated, step 1 of 2" in page
    assert "escalated by the service</span>" in desk.get("/desk/").content.decode()
    verbs.answer(ticket, by=desi.actor, at=NOON, text="We are at it")
    assert "escalated by" not in desk.get("/desk/").content.decode()


def test_the_ticket_and_the_queue_name_the_clause_of_the_agreement(desk, cleo, clive, mo, mail):
    step = '[[escalation]]\nid = "E1"\nat = "late"\ntell = "manager"\nclient = true\n'
    activate(Agreement.from_toml(A7 + step), by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(cleo, mail)

    turn(MONDAY + 2 * HOUR)

    page = desk.get(f"/desk/t/{ticket.ref}/").content.decode()
    said = "to Mo and the client, step 1 of 1 (first answer), by the agreement A-7, clause E1"
    assert said in page
    assert "escalated by the agreement, clause E1</span>" in desk.get("/desk/").content.decode()


def test_what_a_rule_did_stands_on_the_ticket(desk, una, mail):
    rule("reported")
    ticket = make_ticket(una, mail)
    turn(NOON)

    page = desk.get(f"/desk/t/{ticket.ref}/").content.decode()

    assert "Look at it." in page
    assert "Tricorn wrote a note" in page
