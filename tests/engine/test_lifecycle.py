"""The table of moves: what is legal, who may, and what a refusal says."""

from pathlib import Path

import pytest

from tricorn.engine.errors import MoveRefused
from tricorn.engine.lifecycle import DONE, MOVES, Lifecycle, Move, Side, State, possible, step

RULES = Path(__file__).parents[2] / "docs" / "engine" / "lifecycle.md"


def test_a_ticket_walks_from_new_to_closed_and_back() -> None:
    state = State.NEW
    for verb, reached in (
        ("open", State.OPEN),
        ("wait", State.WAITING),
        ("go_on", State.OPEN),
        ("resolve", State.RESOLVED),
        ("close", State.CLOSED),
        ("reopen", State.OPEN),
        ("cancel", State.CANCELLED),
    ):
        state = step(state, verb)
        assert state == reached


def test_a_new_ticket_cannot_be_resolved_and_hears_what_it_can() -> None:
    with pytest.raises(MoveRefused) as refusal:
        step(State.NEW, "resolve")

    assert str(refusal.value) == (
        "Cannot resolve a ticket that is new. From new you can: open, cancel, merge."
    )
    assert refusal.value.facts == {
        "verb": "resolve",
        "state": State.NEW,
        "possible": ("open", "cancel", "merge"),
    }


def test_a_move_that_nobody_knows_is_refused_with_what_can_be_done() -> None:
    with pytest.raises(MoveRefused, match=r"no move “explode”.*From waiting you can: go on, res"):
        step(State.WAITING, "explode")


def test_every_pair_of_state_and_verb_is_in_the_table_or_refused() -> None:
    for move in MOVES:
        for state in State:
            if state in move.sources:
                assert step(state, move.verb) == move.target
            else:
                with pytest.raises(MoveRefused):
                    step(state, move.verb)


def test_every_state_can_be_reached_and_left() -> None:
    assert {move.target for move in MOVES} == set(State) - {State.NEW}
    assert frozenset().union(*(move.sources for move in MOVES)) == set(State)


def test_what_is_done_can_only_be_closed_reopened_or_unmerged() -> None:
    assert {move.verb for move in MOVES if State.MERGED in move.sources} == {"unmerge"}
    for state in DONE - {State.MERGED}:
        verbs = {move.verb for move in MOVES if state in move.sources}
        assert verbs <= {"close", "reopen"}
        assert "reopen" in verbs


def test_whoever_has_the_matter_may_close_and_reopen_but_not_resolve() -> None:
    assert [move.verb for move in possible(State.RESOLVED, Side.OWN)] == ["close", "reopen"]
    assert [move.verb for move in possible(State.OPEN, Side.OWN)] == ["cancel"]
    assert [move.verb for move in possible(State.OPEN, Side.DESK)] == [
        *("wait", "resolve", "cancel", "merge")
    ]
    assert possible(State.OPEN, Side.MANAGE) == ()


def test_every_button_says_what_happens_in_words_of_its_own() -> None:
    labels = [move.label for move in MOVES]

    assert len(set(labels)) == len(labels)
    assert all(label[0].isupper() and "_" not in label for label in labels)


def test_another_kind_of_record_brings_a_table_of_its_own() -> None:
    end = Move("close", frozenset({State.OPEN}), State.CLOSED, frozenset({Side.DESK}), "Close")
    report = Lifecycle("an announcement", (end,))

    assert report.step(State.OPEN, "close") == State.CLOSED
    with pytest.raises(MoveRefused) as refusal:
        report.step(State.CLOSED, "close")
    assert str(refusal.value) == (
        "Cannot close an announcement that is closed. From closed you can: nothing, it is final."
    )


def test_the_documentation_prints_this_table() -> None:
    text = RULES.read_text(encoding="utf-8")
    for move in MOVES:
        sources = ", ".join(state for state in State if state in move.sources)
        sides = ", ".join(side for side in Side if side in move.sides)
        row = f"| `{move.verb}` | {sources} | {move.target} | {sides} | {move.label} |"
        assert row in text
