"""What a service asks, and what counts as an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.engine.errors import BadInput
from tricorn.engine.questions import Question, answer, answers, checked, next_key, read, shown

ROOM = Question("3-1", "Which room?", "choice", choices=("A", "B"))


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  two\n words ", "two words"),
        ("long", "one\r\ntwo\0", "one\ntwo"),
        ("number", "12", 12),
        ("number", "12,5", 12.5),
        ("number", " -3.0", -3),
        ("date", "2026-05-04", "2026-05-04"),
        ("yesno", "yes", True),
        ("yesno", False, False),
        ("text", "", None),
        ("number", None, None),
    ],
)
def test_an_answer_is_kept_as_what_it_is(kind, typed, kept):
    assert answer(Question("1-1", "What?", kind), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("number", "many", "write a number"),
        ("number", "nan", "at most 15 digits"),
        ("number", "9" * 400, "at most 15 digits"),
        ("date", "4 May", "write the day like 2026-05-04"),
        ("date", "0001-01-01", "between 1900 and 2200"),
        ("yesno", "perhaps", "answer yes or no"),
        ("text", "x" * 501, "at most 500 characters"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_to_write(kind, typed, said):
    with pytest.raises(BadInput, match=said) as refusal:
        answer(Question("1-1", "What?", kind), typed)

    assert refusal.value.facts["field"] == "1-1"


def test_a_choice_is_one_of_those_there_are():
    assert answer(ROOM, "A") == "A"
    with pytest.raises(BadInput, match="choose one of A, B"):
        answer(ROOM, "C")


def test_answers_and_problems_come_by_key_and_what_nobody_asked_is_a_problem():
    kept, problems = answers((ROOM, Question("3-2", "When?", "date")), {"3-1": "A", "9-9": "x"})

    assert kept == {"3-1": "A"}
    assert problems == {"9-9": "Nobody asks “9-9” here. Leave it out."}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "x" * 201}, "label"),
        ({"kind": "colour"}, "kind"),
        ({"required": "always"}, "required"),
        ({"kind": "choice", "choices": ("one",)}, "choices"),
        ({"kind": "choice", "choices": ("x" * 121, "y")}, "choices"),
        ({"help": "x" * 501}, "help"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_beside_its_field(changes, field):
    with pytest.raises(BadInput) as refusal:
        checked(Question(**{"key": "1-1", "label": "What?", **changes}))

    assert refusal.value.facts["field"] == field


def test_visitors_must_answer_only_what_says_so_and_the_desk_nothing():
    everybody = Question("1-1", "What?", required="everybody")
    named = Question("1-2", "What?", required="named")
    secret = checked(Question("1-3", "What?", required="everybody", is_desk_only=True))

    assert [everybody.is_required_of(who) for who in ("visitor", "named", "desk")] == [1, 1, 0]
    assert [named.is_required_of(who) for who in ("visitor", "named", "desk")] == [0, 1, 0]
    assert secret.required == ""
    assert shown((everybody, secret), "named") == (everybody,)


def test_a_key_is_never_given_again():
    retired = Question("7-4", "What?", is_retired=True)

    assert next_key((retired,), 7) == "7-5"
    assert read([retired.to_data()]) == (retired,)


@given(st.text(max_size=300), st.sampled_from(["text", "long", "number", "date", "yesno"]))
def test_whatever_is_typed_is_kept_or_refused_in_a_sentence(typed, kind):
    kept, problems = answers([Question("1-1", "What?", kind)], {"1-1": typed})

    assert len(kept) + len(problems) <= 1
    assert all(sentence.endswith(".") for sentence in problems.values())
