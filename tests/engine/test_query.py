"""What is typed into a search box: read as meant, or as words; nothing fails."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.engine.query import Part, Stretch, parts_of, stretch_of

FIELDS = ("is", "service", "from", "due")
AT = datetime(2026, 10, 12, 10, tzinfo=UTC)  # Monday, noon in Berlin


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mail slow", [Part("mail"), Part("slow", is_last=True)]),
        ('"mail is slow"', [Part("mail is slow", is_quoted=True)]),
        ('"never closed', [Part("never closed", is_quoted=True)]),
        ("-mail", [Part("mail", is_not=True, is_last=True)]),
        ("is:open", [Part("open", "is", is_last=True)]),
        ("IS:open -from:cleo x",
         [Part("open", "is"), Part("cleo", "from", is_not=True), Part("x", is_last=True)]),
        ('from:"Cleo Miller"', [Part("Cleo Miller", "from", is_quoted=True)]),
        ("due:<2h", [Part("<2h", "due", is_last=True)]),
        ("is:", [Part("", "is", is_last=True)]),
        ("colour:red", [Part("colour:red", is_last=True, unknown="colour")]),
        ("https://x.y/z", [Part("https://x.y/z", is_last=True)]),
        ("at 10:30", [Part("at"), Part("10:30", is_last=True)]),
        ("error: no paper", [Part("error:"), Part("no"), Part("paper", is_last=True)]),
        ("-", []),
        ('""', []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_taken_apart(text, parts):
    assert list(parts_of(text, FIELDS)) == parts


def test_a_part_knows_where_it_began_in_what_was_typed():
    text = '  slow   is:opne  from:"Cleo Miller"'

    assert [text.index(word) for word in ("slow", "is:", "from")] == [
        part.begins for part in parts_of(text, FIELDS)
    ]


def test_values_between_commas_are_several_and_a_phrase_is_one():
    assert parts_of("service:mail,phone", FIELDS)[0].values == ("mail", "phone")
    assert parts_of('from:"Miller, Cleo"', FIELDS)[0].values == ("Miller, Cleo",)


@given(st.text(max_size=80) | st.text('is:from"-,<> 2h', max_size=60))
def test_whatever_is_typed_is_taken_apart(text):
    for part in parts_of(text, FIELDS):
        assert part.values is not None
        stretch_of(part.value, at=AT, zone="Europe/Berlin")


def berlin(*day):
    return datetime(*day, tzinfo=UTC) - timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "ahead", "stretch"),
    [
        ("<2h", True, Stretch(until=AT + timedelta(hours=2))),
        (">1d", True, Stretch(since=AT + timedelta(days=1))),
        ("<7d", False, Stretch(since=AT - timedelta(days=7))),
        (">2w", False, Stretch(until=AT - timedelta(weeks=2))),
        ("<90min", True, Stretch(until=AT + timedelta(minutes=90))),
        ("today", False, Stretch(berlin(2026, 10, 12), berlin(2026, 10, 13))),
        ("Tomorrow", True, Stretch(berlin(2026, 10, 13), berlin(2026, 10, 14))),
        ("2026-10-05", False, Stretch(berlin(2026, 10, 5), berlin(2026, 10, 6))),
        ("<2026-10-05", False, Stretch(until=berlin(2026, 10, 5))),
        (">2026-10-05", False, Stretch(since=berlin(2026, 10, 6))),
        ("2026-09", False, Stretch(berlin(2026, 9, 1), berlin(2026, 10, 1))),
        ("2026-10-01..2026-10-05", False, Stretch(berlin(2026, 10, 1), berlin(2026, 10, 6))),
    ],
)
def test_a_stretch_of_time_is_read(text, ahead, stretch):
    assert stretch_of(text, at=AT, zone="Europe/Berlin", is_ahead=ahead) == stretch


def test_a_month_ends_where_the_clock_of_the_zone_has_changed():
    found = stretch_of("2026-10", at=AT, zone="Europe/Berlin")

    assert found == Stretch(berlin(2026, 10, 1), datetime(2026, 10, 31, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    "text", ["", "soon", "<", "<h", "<99999999h", "2026-13", "2026-02-30", "0000", "9999-12-31",
     "1..2", "<<2h", "²h"]
)  # fmt: skip
def test_what_is_no_stretch_of_time_is_none(text):
    assert stretch_of(text, at=AT, zone="Europe/Berlin") is None
