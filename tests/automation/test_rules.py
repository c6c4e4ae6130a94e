"""Rules at work: what sets them off, what they do, that they end, and what the log says."""

from datetime import timedelta

import pytest

from tests.automation.making import NOTE, rule, turn
from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.automation import verbs
from tricorn.automation.jobs import KEPT, forget_runs, react
from tricorn.automation.models import Rule, Run
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.rules import Action, Written
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Delivery, Line
from tricorn.parties import verbs as parties
from tricorn.standing.verbs import give_duty, go_away
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket


@pytest.fixture
def dora(house, mail):
    """Works at the desk of Mail, too."""
    person = somebody("Dora", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=mail)
    return person


def runs(**which):
    found = Run.objects.filter(**which).order_by("id").values_list("rule__name", "outcome", "depth")
    return [tuple(each) for each in found]


def test_while_there_is_no_rule_nothing_is_delivered_to_rules(una, mail):
    make_ticket(una, mail)

    assert not Delivery.objects.filter(reactor="rules").exists()


def test_a_report_is_given_priority_an_owner_and_a_note(una, mail, desi, finance):
    made = rule(
        "reported",
        Action("prioritise", "high"),
        Action("assign", f"person:{desi.pk}"),
        NOTE,
        asks=[("kind", "incident"), ("words", "slow")],
    )
    ticket = make_ticket(una, mail)

    turn(NOON)

    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assignee) == ("high", desi)
    lines = Line.objects.about("ticket", ticket.pk).filter(by_kind="worker")
    assert [line.kind for line in lines] == [
        "ticket.prioritised",
        "ticket.assigned",
        "ticket.noted",
    ]
    assert all(line.data["rule"] == made.pk and line.data["depth"] == 1 for line in lines)
    run = Run.objects.get()
    assert (run.outcome, run.ticket, run.edition) == ("done", ticket, 1)
    assert [each["do"] for each in run.done] == ["prioritise", "assign", "add_note"]
    assert [each["found"] for each in run.because] == [["incident"], ["slow"]]


@pytest.mark.parametrize(
    "asks",
    [
        ("kind", "wish"),
        ("words", "printer"),
        ("covered", "yes"),
        ("assigned", "yes"),
        ("open", "no"),
    ],
)
def test_what_does_not_hold_leaves_the_ticket_alone(una, mail, asks):
    rule("reported", asks=[asks])
    make_ticket(una, mail)

    turn(NOON)

    assert runs() == []


def test_a_rule_that_is_off_or_removed_does_nothing(una, mail):
    rule("reported", is_on=False)
    verbs.remove_rule(rule("reported", name="Gone"), by=COMMAND, at=LONG_AGO)
    rule("resolved")
    make_ticket(una, mail)

    turn(NOON)

    assert runs() == []


def test_a_tag_is_put_on_and_asked_for(una, mail):
    rule("reported", Action("tag", text="Printer"), name="Tags")
    rule("reported", Action("prioritise", "high"), asks=[("tag", "printer")], name="Tagged")
    rule("reported", asks=[("tag", "toner")], name="Other")
    make_ticket(una, mail)

    turn(NOON)

    assert runs() == [("Tags", "done", 0), ("Tagged", "done", 0)]


def test_who_answers_is_told_apart(una, desi, mail):
    rule("answered_by_them", name="Theirs", asks=[("words", "urgent")])
    rule("answered_by_us", name="Ours")
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=una.actor, at=NOON, text="It is urgent now")
    turn(NOON)
    assert runs() == [("Theirs", "done", 0)]

    tickets.answer(ticket, by=desi.actor, at=NOON + HOUR, text="We are at it")
    turn(NOON + HOUR)

    assert runs() == [("Theirs", "done", 0), ("Ours", "done", 0)]


def test_what_a_rule_answers_is_no_first_response(una, mail):
    rule("reported", Action("answer", text="Thank you, we look at it."))
    ticket = make_ticket(una, mail)

    turn(NOON)

    ticket.refresh_from_db()
    assert ticket.messages.filter(text__startswith="Thank you", is_from_desk=True).count() == 1
    assert (ticket.first_response_at, ticket.state) == (None, "new")


