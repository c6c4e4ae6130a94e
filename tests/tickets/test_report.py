"""Taking a report: clocks pinned, use and facts written, one line in the journal."""

import pytest

from tests.cast import MONDAY, SATURDAY, make_ticket
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import VISITOR
from tricorn.journal.models import Line
from tricorn.standing.models import Fact, Use
from tricorn.standing.portrait import portrait
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket


def test_a_report_runs_by_the_agreement_that_covers_the_person(cleo, mail, a7):
    ticket = make_ticket(cleo, mail)

    assert ticket.version == a7
    assert ticket.covered_by == "A-7 v1 covers Finance; Finance pays."
    clauses = {clock.measure: clock.clause.name for clock in ticket.clocks.all()}
    assert clauses == {"first_response": "R1", "resolution": "R2"}


def test_a_report_without_an_agreement_runs_by_the_house_promise(una, mail, a7):
    ticket = make_ticket(una, mail)

    assert ticket.version is None
    assert {clock.target.within for clock in ticket.clocks.all()} == {"8h", "3d"}


def test_on_saturday_the_clock_starts_on_monday_and_46_hours_pass(clive, mail, a7):
    ticket = make_ticket(clive, mail, at=SATURDAY)

    assert ticket.due_at == MONDAY.replace(hour=7)
    clock = ticket.clocks.get(measure="resolution")
    assert clock.elapsed_seconds == 0


def test_an_anonymous_report_has_a_private_link_and_makes_nobody_aware(mail):
    ticket = make_ticket(None, mail)

    assert ticket.link_hash
    assert not Fact.objects.exists()
    assert Use.objects.get().person is None


def test_who_reports_under_their_name_has_used_the_service_and_knows_it(una, mail):
    make_ticket(una, mail)

    facts = portrait(una.pk, MONDAY).facts(mail.pk)
    assert (facts.used, facts.aware, facts.days, facts.voice) == (True, True, 1, False)


def test_an_empty_report_is_refused_and_nothing_is_written(mail):
    lines = Line.objects.count()

    with pytest.raises(BadInput) as refusal:
        verbs.report(verbs.Report(service=mail, text=" \0 \n"), by=VISITOR, at=MONDAY)

    assert str(refusal.value) == ("The text is empty. Write what is wrong, or what you need.")
    assert (Ticket.objects.count(), Line.objects.count()) == (0, lines)


def test_the_same_form_twice_is_one_ticket(mail):
    given = verbs.Report(service=mail, text="The door is stuck", once="form-1")

    first = verbs.report(given, by=VISITOR, at=MONDAY)
    second = verbs.report(given, by=VISITOR, at=MONDAY)

    assert first == second
    assert Line.objects.filter(kind="ticket.reported").count() == 1


def test_the_journal_line_carries_no_personal_text(una, mail):
    ticket = make_ticket(una, mail, text="My name is Una and my phone is 555")

    line = Line.objects.about("ticket", ticket.pk).get()
    assert "Una" not in str(line.data)
    assert line.digest == ticket.messages.get().digest
