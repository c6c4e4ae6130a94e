"""Who may read what: by who they are at that instant, never by what a page forgot to ask."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.knowledge.conftest import written
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.knowledge import reads, verbs
from tricorn.knowledge.difference import lines_of
from tricorn.standing.verbs import give_duty

AUDIENCES = ("everybody", "signed_in", "entitled", "desk")


@pytest.fixture
def laptop(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours)


@pytest.fixture
def dora(house, laptop):
    person = somebody("Dora", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    return person


@pytest.fixture
def four(desi, mail):
    """One article about Mail for each audience, and a draft."""
    written("draft", by=desi, services=(mail,), publish=False)
    return [written(each, by=desi, services=(mail,), audience=each) for each in AUDIENCES]


def read_by(person, at=NOON, **only):
    return {each.title for each in reads.readable(person, at, **only)}


def test_each_audience_reads_its_own(four, a7, sam, cleo, una, desi, dora, mo, mail):
    assert read_by(None) == {"everybody"}
    assert read_by(sam) == {"everybody", "signed_in"}
    assert read_by(dora) == {"everybody", "signed_in"}
    assert read_by(cleo) == {"everybody", "signed_in", "entitled"}
    assert read_by(desi) == read_by(mo) == set(AUDIENCES)
    assert "entitled" not in read_by(una)
    make_ticket(una, mail, at=MONDAY)
    assert "entitled" in read_by(una), "who used it under their name has the house promise"
    assert "entitled" not in read_by(una, MONDAY - HOUR)


def test_who_is_covered_is_asked_of_the_instant(four, a7, cleo):
    before = a7.from_at - HOUR

    assert "entitled" not in read_by(cleo, before)
    assert "entitled" in read_by(cleo, a7.from_at)


def test_drafts_and_what_is_retired_are_nobodys_to_read_but_the_desks_to_write(four, desi, dora):
    verbs.retire(four[0], by=desi.actor, at=NOON)
    desk, other = (reads.reader_of(_portrait(each)) for each in (desi, dora))

    assert "everybody" not in read_by(desi)
    assert {each.title for each in reads.at_desk(desk)} == {"draft", *AUDIENCES}
    assert [each.title for each in reads.at_desk(desk, state="draft")] == ["draft"]
    assert not reads.at_desk(other).exists()
    assert reads.one_at_desk(other, four[1].pk) is None
    assert not reads.at_desk(reads.VISITOR).exists()


def _portrait(person):
    from tricorn.standing.portrait import portrait

    return portrait(person.pk, NOON)


def test_what_is_about_a_place_or_a_service_is_found_there(phone, desi, mail, laptop, reception):
    written("Doors", by=desi, places=(reception,))

    assert read_by(None, place=reception) == {"Doors"}
    assert read_by(None, service=mail) == {"Mail on a new phone"}
    assert read_by(None, service=laptop) == set()
    assert read_by(None, ids=[phone.pk]) == {"Mail on a new phone"}


def test_the_list_is_by_service_and_the_house_comes_first(phone, desi, mail, laptop):
    written("Both", by=desi, services=(mail, laptop))
    written("House", by=desi)

    groups = reads.grouped(reads.readable(None, NOON).prefetch_related("services"))

    assert [(str(g.service), [a.title for a in g.articles]) for g in groups] == [
        ("None", ["House"]),
        ("Laptop", ["Both"]),
        ("Mail", ["Both", "Mail on a new phone"]),
    ]


def test_words_suggest_what_is_about_the_same_and_the_chosen_service_comes_first(
    phone, desi, mail, laptop
):
    charger = written("Phone and laptop do not charge", by=desi, services=(laptop,), text="Charger")
    asked = "My new phone does not get mail"
    assert reads.suggested(reads.VISITOR, asked)[0] == phone
    assert set(reads.suggested(reads.VISITOR, asked, service=laptop.pk)) == {phone, charger}
    assert reads.suggested(reads.VISITOR, "phone", service=laptop.pk)[0] == charger
    for nothing in ("", "the", "does not work, please help", "\0 %_", "x" * 100_000):
        assert reads.suggested(reads.VISITOR, nothing) == []
    assert reads.suggested(reads.VISITOR, asked, but=[phone.pk, charger.pk]) == []


def test_suggesting_costs_the_same_for_many_articles(desi, mail):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            reads.suggested(reads.VISITOR, "The printer jams", service=mail.pk)
        return len(queries)

    written("Printer", by=desi, services=(mail,))
    one = cost()
    for number in range(6):
        written(f"Printer {number}", by=desi, services=(mail,))

    assert cost() == one <= 4


def test_the_desk_sees_what_readers_said_in_figures(phone, desi, una, cleo):
    reader = reads.reader_of(_portrait(desi))
    say = verbs.give_feedback
    say(phone, by=una.actor, at=NOON, solved=True, where="intake")
    say(phone, by=cleo.actor, at=NOON, solved=False, comment="No such button")
    say(phone, by=desi.actor, at=NOON, solved=True, where="desk", once="call")

    one = reads.one_at_desk(reader, phone.pk)

    assert (one.solved, one.unsolved, one.spared) == (2, 1, 2)
    assert [each.comment for each in reads.comments_on(phone)] == ["No such button"]


@pytest.mark.parametrize(
    ("older", "newer", "kinds"),
    [
        ("a", "a", []),
        ("a\nb", "a\nc", ["same", "removed", "added"]),
        (
            "\n".join("abcdefg"),
            "\n".join("abcdefX"),
            ["left_out", "same", "same", "removed", "added"],
        ),
        ("X\nb\nc\nd\ne", "b\nc\nd\ne", ["removed", "same", "same", "left_out"]),
    ],
)
def test_the_difference_of_two_versions_shows_what_is_around_it(older, newer, kinds):
    assert [line.kind for line in lines_of(older, newer)] == kinds