def test_a_line_heard_twice_is_one_run(una, mail):
    rule("reported")
    ticket = make_ticket(una, mail)
    line = Line.objects.get(kind="ticket.reported")

    react(line, NOON)
    react(line, NOON)

    assert runs() == [("Rule 1", "done", 0)]
    assert ticket.messages.filter(is_public=False).count() == 1


def test_what_is_held_is_looked_at_when_it_is_released(una, desi, mail):
    rule("reported")
    given = tickets.Report(service=mail, text="Mail is slow", held_for="link")
    ticket = tickets.report(given, by=una.actor, at=MONDAY)
    rule("cancelled", name="Other")
    turn(NOON)
    assert runs() == []

    tickets.release(ticket, by=desi.actor, at=NOON)
    turn(NOON)

    assert runs() == [("Rule 1", "done", 0)]


def test_two_rules_that_set_each_other_off_end(una, desi, dora, mail):
    rule("assigned", Action("assign", f"person:{dora.pk}"), name="To Dora")
    rule("assigned", Action("assign", f"person:{desi.pk}"), name="To Desi")
    ticket = make_ticket(una, mail)
    tickets.assign(ticket, by=desi.actor, at=NOON, to=desi)

    turn(NOON)

    done = [each for each in runs() if each[1] == "done"]
    assert done == [("To Dora", "done", 0), ("To Desi", "done", 0)]
    stopped = Run.objects.filter(outcome="stopped")
    assert stopped.exists()
    assert {each.depth for each in stopped} == {1}
    assert "same beginning" in stopped[0].done[0]["refused"]


def test_a_chain_of_rules_ends_after_three(una, desi, mail, house):
    team = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Night", parent=house.provider)
    rule("reported", Action("prioritise", "high"), name="1")
    rule("prioritised", Action("hand_over", f"team:{team.pk}", "Yours."), name="2")
    rule("handed_over", Action("assign", f"person:{desi.pk}"), name="3")
    rule("assigned", name="4")
    ticket = make_ticket(una, mail)

    turn(NOON)

    assert runs() == [("1", "done", 0), ("2", "done", 1), ("3", "done", 2), ("4", "stopped", 3)]
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (team, desi)


def test_a_deed_that_is_refused_says_why_and_the_others_are_done(una, sam, mail):
    rule("reported", Action("assign", f"person:{sam.pk}"), NOTE)
    rule("reported", Action("close"), name="Closes")
    ticket = make_ticket(una, mail)

    turn(NOON)

    assert runs() == [("Rule 1", "done", 0), ("Closes", "refused", 0)]
    first, second = Run.objects.order_by("id")
    assert first.done[0]["refused"].startswith("Sam does not work at the desk of Mail.")
    assert "refused" not in first.done[1]
    assert second.done[0]["refused"].startswith("Cannot close a ticket that is new.")
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state) == (None, "new")


def test_a_rule_stops_at_its_limit_an_hour_and_goes_on_after_it(una, mail):
    rule("reported", limit=2)
    for number in range(3):
        make_ticket(una, mail, at=NOON, text=f"Number {number}")
    turn(NOON)
    assert [outcome for _, outcome, _ in runs()] == ["done", "done", "capped"]

    make_ticket(una, mail, at=NOON + HOUR, text="Later")
    turn(NOON + HOUR)

    assert [outcome for _, outcome, _ in runs()][-1] == "done"


def test_a_rule_runs_ten_times_on_a_ticket_within_a_day(una, mail):
    rule("answered_by_them")
    ticket = make_ticket(una, mail)
    for number in range(11):
        moment = NOON + timedelta(minutes=2 * number)
        tickets.answer(ticket, by=una.actor, at=moment, text=f"And {number}")

    turn(NOON + HOUR)

    assert [outcome for _, outcome, _ in runs()] == ["done"] * 10 + ["capped"]


def test_by_load_it_goes_to_who_has_least_and_is_there(una, desi, dora, mail):
    rule("reported", Action("assign", "load"))
    for number in range(2):
        busy = make_ticket(una, mail, at=MONDAY, text=f"Before {number}")
        tickets.assign(busy, by=desi.actor, at=MONDAY, to=desi)
    given = []
    for number in range(4):
        ticket = make_ticket(una, mail, at=NOON, text=f"New {number}")
        turn(NOON)
        given.append(Ticket.objects.get(pk=ticket.pk).assignee.name)

    # The two before came while the rule was on: one each. Then whoever has less, desi first on a tie.
    assert given.count("Dora") == given.count("Desi")

    go_away(dora, by=dora.actor, at=NOON, until=NOON + 24 * HOUR)
    ticket = make_ticket(una, mail, at=NOON + HOUR, text="Dora is away")
    turn(NOON + HOUR)

    assert Ticket.objects.get(pk=ticket.pk).assignee == desi


