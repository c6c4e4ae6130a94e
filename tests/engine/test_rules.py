"""Rules as data: what holds and why, what is refused; nothing here acts."""

import pytest

from tricorn.engine.errors import BadInput
from tricorn.engine.rules import (
    Action,
    Condition,
    Facts,
    Written,
    because,
    checked,
    evaluate,
    read,
    reason_from,
)

NOTE = Action("add_note", text="Look at it.")
FACTS = Facts(
    values={
        "service": frozenset({3}),
        "kind": frozenset({"incident"}),
        "priority": frozenset({"high"}),
        "organisation": frozenset({1, 7}),
        "team": frozenset(),
        "channel": frozenset({"Mail"}),
        "tag": frozenset({"Printer"}),
        "covered": frozenset({"yes"}),
        "assigned": frozenset({"no"}),
    },
    text="The PRINTER in room 7 smokes.\nStraße closed, too",
)
NAMES = {("service", 3): "Mail", ("service", 4): "Laptop"}


@pytest.mark.parametrize(
    ("condition", "holds", "said"),
    [
        (Condition("service", (3, 4)), True, "the service is Mail"),
        (Condition("service", (4,)), False, "the service is not Laptop"),
        (Condition("service", (3,), negated=True), False, "the service is Mail"),
        (
            Condition("service", (4, 9), True),
            True,
            "the service is not Laptop or something that is gone",
        ),
        (Condition("kind", ("incident",)), True, "the kind is incident"),
        (Condition("priority", ("low", "moderate")), False, "the priority is not low or moderate"),
        (Condition("organisation", (7,)), True, "the organisation is something that is gone"),
        (Condition("team", (7,)), False, "the team is not something that is gone"),
        (Condition("channel", ("mail",)), True, "the way it came is “mail”"),
        (Condition("tag", ("PRINTER", "x")), True, "the tag is “PRINTER”"),
        (Condition("words", ("printer",)), True, "the text says “printer”"),
        (Condition("words", ("print",)), True, "the text says “print”"),
        (Condition("words", ("rinter",)), False, "the text does not say “rinter”"),
        (Condition("words", ("strasse",)), True, "the text says “strasse”"),
        (Condition("words", ("in room",)), True, "the text says “in room”"),
        (Condition("words", ("smoke",), negated=True), False, "the text says “smoke”"),
        (Condition("covered", ("yes",)), True, "who needs it is covered by an agreement"),
        (Condition("covered", ("no",)), False, "who needs it is covered by an agreement"),
        (Condition("assigned", ("no",)), True, "it is not so that somebody has it"),
        (Condition("assigned", ("yes",)), False, "it is not so that somebody has it"),
    ],
)
def test_a_condition_holds_or_not_and_says_why(condition, holds, said):
    outcome = evaluate([condition], FACTS)

    assert (outcome.holds, because(outcome.reasons[0], NAMES)) == (holds, said)
    assert reason_from(outcome.reasons[0].to_data()) == outcome.reasons[0]


def test_all_conditions_must_hold_and_none_hold_always():
    yes, no = Condition("kind", ("incident",)), Condition("kind", ("wish",))

    assert evaluate([], FACTS).holds
    assert evaluate([yes], FACTS).holds
    assert not evaluate([yes, no], FACTS).holds
    assert [reason.holds for reason in evaluate([yes, no], FACTS).reasons] == [True, False]


def test_a_rule_does_its_deeds_in_one_order_and_is_read_back_as_it_was():
    written = checked(
        Written(
            "waiting_since",
            (Condition("kind", ("incident", "incident")),),
            (NOTE, Action("assign", "load:7", "no words here"), Action("prioritise", "high")),
            minutes=90,
        )
    )

    assert [each.do for each in written.actions] == ["prioritise", "assign", "add_note"]
    assert written.conditions[0].values == ("incident",)
    assert written.actions[1] == Action("assign", "load:7")
    assert read(written.to_data()) == written


def test_a_length_belongs_to_what_comes_with_time_alone():
    assert checked(Written("reported", (), (NOTE,), minutes=5)).minutes is None


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (Written("never", (), (NOTE,)), "when"),
        (Written("due_in", (), (NOTE,)), "minutes"),
        (Written("due_in", (), (NOTE,), minutes=10**9), "minutes"),
        (Written("reported", (), ()), "actions"),
        (Written("reported", (), (Action("explode"),)), "actions"),
        (Written("reported", (), (NOTE, NOTE)), "actions"),
        (Written("reported", (), (Action("add_note"),)), "add_note"),
        (Written("reported", (), (Action("answer", text="x" * 10_001),)), "answer"),
        (Written("reported", (), (Action("prioritise", "urgent"),)), "prioritise"),
        (Written("reported", (), (Action("assign", "person"),)), "assign"),
        (Written("reported", (), (Action("assign", "person:x"),)), "assign"),
        (Written("reported", (), (Action("assign", "load:0"),)), "assign"),
        (Written("reported", (), (Action("wait", "nobody"),)), "wait"),
        (Written("reported", (Condition("mood", ("bad",)),), (NOTE,)), "conditions"),
        (Written("reported", (Condition("kind", ("x",)),), (NOTE,)), "kind"),
        (Written("reported", (Condition("kind", ()),), (NOTE,)), "kind"),
        (Written("reported", (Condition("service", ("3",)),), (NOTE,)), "service"),
        (Written("reported", (Condition("service", (True,)),), (NOTE,)), "service"),
        (Written("reported", (Condition("words", (" ",)),), (NOTE,)), "words"),
        (Written("reported", (Condition("words", ("x" * 81,)),), (NOTE,)), "words"),
        (Written("reported", (Condition("covered", ("yes", "no")),), (NOTE,)), "covered"),
        (Written("reported", (Condition("kind", ("wish",)),) * 2, (NOTE,)), "conditions"),
        (Written("reported", (Condition("service", tuple(range(1, 99))),), (NOTE,)), "service"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(written, field):
    with pytest.raises(BadInput) as refusal:
        checked(written)

    assert refusal.value.facts["field"] == field


@pytest.mark.parametrize(
    "data", [{}, {"when": "reported"}, {"when": "reported", "conditions": [1], "actions": []}]
)
def test_data_that_is_no_rule_is_refused(data):
    with pytest.raises(BadInput):
        read(data)
