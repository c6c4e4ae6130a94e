"""Doors and rights hang on facts and duties; every ruling says why."""

from pathlib import Path

import pytest

from tricorn.engine.lifecycle import MOVES, Side
from tricorn.engine.roles import RIGHTS, Door, Facts, Standing, doors, rule

STRANGER = Standing()
OWNER = Standing(own=True)
DESK = Standing(duties=frozenset({"desk"}))
MANAGER = Standing(duties=frozenset({"manage"}))
SIGNER = Standing(Facts(signed=True, evidence={"signed": ("A-7, signed 4 May 2026",)}))
ROOT = Path(__file__).parents[2]


def test_anybody_may_report() -> None:
    assert doors() == doors(STRANGER) == (Door.REPORT,)
    assert rule(STRANGER, "report").allowed


def test_my_services_open_to_who_is_entitled_or_used_one_under_their_name() -> None:
    assert Door.MY in doors(Standing(Facts(entitled=True)))
    assert Door.MY in doors(Standing(Facts(used=True, ident=True)))
    assert Door.MY not in doors(Standing(Facts(used=True)))
    assert Door.MY not in doors(Standing(Facts(used=True)), Standing(Facts(ident=True)))


@pytest.mark.parametrize("fact", ["signed", "invoice", "budget", "accept", "oversees", "linemgr"])
def test_decide_opens_by_each_kind_of_responsibility(fact: str) -> None:
    assert doors(Standing(Facts(**{fact: True}))) == (Door.REPORT, Door.DECIDE)


def test_decide_opens_by_authority_that_was_granted() -> None:
    deputy = Standing(may=frozenset({"approve"}))

    assert doors(deputy) == (Door.REPORT, Door.DECIDE)
    assert rule(deputy, "decide_month").because == ("may approve",)


def test_staff_doors_open_by_duty() -> None:
    assert doors(DESK) == (Door.REPORT, Door.DESK)
    assert doors(DESK, MANAGER) == (Door.REPORT, Door.DESK, Door.MANAGE)


def test_one_person_with_every_hat_has_every_door_in_order() -> None:
    everything = Standing(
        Facts(signed=True, used=True, ident=True), frozenset({"desk", "manage"}), own=True
    )
    assert doors(everything) == tuple(Door)


def test_a_refusal_says_whose_deed_it_is_and_what_you_can_do() -> None:
    assert rule(OWNER, "resolve").reason == (
        "Only the desk of this service can resolve a ticket; this is your own matter, so you can "
        "answer, cancel, close, reopen or rate it."
    )
    assert rule(DESK, "rate").reason == (
        "Only the person whose matter it is can rate a ticket; you work at the desk of this "
        "service."
    )
    assert rule(STRANGER, "assign").reason == (
        "Only the desk of this service or a manager of this service can assign a ticket; you can "
        "always report something of your own."
    )
    assert rule(STRANGER, "decide_month").reason == (
        "Only a manager of this service or somebody who signs, pays for or oversees this service "
        "can read the month's figures; you can always report something of your own."
    )


def test_what_a_refusal_promises_is_allowed() -> None:
    for verb in ("answer", "cancel", "close", "reopen", "rate"):
        assert rule(OWNER, verb).allowed


def test_a_yes_by_facts_carries_its_evidence() -> None:
    ruling = rule(SIGNER, "decide_month")

    assert ruling.allowed
    assert ruling.because == ("signed an agreement that is in force (A-7, signed 4 May 2026)",)


def test_use_is_allowed_by_the_agreement_that_covers_it() -> None:
    covered = Standing(Facts(entitled=True, evidence={"entitled": ("A-7, Finance",)}))

    assert rule(covered, "use").because == (
        "is covered by an agreement that is in force (A-7, Finance)",
    )
    assert not rule(STRANGER, "use").allowed


def test_money_moves_no_ticket() -> None:
    """Signing, paying and overseeing change nothing about what one may do to a ticket."""
    rich = Standing(Facts(signed=True, invoice=True, budget=True, paid=True, oversees=True))
    for verb in RIGHTS.keys() - {"decide_month"}:
        assert rule(rich, verb).allowed == rule(STRANGER, verb).allowed


def test_a_client_reads_figures_but_sees_no_ticket() -> None:
    assert rule(SIGNER, "decide_month").allowed
    assert not rule(SIGNER, "see").allowed


def test_every_move_of_a_ticket_has_a_right_with_the_sides_of_its_row() -> None:
    for move in MOVES:
        for side in Side:
            standing = OWNER if side is Side.OWN else Standing(duties=frozenset({side.value}))
            assert rule(standing, move.verb).allowed == (side in move.sides)


def test_every_ruling_is_one_sentence() -> None:
    for standing in (STRANGER, OWNER, DESK, MANAGER, SIGNER):
        for verb in RIGHTS:
            reason = rule(standing, verb).reason
            assert reason[0].isupper()
            assert reason.endswith(".")
            assert "_" not in reason
            assert "user" not in reason


def test_a_verb_outside_the_table_is_a_mistake_in_the_program() -> None:
    with pytest.raises(LookupError, match="explode"):
        rule(DESK, "explode")


def test_the_documentation_prints_the_table_of_rights() -> None:
    text = (ROOT / "docs/engine/roles.md").read_text(encoding="utf-8")
    for verb, right in RIGHTS.items():
        sides = "everybody" if right.everybody else ", ".join(s for s in Side if s in right.sides)
        assert f"| `{verb}` | {right.deed} | {sides} |" in text
