"""Kept words with variables, and who is meant by @Name."""

import time

import pytest

from tricorn.engine.errors import BadInput
from tricorn.engine.mentions import mentioned
from tricorn.engine.wording import check_variables, fill

AGENTS = {1: "Desi Klein", 2: "Mia Wolf", 3: "Mia Lang", 4: "Bo"}


def test_variables_are_filled_in_once():
    assert fill("{{ref}}: {{ name }}", {"ref": "T-1", "name": "{{ ref }}"}) == "T-1: {{ ref }}"


def test_what_is_not_known_leaves_no_gap():
    assert fill("Hello {{ name }}, it is {{ ref }}.", {"ref": "T-1"}) == "Hello, it is T-1."


@pytest.mark.parametrize("text", ["{{" + " " * 100_000, "{{ " * 30_000, " {{ name" * 10_000])
def test_braces_left_open_before_any_number_of_spaces_take_no_time(text):
    since = time.process_time()

    assert fill(text, {"name": "Una"}) == text
    with pytest.raises(BadInput, match="two pairs of braces"):
        check_variables(text)
    assert time.process_time() - since < 1


@pytest.mark.parametrize("text", ["{{ nmae }}", "{{ name.pk }}", "{{ name", "name }}", "{{}}"])
def test_an_unknown_variable_is_refused_with_the_list(text):
    with pytest.raises(BadInput, match=r"There are: \{\{ name \}\}, \{\{ ref \}\}"):
        check_variables(text)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("@Desi please look", [1]),
        ("Could @desi klein or @Bo?", [1, 4]),
        ("@Mia, is it yours?", []),
        ("@Mia Lang, is it yours?", [3]),
        ("mail desi@example.org or a@Bo", []),
        ("@Boris @Desire", []),
        ("@Bo @Bo @Bo", [4]),
        ("@", []),
    ],
)
def test_a_mention_means_one_person_or_nobody(text, whom):
    assert mentioned(text, AGENTS) == whom
