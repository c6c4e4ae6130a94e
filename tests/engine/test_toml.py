"""TOML from outside: read, or refused in one sentence, and never slowly."""

import pytest

from tricorn.engine.errors import BadCalendar
from tricorn.engine.toml import LONGEST, read_toml

NESTED = "The text has too many tables or brackets inside each other."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = [", "The text is not TOML: "),
        ("a = 1\na = 2", "The text is not TOML: "),
        ("a = 2027-02-29", "The text is not TOML: "),
        ("a = " + "9" * 5000, "The text is not TOML: "),
        ('a = "\\ud800"', "The text is not TOML: "),
        ("a = \0", "The text is not TOML: "),
        ("a = " + "[" * 50_000, NESTED),
        ("a = " + "{a = " * 50_000, NESTED),
        (".".join(["a"] * 100_000) + " = 1", NESTED),
        (" . ".join(['"a"'] * 100_000) + " = 1", NESTED),
        ("[" + ".".join(["'a'"] * 100_000) + "]", NESTED),
        ("#" * (LONGEST + 1), "The text has 1,000,001 characters; at most 1,000,000 fit."),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(text, said):
    with pytest.raises(BadCalendar) as refused:
        read_toml(text, "The text", error=BadCalendar)

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", {}),
        ("\ufeffa = 1", {"a": 1}),
        ("a.b.c = 1\n[d.e]", {"a": {"b": {"c": 1}}, "d": {"e": {}}}),
        ('a = "' + "x" * 500_000 + '"', {"a": "x" * 500_000}),
        ('a = "' + "One. Two, three. " * 1000 + '"', {"a": "One. Two, three. " * 1000}),
    ],
)
def test_what_is_toml_is_read(text, data):
    assert read_toml(text, "The text") == data
