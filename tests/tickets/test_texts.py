"""What people type is kept as it reads; what no page and no database can hold is not."""

import time

import pytest

from tests.cast import MONDAY, NOON, make_ticket
from tests.tickets.steps import everything
from tricorn.engine.errors import BadInput
from tricorn.tickets import verbs
from tricorn.tickets.verbs.intake import clean_text, summary_of


@pytest.mark.parametrize(
    "text",
    [
        "الطابعة لا تعمل",
        "המדפסת לא עובדת (קומה 3)",
        "👩‍💻 the screen is 🔥🔥",
        "می‌خواهم یک کتاب",
        "Zalgo: ḧ̊̂ė̌l̃p",
        "<script>alert('x')</script> & \"quotes\"",
        "first line\n\n\tindented\nlast",
        "a\u202etxt.exe",
    ],
)
def test_what_people_write_is_kept_as_it_reads(una, mail, text):
    ticket = make_ticket(una, mail, text=text)

    kept = ticket.messages.get().text
    assert kept == clean_text(text)
    assert clean_text(kept) == kept


def test_the_same_letter_is_kept_in_one_spelling():
    assert clean_text("Cafe\u0301") == "Caf\u00e9"


def test_what_no_database_holds_is_left_out(una, mail):
    ticket = make_ticket(una, mail, text="\0A\x07B\ud800C\x85\r\nD\rE\0")

    assert ticket.messages.get().text == "ABC\nD\nE"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\n\t\r\n",
        "\0\0",
        "\u200b\u200d\ufeff",
        "\u2028\u3000\xa0",
        "\ud800",
        "\u202e \u2066",
    ],
)
def test_a_text_in_which_nobody_sees_anything_is_empty(una, mail, desi, text):
    ticket = make_ticket(una, mail)
    before = everything()

    for say in (
        lambda: verbs.answer(ticket, by=una.actor, at=NOON, text=text),
        lambda: verbs.add_note(ticket, by=desi.actor, at=NOON, text=text),
        lambda: verbs.resolve(ticket, by=desi.actor, at=NOON, note=text),
        lambda: verbs.hand_over(ticket, by=desi.actor, at=NOON, note=text),
        lambda: make_ticket(una, mail, text=text),
    ):
        with pytest.raises(BadInput, match=r" is empty\. Write what is wrong"):
            say()

    assert everything() == before


def test_a_hundred_thousand_characters_fit_and_one_more_does_not(una, mail):
    long = "x" * 100_000

    ticket = make_ticket(una, mail, text=long)

    assert len(ticket.messages.get().text) == 100_000
    with pytest.raises(BadInput) as refusal:
        make_ticket(una, mail, text=long + "y")
    assert str(refusal.value) == (
        "The text has 100,001 characters; at most 100,000 fit. "
        "Shorten it, or send the rest as an answer."
    )


@pytest.mark.parametrize("part", ["x", "\u0301\u0316", "é", "👩‍💻", "\0", " ", "\n"])
def test_a_million_characters_are_answered_at_once(part):
    began = time.process_time()

    with pytest.raises(BadInput):
        clean_text(part * (1_000_000 // len(part)))

    assert time.process_time() - began < 3


def test_a_letter_under_a_mountain_of_accents_costs_no_time():
    began = time.process_time()

    kept = clean_text("a" + "\u0316\u0301" * 49_000 + " b")

    assert time.process_time() - began < 1
    assert len(kept) < 40
    assert kept.endswith(" b")


def test_the_summary_is_the_first_line_that_says_something():
    assert summary_of("Lift B is stuck\nsince this morning") == "Lift B is stuck"
    assert summary_of("\u200b\n  Lift   B\tis stuck ") == "Lift B is stuck"
    assert summary_of("") == ""


def test_a_long_summary_is_cut_at_a_word():
    cut = summary_of("word " * 100)

    assert cut == "word " * 22 + "word…"
    assert summary_of("x" * 120) == "x" * 120
    assert summary_of("x" * 121) == "x" * 119 + "…"
    assert len(summary_of("👩‍💻" * 100)) <= 120


def test_a_summary_fits_its_column_whatever_the_text(una, mail):
    ticket = make_ticket(una, mail, at=MONDAY, text="ﷺ" * 90_000)

    ticket.refresh_from_db()
    assert ticket.summary == "ﷺ" * 119 + "…"