def test_in_turn_it_goes_round_whoever_is_there(una, desi, dora, mail):
    rule("reported", Action("assign", "turn"))
    given = []
    for number in range(3):
        ticket = make_ticket(una, mail, at=NOON, text=f"New {number}")
        turn(NOON)
        given.append(Ticket.objects.get(pk=ticket.pk).assignee)

    assert given == [desi, dora, desi]


def test_with_nobody_there_it_stays_and_the_log_says_so(una, desi, mail):
    go_away(desi, by=desi.actor, at=MONDAY)
    rule("reported", Action("assign", "load"))
    make_ticket(una, mail)

    turn(NOON)

    assert Run.objects.get().outcome == "refused"
    assert "Nobody who serves Mail is there" in Run.objects.get().done[0]["refused"]


def test_somebody_is_told_by_a_line_with_their_number(una, desi, mo, mail):
    made = rule("reported", Action("notify", "manager"))
    make_ticket(una, mail)

    turn(NOON)

    line = Line.objects.get(kind="rule.notified")
    assert (line.subject, line.data["persons"], line.data["rule"]) == ("ticket", [mo.pk], made.pk)


def test_waiting_since_is_looked_at_when_the_time_is_over_and_once(una, desi, mail):
    rule("waiting_since", minutes=120)
    ticket = make_ticket(una, mail)
    tickets.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="customer")
    turn(MONDAY + 3 * HOUR - timedelta(seconds=1))
    assert runs() == []

    turn(MONDAY + 3 * HOUR)
    turn(MONDAY + 4 * HOUR)

    assert runs() == [("Rule 1", "done", 0)]


def test_who_went_on_in_time_is_left_alone(una, desi, mail):
    rule("waiting_since", minutes=120)
    ticket = make_ticket(una, mail)
    tickets.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="customer")
    turn(MONDAY + HOUR)
    tickets.go_on(ticket, by=desi.actor, at=MONDAY + 2 * HOUR)

    turn(MONDAY + 5 * HOUR)

    assert runs() == []


def test_what_stayed_resolved_is_closed_after_its_time(una, desi, mail):
    rule("resolved_since", Action("close"), minutes=24 * 60)
    ticket = make_ticket(una, mail)
    tickets.resolve(ticket, by=desi.actor, at=NOON, note="Cable")

    turn(NOON + 24 * HOUR)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at) == ("closed", NOON + 24 * HOUR)


def test_due_in_and_late_are_found_for_tickets_that_were_there_before(cleo, a7, mail):
    old = make_ticket(cleo, mail)  # first answer within 1 h, resolved within 8 h
    half = MONDAY + HOUR / 2
    rule("due_in", minutes=15, name="Soon", at=half)
    rule("late", name="Late", at=half)

    turn(MONDAY + HOUR)
    assert runs(ticket=old) == [("Soon", "done", 0)]
    turn(MONDAY + HOUR + timedelta(seconds=1))

    assert runs(ticket=old) == [("Soon", "done", 0), ("Late", "done", 0)]


def test_what_fell_due_before_a_rule_was_on_is_left_alone(cleo, a7, mail):
    make_ticket(cleo, mail)
    rule("late", at=MONDAY + 2 * HOUR)

    turn(MONDAY + 3 * HOUR)

    assert runs() == []


def test_rules_are_kept_by_managers_of_everything_alone(desi, mo):
    written = Written("reported", (), (NOTE,))
    with pytest.raises(StandingRefused):
        verbs.add_rule(by=desi.actor, at=NOON, name="Mine", written=written)
    assert not Rule.objects.exists()

    assert not verbs.add_rule(by=mo.actor, at=NOON, name="Hers", written=written).is_on


