"""Words find the same on either database: run this file on both, the answers stand here."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tricorn.search import reads, verbs
from tricorn.search.kinds import Document

SHELF = {
    1: (
        "Mail is slow since Monday",
        "It takes ten minutes to send anything.",
        "Ärger with the relay",
    ),
    2: ("Printer jams", "The printer in Łódź jams; mail prints fine.", ""),
    3: ("Kein Empfang", "Das Gerät im Café Zürich hat keinen Empfang: GROSSE Straße.", ""),
    4: ("我的电脑坏了", "電腦 does not start", ""),
    5: ("Access to A-7", "cleo@example.org needs INC0000045, don't ask", "printer password"),
}
CASES = [
    ("mail", [1, 2]),
    ("MAIL Monday", [1]),
    ("slo", [1]),  # the last word may go on
    ("slo mail", []),  # the others may not
    ("s", []),  # one letter begins too much
    ('"mail is slow"', [1]),
    ('"slow is mail"', []),
    ('"monday it"', []),  # a phrase does not go on from the title into the body
    ("mail -printer", [1]),
    ('mail -"is slow"', [2]),
    ("-mail", []),
    ("lodz", [2]),
    ("ŁÓDŹ", [2]),
    ("cafe zurich", [3]),
    ("strasse", [3]),
    ("gerat", [3]),
    ("电脑", [4]),
    ("電腦 start", [4]),
    ("a-7", [5]),
    ("cleo@example.org", [5]),
    ("inc00000", [5]),
    ("don't", [5]),
    ("arger", []),  # what is aside is not found
    ("password", []),
    ("open", []),  # nor is a mark
    ("¬open", []),
    ("zebra", []),
]
ODD = [
    "", " ", "%", "_", "'", '"', '"""', "\\", "a\0b", "*", "mail*", "(", ")", "mail AND", "OR", "NOT x",
    "NEAR(a b)", "title:mail", "{title} : mail", "^mail", "-", "--", '-"', "mail | x",
    "mail & !x", "x:*",
    "<->", "\ud800", "\u202e", "e\u0301" * 90, "ﬁ", "½",
    "x" * 5000, "word " * 900, "\x1f", "¬", "𝔘", "🖨 printer",
]  # fmt: skip


@pytest.fixture
def shelf(db):
    verbs.put_many(
        "ticket",
        [Document(n, title, body, aside, ("open",)) for n, (title, body, aside) in SHELF.items()],
    )


@pytest.mark.parametrize(("text", "found"), CASES)
def test_words_find_the_same_on_either_database(shelf, text, found):
    assert sorted(reads.find("ticket", text, most=10)) == found


def test_what_is_aside_is_found_by_who_asks_for_it(shelf):
    everywhere = reads.EVERYWHERE + reads.ASIDE

    assert reads.find("ticket", "arger relay", most=10, within=everywhere) == [1]
    assert sorted(reads.find("ticket", "printer", most=10, within=everywhere)) == [2, 5]
    assert reads.find("ticket", "printer", most=10, within=reads.TITLE) == [2]


def test_a_word_in_the_title_comes_first_and_most_is_kept(shelf):
    assert reads.find("ticket", "mail", most=10) == [1, 2]
    assert reads.find("ticket", "mail", most=1) == [1]
    assert reads.find("ticket", "mail", most=10, ids=[2, 3]) == [2]
    assert reads.find("ticket", "mail", most=10, ids=[]) == []


def test_a_mark_narrows_and_the_last_words_put_are_the_ones_found(shelf):
    verbs.put("ticket", 1, title="All is well", body="", marks=())

    assert reads.find("ticket", "mail", most=10) == [2]
    assert reads.find("ticket", "well", most=10) == [1]
    assert reads.find("ticket", "well", most=10, marks=["open"]) == []
    assert reads.find("ticket", "mail", most=10, marks=["open"]) == [2]


def test_what_is_forgotten_is_not_found_and_twice_is_once(shelf):
    verbs.forget("ticket", 1)
    verbs.forget("ticket", 1)

    assert reads.find("ticket", "mail", most=10) == [2]
    assert reads.count("ticket") == 4


def test_kinds_do_not_mix(shelf):
    verbs.put("person", 7, title="Printer", body="mail")

    assert reads.find("person", "mail", most=10) == [7]
    assert sorted(reads.find("ticket", "mail", most=10)) == [1, 2]
    with pytest.raises(ValueError, match="Nothing is found as"):
        reads.find("planet", "mail", most=10)


def test_more_than_so_many_is_counted_no_further(shelf):
    assert reads.is_more_than(1, "ticket", "mail")
    assert not reads.is_more_than(2, "ticket", "mail")


def test_what_shares_the_rarest_words_is_similar_on_either_database(shelf):
    assert reads.similar("ticket", "My printer in Łódź makes noise", most=5) == [2]
    assert reads.similar("ticket", "The mail: ten minutes! Monday. printer", most=5) == [1, 2]
    assert reads.similar("ticket", "Password", most=5) == []  # said aside only
    assert reads.similar("ticket", "", most=5) == []


def test_words_that_everything_has_are_similar_to_what_has_them_all(db, monkeypatch):
    monkeypatch.setattr(reads, "RARE", 2)
    verbs.put_many("article", [Document(n, "slow mail", f"number {n}") for n in range(1, 6)])

    assert sorted(reads.similar("article", "Mail slow", most=9)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", ODD)
def test_nothing_that_is_typed_ever_fails(shelf, text):
    verbs.put("ticket", 9, title=text, body=text, aside=text)

    reads.find("ticket", text, most=5)
    reads.similar("ticket", text, most=5)
    assert reads.is_more_than(0, "ticket", text) in (True, False)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text("ab1\"-*(): '\\&|!<>¬\u0301ß电", max_size=40))
def test_whatever_text_is_kept_is_found_again_by_its_own_words(shelf, text):
    verbs.put("ticket", 8, title="", body=text)

    found = reads.find("ticket", f'"{text.replace(chr(34), " ")}"', most=50)
    assert (8 in found) == bool(reads.words_of(text.replace('"', " ")))
    reads.find("ticket", text, most=5)
    reads.similar("ticket", text, most=5)


def test_a_text_larger_than_a_database_keeps_is_found_by_what_fits(db):
    endless = " ".join(f"word{n}ü{'x' * 40}" for n in range(40_000))
    verbs.put("ticket", 1, title="Endless", body=endless + " zebra " * 20_000)

    assert reads.find("ticket", "endless word12ü", most=5) == [1]
