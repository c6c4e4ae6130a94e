"""Filling in a letter's words: names and nothing else; whoever types more is told what there is."""

import pytest

from tricorn.engine.errors import BadInput
from tricorn.mail.filling import check, fill, fill_line
from tricorn.mail.kinds import KINDS
from tricorn.mail.words import shipped

KNOWN = {"ref", "link", "amount"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("It is {{ ref }}.", "It is T-7."),
        ("It is {{ref}}.", "It is T-7."),
        ("Ref: {{ ref }}\nAmount: {{ amount }}\nThanks", "Ref: T-7\nThanks"),
        ("First.\n\nAnswer here:\n{{ amount }}\n\nLast.", "First.\n\nLast."),
        ("About {{ ref }}\nAmount: {{ amount }}\n\n\n\nLast.", "About T-7\n\nLast."),
        ("No name at all.", "No name at all."),
        ("    {{ ref }}", "    T-7"),
    ],
)
def test_names_are_filled_in_and_lines_without_anything_to_say_left_out(text, filled):
    assert fill(text, {"ref": "T-7", "amount": "", "link": "x"}) == filled


def test_what_was_filled_in_is_not_read_again():
    assert fill("{{ ref }}", {"ref": "{{ link }}", "link": "secret"}) == "{{ link }}"


def test_a_subject_is_one_line():
    assert fill_line("[{{ ref }}]  {{ link }}", {"ref": "T-7", "link": "a\nb"}) == "[T-7] a b"


@pytest.mark.parametrize(
    "text",
    [
        "{{ password }}",
        "{{ ref|upper }}",
        "{{ ref.name }}",
        "{{ ref",
        "ref }}",
        "{% if ref %}x{% endif %}",
        "{% load admin %}",
        "{# hidden #}",
        "{{ }}",
        "{{{{ ref }}}}",
        "{{ REF }}",
        "{{ ref\n}}",
    ],
)
def test_more_than_a_name_is_refused_with_what_there_is(text):
    with pytest.raises(BadInput) as refusal:
        check(text, KNOWN, field="text")

    assert "{{ amount }}, {{ link }}, {{ ref }}" in str(refusal.value)


def test_braces_alone_and_percent_signs_are_ordinary_words():
    check("100 % of {those} in $ref and %(ref)s", KNOWN, field="text")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_shipped_words_that_name_only_what_there_is(kind):
    words, known = shipped(kind), KINDS[kind]

    check(words.subject, known.known, field="subject")
    check(words.text, known.known, field="text")
    filled = words.filled(known.example)
    assert "{{" not in filled.subject + filled.text
    assert all(known.example[name].split("\n")[0] in filled.text for name in known.must)
