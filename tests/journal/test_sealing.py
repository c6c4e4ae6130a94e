"""Seals: whatever is changed, taken out or slipped in afterwards is found."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import NOON
from tricorn.journal import triggers
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line, Seal
from tricorn.journal.sealing import as_ranges, head, pending, seal, verify
from tricorn.journal.verbs import Entry, write_all

# Transactions of their own: PostgreSQL seals only what no running transaction can still change.
pytestmark = pytest.mark.django_db(transaction=True)


def say(*numbers):
    with transaction.atomic():
        entries = [Entry("test", number, "test.said", {"n": number}) for number in numbers]
        return write_all(entries, by=COMMAND, at=NOON)


def seal_all():
    while seal(at=NOON) is not None:
        pass


def test_an_empty_journal_holds_and_has_nothing_to_seal():
    assert seal(at=NOON) is None
    assert verify().problems == ()
    assert head() == ""


def test_each_seal_follows_the_one_before():
    say(1, 2)
    seal_all()
    first = head()
    say(3)
    assert pending() == 1
    seal_all()

    verdict = verify(first)
    assert (verdict.problems, verdict.lines, verdict.unsealed) == ((), 3, 0)
    assert verdict.head == head() != first
    assert Seal.objects.order_by("id").last().previous == first


def test_the_database_itself_refuses_to_change_lines_and_seals():
    say(1)
    seal_all()

    for change in (
        lambda: Line.objects.update(kind="test.other"),
        lambda: Line.objects.all().delete(),
        lambda: Seal.objects.update(count=7),
        lambda: Seal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.only_on("postgresql")
def test_the_database_refuses_to_empty_the_journal_at_once():
    say(1)

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_line CASCADE")


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (lambda: Line.objects.filter(subject_id=2).update(by_id=99), "was changed"),
        (lambda: Line.objects.filter(subject_id=2).update(data={"n": 3}), "was changed"),
        (lambda: Line.objects.filter(subject_id=2).delete(), "closed 3 lines; 2 are there"),
        (lambda: Seal.objects.order_by("id").first().delete(), "does not follow"),
        (lambda: Seal.objects.order_by("id").last().delete(), "not part of this chain"),
    ],
)
def test_what_is_changed_behind_the_guards_is_found(tamper, sentence):
    say(1, 2, 3)
    seal_all()
    say(4)
    seal_all()
    printed = head()

    with triggers.suspended(connection):
        tamper()

    assert any(sentence in problem for problem in verify(printed).problems)


def test_a_line_slipped_in_among_sealed_ones_is_found():
    say(1, 2, 3)
    seal_all()
    copy = Line.objects.get(subject_id=2)
    place = copy.pk
    with triggers.suspended(connection):
        Line.objects.filter(pk=place).delete()
    copy.pk, copy.subject_id = place, 77
    copy.save(force_insert=True)

    assert any("was changed" in problem for problem in verify().problems)


def test_a_line_with_an_old_number_is_found_too():
    lines = say(1, 2, 3)
    seal_all()
    slipped = Line.objects.get(pk=lines[0].pk)
    slipped.pk = lines[0].pk - 1
    slipped.save(force_insert=True)

    assert any("slipped in" in problem for problem in verify().problems)


def test_a_head_that_was_never_printed_here_is_not_part_of_the_chain():
    say(1)
    seal_all()

    (problem,) = verify("f" * 64).problems
    assert problem.startswith("The head ffffffffffff is not part of this chain")


def test_a_seal_covers_many_lines_in_a_fixed_number_of_queries(django_assert_num_queries):
    say(*range(500))
    seal_all()
    counted = 4 if connection.vendor == "sqlite" else 5

    with django_assert_num_queries(counted):
        assert verify().lines == 500


@pytest.mark.only_on("postgresql")
def test_a_line_whose_transaction_still_runs_is_sealed_later_and_not_forgotten():
    written, commit = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            say(1)
            written.set()
            commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    say(2)  # a later id, committed before the earlier one
    seal_all()
    assert Line.objects.count() == 1
    assert pending() == 1

    commit.set()
    thread.join()
    seal_all()

    verdict = verify()
    assert (verdict.lines, verdict.unsealed, verdict.problems) == (2, 0, ())


def test_ids_are_kept_as_runs():
    assert as_ranges([1, 2, 3, 7, 9, 10]) == [[1, 3], [7, 7], [9, 10]]
    assert as_ranges([]) == []
