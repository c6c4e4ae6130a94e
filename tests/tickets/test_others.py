"""What else could have applied to a ticket is said with why it did not, as of when it was reported."""

import json

from click.testing import CliRunner

from tests.agreements.test_choose import agree
from tests.agreements.test_everyone import cover_everyone
from tests.cast import A7, MONDAY, NOON, make_ticket
from tricorn.agreements.verbs import activate
from tricorn.cli import tricorn
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND
from tricorn.tickets import verbs
from tricorn.tickets.reads.others import others_of


def reasons(ticket) -> dict[str, str]:
    return {other.agreement: other.reason for other in others_of(ticket)}


def at_reception(person, mail, reception, **more):
    given = verbs.Report(service=mail, text="Slow", requester=person, place=reception, **more)
    return verbs.report(given, by=person.actor, at=MONDAY)


def test_nothing_else_could_have_applied(a7, cleo, una, mail):
    assert others_of(make_ticket(cleo, mail)) == ()
    assert others_of(make_ticket(una, mail, text="Again")) == ()


def test_each_less_specific_one_is_named_with_what_it_covers(a7, cleo, mail, finance, reception):
    agree("PLACE", 'place = "reception"', "1h")
    cover_everyone("ALL", mail, finance, "1h")

    place, everyone = others_of(at_reception(cleo, mail, reception))

    assert (place.agreement, place.version, place.reason) == ("PLACE", 1, "less_specific")
    assert place.why == (
        "It covers everyone at Reception, Building B, which is less specific than Finance."
    )
    assert everyone.why == "It covers everyone, which is less specific than Finance."


def test_of_equally_specific_ones_the_later_promise_and_the_same_one_are_told_apart(a7, cleo, mail):
    agree("LATER", 'organisation = "Finance"', "9h")
    agree("SAME", 'organisation = "Finance"', "8h")

    assert reasons(make_ticket(cleo, mail)) == {"SAME": "same", "LATER": "later"}


def test_what_came_on_record_afterwards_is_named_as_such(mail, clive, cleo):
    ticket = make_ticket(cleo, mail)
    activate(Agreement.from_toml(A7), by=COMMAND, at=NOON)

    assert ticket.version is None
    assert reasons(ticket) == {"A-7": "recorded_later"}


def test_another_priority_afterwards_changes_nothing_about_the_choice(a7, cleo, mail, desi):
    agree("LATER", 'organisation = "Finance"', "9h")
    ticket = make_ticket(cleo, mail)

    verbs.prioritise(ticket, by=desi.actor, at=NOON, priority="critical")

    ticket.refresh_from_db()
    assert ticket.version == a7
    assert reasons(ticket) == {"LATER": "later"}


def test_what_has_ended_or_has_not_begun_could_not_have_applied(mail, clive, cleo, a7):
    toml = A7.replace('"A-7"', '"OVER"').replace(
        "2026-05-04\n\n", "2026-05-04\nto = 2026-10-11\n\n"
    )
    activate(Agreement.from_toml(toml), by=COMMAND, at=MONDAY)
    toml = A7.replace('"A-7"', '"COMING"').replace("from = 2026-05-04", "from = 2026-10-13")
    activate(Agreement.from_toml(toml), by=COMMAND, at=MONDAY)

    assert others_of(make_ticket(cleo, mail)) == ()


def test_twenty_others_cost_what_one_costs(a7, cleo, mail, django_assert_num_queries):
    ticket = make_ticket(cleo, mail)
    agree("B-1", 'organisation = "Finance"', "9h")
    with django_assert_num_queries(5):
        assert len(others_of(ticket)) == 1
    for n in range(2, 21):
        agree(f"B-{n}", 'organisation = "Finance"', "9h")

    with django_assert_num_queries(5):
        assert len(others_of(ticket)) == 20


def test_the_command_says_them_in_words_and_as_data(a7, cleo, mail):
    agree("LATER", 'organisation = "Finance"', "9h")
    ticket = make_ticket(cleo, mail)

    said = CliRunner().invoke(tricorn, ["ticket", "show", ticket.ref])
    data = json.loads(CliRunner().invoke(tricorn, ["ticket", "show", ticket.ref, "--json"]).stdout)

    assert "Not LATER v1: It is as specific, and its promise is due later." in said.stdout
    assert data["agreement"] == "A-7"
    assert data["others"] == [
        {
            "agreement": "LATER",
            "version": 1,
            "why": "It is as specific, and its promise is due later.",
        }
    ]
