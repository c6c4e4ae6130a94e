"""The steps of a macro, as data."""

import pytest

from tricorn.engine.errors import BadInput
from tricorn.engine.steps import MOST, Step, all_checked, checked, read


def test_a_step_keeps_only_what_it_needs():
    assert checked(Step("close", "words", "person:5")) == Step("close")
    assert checked(Step("assign", "words", "person:5")).to_data() == {
        "do": "assign",
        "what": "person:5",
    }
    assert read([{"do": "close"}]) == (Step("close"),)


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (Step("explode"), "do"),
        (Step("resolve", " "), "text"),
        (Step("answer", "{{ nobody }}"), "text"),
        (Step("answer", "x" * 10_001), "text"),
        (Step("prioritise", what="red"), "what"),
        (Step("wait", what="weather"), "what"),
        (Step("assign", what="person:0"), "what"),
        (Step("assign", what="team:3"), "what"),
        (Step("hand_over", "Please", "person:3"), "what"),
        (Step("add_checklist", what="checklist:" + "9" * 400), "what"),
    ],
)
def test_a_step_without_what_it_needs_is_refused_beside_its_field(step, field):
    with pytest.raises(BadInput) as refusal:
        checked(step)

    assert refusal.value.facts["field"] == field


def test_a_macro_says_which_step_is_wrong():
    with pytest.raises(BadInput, match=r"^Step 2: To resolve it, write the words"):
        all_checked([Step("close"), Step("resolve")])


def test_a_macro_has_one_step_at_least_and_not_too_many():
    for steps in ([], [Step("close")] * (MOST + 1)):
        with pytest.raises(BadInput):
            all_checked(steps)
