"""Answers and texts: there and back without loss; what cannot be is said at its place."""

from dataclasses import replace

import pytest
from hypothesis import given

from tests.cast import A7
from tests.engine.agreements_given import EVERYTHING, agreements
from tricorn.agreements.composing import (
    Answers,
    BadAnswer,
    Fast,
    answers_of,
    clauses_of,
    content_of,
    fast_of,
    promises,
)
from tricorn.catalogue.verbs import Promise
from tricorn.engine.agreement import Agreement
from tricorn.engine.hours import Hours

DESK = Hours.always("Europe/Berlin")
HEAD = {"title": "Mail for Finance", "services": ["mail"], "from": "2026-12-01"}
PARTIES = {"ref": "A-9", "client": "Finance", "provider": "House IT"}


def composed(rows=None, **head):
    rows = {
        "hours": [{"name": "desk", "hours": DESK}],
        "clause": [{"stop": "resolved", "target": "8h"}],
        **(rows or {}),
    }
    return content_of(Answers({**HEAD, **head}, rows), **PARTIES)


def there_and_back(content):
    parties = {"ref": content.ref, "client": content.client, "provider": content.provider}
    return content_of(answers_of(content), **parties)


@pytest.mark.parametrize("written", [A7, EVERYTHING])
def test_a_text_filled_in_and_left_as_it_is_says_the_same(written):
    content = replace(Agreement.from_toml(written), signed=())

    assert there_and_back(content).hash == content.hash


@given(agreements())
def test_any_text_goes_there_and_back(content):
    content = replace(content, signed=())

    assert there_and_back(content) == content


def test_four_boxes_are_four_clauses_and_two_where_urgent_is_as_the_rest():
    four = promises(Fast("30m", "4h", "8h", "3d", share="95"))
    two = promises(Fast("8h", "3d", "8h", "3d"))

    assert [(row["stop"], row["priorities"], row["target"]) for row in four] == [
        ("first_response", ["critical", "high"], "30m"),
        ("first_response", ["moderate", "low"], "8h"),
        ("resolved", ["critical", "high"], "4h"),
        ("resolved", ["moderate", "low"], "3d"),
    ]
    assert [row["priorities"] for row in two] == [[], []]
    content = composed({"clause": four})
    assert [clause.id for clause in content.clauses] == ["R1", "R2", "R3", "R4"]
    assert str(content.clauses[0].share) == "0.95"


def test_an_empty_box_promises_nothing():
    assert [row["target"] for row in promises(Fast(other_resolved="3d"))] == ["3d"]
    assert promises(Fast()) == []


def test_a_levels_promises_fill_the_boxes_where_they_fit():
    usual = fast_of([Promise("first_response", "8h"), Promise("resolution", "3d")])
    urgent = fast_of([Promise("resolution", "4h", priorities=["high", "critical"])])

    assert (usual.urgent_first, usual.other_first, usual.other_resolved) == ("8h", "8h", "3d")
    assert usual.stopped_by == ("customer", "user")
    assert (urgent.urgent_resolved, urgent.other_resolved) == ("4h", "")


def test_kinds_stay_with_what_is_promised_for_them():
    fast = fast_of([Promise("first_response", "8h"), Promise("resolution", "3d", ["incident"])])

    assert [row["kinds"] for row in promises(fast)] == [[], ["incident"]]


def test_promises_that_fit_no_box_become_rows():
    odd = [Promise("closing", "5d"), Promise("resolution", "4h", kinds=["incident"])]
    mixed = [
        Promise("resolution", "4h", kinds=["incident"], priorities=["critical", "high"]),
        Promise("resolution", "3d", kinds=["request"], priorities=["moderate", "low"]),
    ]

    assert fast_of(mixed) is None

    assert fast_of(odd) is None
    content = composed({"clause": clauses_of(odd)})
    assert [(c.stop, c.kinds) for c in content.clauses] == [
        ("closed", ()),
        ("resolved", ("incident",)),
    ]


def test_empty_rows_say_nothing_and_ids_are_given():
    content = composed(
        {
            "clause": [
                {},
                {"stop": "resolved", "target": "8h", "id": "R1"},
                {"stop": "closed", "target": "9d"},
            ],
            "price": [{"currency": "EUR", "per": "month"}],
        }
    )

    assert [clause.id for clause in content.clauses] == ["R1", "R2"]
    assert content.prices == ()


def test_a_calendar_that_is_renamed_takes_its_clauses_along():
    content = composed(
        {
            "hours": [{"name": "counter", "was": "desk", "hours": DESK}],
            "clause": [{"stop": "resolved", "target": "8h", "hours": "desk"}],
        }
    )

    assert content.clauses[0].hours == "counter"


@pytest.mark.parametrize(
    ("rows", "head", "place", "said"),
    [
        (
            {"clause": [{}, {"stop": "resolved", "target": "soon"}]},
            {},
            ("clause", 1, "target"),
            "soon",
        ),
        (
            {"clause": [{"stop": "resolved", "target": "8h", "share": "0.95"}]},
            {},
            ("clause", 0, "share"),
            "Write 95",
        ),
        (
            {"clause": [{"stop": "resolved", "target": "8h", "share": "120"}]},
            {},
            ("clause", 0, "share"),
            "100",
        ),
        (
            {"clause": [{"stop": "resolved", "target": "8h", "hours": "night"}]},
            {},
            ("clause", 0, "hours"),
            "night",
        ),
        ({"price": [{}, {"amount": "x", "currency": "EUR"}]}, {}, ("price", 1, "amount"), "number"),
        (
            {"price": [{"amount": "1", "currency": "EURO"}]},
            {},
            ("price", 0, "currency"),
            "three letters",
        ),
        ({"entitled": [{"scope": "person"}]}, {}, ("entitled", 0, "name"), "Who"),
        ({"escalation": [{"at": "soon"}]}, {}, ("escalation", 0, "at"), "2h before"),
        (
            {"escalation": [{}, {"at": "late", "tell": "person"}]},
            {},
            ("escalation", 1, "person"),
            "Who",
        ),
        (
            {"escalation": [{"at": "late", "tell": "team", "person": "Mo"}]},
            {},
            ("escalation", 0, "tell"),
            "one person",
        ),
        ({"workload": [{"at_most": "many"}]}, {}, ("workload", 0, "at_most"), "whole number"),
        (
            {
                "credit": [{"clause": "R9", "percent": "5"}],
                "price": [{"amount": "1", "currency": "EUR"}],
            },
            {},
            ("credit", 0, "clause"),
            "R9",
        ),
        ({"hours": []}, {}, ("hours", 0, "name"), "When"),
        (
            {"hours": [{"name": "a", "hours": DESK}, {"name": "a", "hours": DESK}]},
            {},
            ("hours", 1, "name"),
            "two",
        ),
        ({}, {"to": "2026-11-01"}, (None, None, "to"), "before it begins"),
        ({}, {"kind": "trial"}, (None, None, "to"), "trial"),
        ({}, {"notice": "soon"}, (None, None, "notice"), "length"),
        ({}, {"review_within": "3 days"}, (None, None, "review_per"), "how often"),
        ({}, {"from": "2026-13-01"}, (None, None, "from"), "calendar"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(rows, head, place, said):
    with pytest.raises(BadAnswer) as refusal:
        composed(rows, **head)

    facts = refusal.value.facts
    assert (facts.get("part"), facts.get("row"), facts.get("field")) == place
    assert said in str(refusal.value)