def test_each_change_is_an_edition_with_a_line_and_no_words_in_it(mo):
    made = rule("reported", name="One")
    written = Written("reported", (), (Action("add_note", text="Secret words"),))

    changed = verbs.change_rule(made, by=mo.actor, at=NOON, name="One", written=written)
    verbs.change_rule(changed, by=mo.actor, at=NOON, name="One", written=written)

    lines = Line.objects.about("rule", made.pk)
    assert [line.kind for line in lines] == ["rule.added", "rule.switched_on", "rule.changed"]
    assert lines[2].data == {"edition": 2, "when": "reported"}
    assert lines[0].digest != lines[2].digest


def test_two_rules_do_not_share_a_name_and_a_removed_one_frees_it(mo):
    made = rule("reported", name="One")
    with pytest.raises(BadInput):
        rule("reported", name="one")

    verbs.remove_rule(made, by=mo.actor, at=NOON)
    verbs.remove_rule(made, by=mo.actor, at=NOON)

    assert rule("reported", name="one").name == "one"


def test_rules_run_in_their_order_and_each_sees_what_the_one_before_did(una, mail):
    rule("reported", name="First", asks=[("priority", "high")])
    second = rule("reported", Action("prioritise", "high"), name="Second")
    verbs.move_rule(second, by=COMMAND, at=NOON, is_up=True)
    verbs.move_rule(second, by=COMMAND, at=NOON, is_up=True)
    make_ticket(una, mail)

    turn(NOON)

    assert runs() == [("Second", "done", 0), ("First", "done", 0)]


def test_variables_become_what_they_stand_for(una, mail):
    rule("reported", Action("answer", text="Hello {{ name }}, {{ ref }} is with us. {{ agent }}"))
    ticket = make_ticket(una, mail)

    turn(NOON)

    said = ticket.messages.get(is_from_desk=True)
    assert said.text == f"Hello Una, {ticket.ref} is with us."


@pytest.mark.parametrize("do", ["add_note", "answer"])
def test_a_variable_that_does_not_exist_is_refused_when_it_is_written(mo, do):
    with pytest.raises(BadInput, match="There is no variable") as refusal:
        rule("reported", Action(do, text="Hello {{ nobody }}"))

    assert refusal.value.facts["field"] == do
    assert not Rule.objects.exists()


def test_what_was_split_off_is_heard_like_something_new(una, desi, mail):
    rule("reported")
    ticket = make_ticket(una, mail)
    said = tickets.answer(ticket, by=una.actor, at=MONDAY + HOUR, text="And the printer smokes")
    part = tickets.Part(messages=(said.pk,), service=mail, requester=una)
    new = tickets.split(ticket, part, by=desi.actor, at=NOON)

    turn(NOON)

    assert Run.objects.filter(ticket=new, outcome="done").count() == 1


def test_links_are_asked_for_made_and_heard(una, desi, mail):
    noted = tickets.Noted(services=(mail,), began_at=MONDAY)
    described = tickets.Described("Old switch", services=(mail,))
    problem = tickets.add_problem(described, by=desi.actor, at=MONDAY)
    rule("reported", Action("link", "outage"), asks=[("outage", "no")], name="Outage")
    rule("linked_to_outage", Action("link", f"problem:{problem.pk}"), name="Problem")
    rule("linked_to_problem", asks=[("outage", "yes"), ("problem", "yes")], name="Both")
    early = make_ticket(una, mail)
    turn(MONDAY)
    outage = tickets.begin_outage(noted, by=desi.actor, at=MONDAY + HOUR)
    ticket = make_ticket(una, mail, at=MONDAY + 2 * HOUR)

    turn(MONDAY + 2 * HOUR)

    assert list(outage.tickets.all()) == [ticket]
    assert list(problem.tickets.all()) == [ticket]
    assert runs(ticket=early) == [("Outage", "refused", 0)]
    assert runs(ticket=ticket) == [
        ("Outage", "done", 0),
        ("Problem", "done", 1),
        ("Both", "done", 2),
    ]


def test_the_log_forgets_what_is_older_than_it_goes_back_and_runs_nothing_again(una, mail):
    rule("reported")
    rule("waiting_since", minutes=60, name="Waits")
    make_ticket(una, mail)
    turn(NOON)
    line = Line.objects.get(kind="ticket.reported")

    assert forget_runs(NOON + KEPT) == 0
    assert forget_runs(NOON + KEPT + HOUR) == 1

    turn(NOON + KEPT + HOUR)
    assert (Run.objects.count(), line.deliveries.filter(state="waiting").count()) == (0, 0)
