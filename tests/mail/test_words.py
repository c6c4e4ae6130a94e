"""Words of one's own: written, kept in versions, taken back; broken ones stop no letter."""

import pytest

from tests.cast import MONDAY, NOON, make_ticket
from tricorn.engine.errors import BadInput
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Line
from tricorn.mail.models import LetterText
from tricorn.mail.verbs import back_to_shipped, word_letter
from tricorn.mail.words import Words, current, shipped, versions

pytestmark = pytest.mark.django_db
OWN = Words("Got it: {{ ref }}", "Hello,\n\nwe have {{ ref }}.\n\nSee {{ link }}")


def test_the_next_letter_is_written_in_ones_own_words(una, mail, mo, post_office):
    word_letter("receipt", "en", OWN, by=mo.actor, at=MONDAY)
    ticket = make_ticket(una, mail)

    run_once(lambda: NOON)

    (letter,) = post_office.letters
    assert letter["Subject"] == f"Got it: {ticket.ref}"
    assert letter.text == f"Hello,\n\nwe have {ticket.ref}.\n"
    assert f"<p>we have {ticket.ref}.</p>" in letter.html


def test_the_same_words_again_are_no_new_version(mo):
    word_letter("receipt", "en", OWN, by=mo.actor, at=MONDAY)
    word_letter("receipt", "en", OWN, by=mo.actor, at=NOON)

    assert [each.number for each in versions("receipt")] == [1]
    line = Line.objects.get(kind="lettertext.written")
    assert line.data == {"letter": "receipt", "language": "en", "number": 1}


def test_back_to_the_shipped_words_keeps_what_was_written(mo):
    word_letter("answer", "en", Words("Re", "{{ text }}"), by=mo.actor, at=MONDAY)

    back_to_shipped("answer", "en", by=mo.actor, at=NOON)
    back_to_shipped("answer", "en", by=mo.actor, at=NOON)

    assert current("answer") == shipped("answer")
    assert [(each.number, each.text) for each in versions("answer")] == [(2, ""), (1, "{{ text }}")]


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [
        ("receipt", Words("", "{{ ref }}"), "subject"),
        ("receipt", Words("x", " \n "), "text"),
        ("receipt", Words("{{ text }}", "{{ ref }}"), "subject"),
        ("answer", Words("x", "Look at our page."), "text"),
        ("receipt", Words("x" * 151, "{{ ref }}"), "subject"),
        ("receipt", Words("x", "{{ ref }}" + "x" * 10_000), "text"),
        ("receipt", Words("x\x00y", "{{ ref }}"), "subject"),
        ("birthday", Words("x", "y"), "kind"),
    ],
)
def test_words_that_would_not_do_are_refused_and_nothing_is_written(mo, kind, words, field):
    with pytest.raises(BadInput) as refusal:
        word_letter(kind, "en", words, by=mo.actor, at=NOON)

    assert refusal.value.facts["field"] == field
    assert not LetterText.objects.exists()


def test_broken_words_stop_no_letter_and_one_line_says_so(una, mail, post_office):
    own = LetterText.objects.create(
        kind="receipt", language="en", number=1, subject="x", text="{{ gone }}", written_at=MONDAY
    )
    ticket = make_ticket(una, mail)
    make_ticket(una, mail, text="Again")

    run_once(lambda: NOON)

    assert post_office.letters[0]["Subject"] == f"[{ticket.ref}] Mail is slow"
    (line,) = Line.objects.filter(kind="lettertext.failed")
    assert line.subject_id == own.pk
