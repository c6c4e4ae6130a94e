"""Deliveries: claimed with a lease, noted once, tried again with growing pauses."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.cast import NOON
from tricorn.journal.actor import COMMAND
from tricorn.journal.deliver import ATTEMPTS, LEASE, claim, deliver, pause, run_once
from tricorn.journal.models import Delivery
from tricorn.journal.reactors import REACTORS, quiet, register
from tricorn.journal.verbs import Entry, write_all

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def heard():
    """What a reactor of this test heard; it fails while `heard.fails` holds a reason."""

    class Heard(list):
        fails = ""

    heard = Heard()

    def react(line, at):
        if heard.fails:
            raise ConnectionError(heard.fails)
        heard.append(line.subject_id)

    register("ear", ["test.said"], react)
    yield heard
    del REACTORS["ear"]


def say(*numbers):
    with transaction.atomic():
        entries = [Entry("test", number, "test.said") for number in numbers]
        return write_all(entries, by=COMMAND, at=NOON)


def test_what_was_written_is_heard_once_in_order(heard):
    say(1, 2, 3)

    assert run_once(lambda: NOON) == 3
    assert run_once(lambda: NOON) == 0
    assert heard == [1, 2, 3]
    assert set(Delivery.objects.values_list("state", "done_at")) == {("done", NOON)}


def test_nobody_hears_of_kinds_that_they_did_not_ask_for(heard):
    with transaction.atomic():
        write_all([Entry("test", 1, "test.other")], by=COMMAND, at=NOON)

    assert not Delivery.objects.exists()


def test_in_quiet_lines_are_written_and_nobody_is_told(heard):
    with quiet():
        (line,) = say(1)
    say(2)

    assert line.pk
    run_once(lambda: NOON)
    assert heard == [2]


def test_what_was_rolled_back_is_never_heard(heard):
    with transaction.atomic():
        say(1)
        transaction.set_rollback(True)

    assert run_once(lambda: NOON) == 0
    assert heard == []


def test_what_one_worker_has_no_other_gets_until_its_lease_runs_out(heard):
    say(1)
    claim(at=NOON)

    assert run_once(lambda: NOON + LEASE - timedelta(seconds=1)) == 0
    assert run_once(lambda: NOON + LEASE) == 1
    assert heard == [1]


def test_who_lost_the_lease_cannot_write_over_who_has_it_now(heard):
    say(1)
    slow = claim(at=NOON)
    claim(at=NOON + LEASE)

    deliver(slow, at=NOON + LEASE)

    assert Delivery.objects.get().state == "waiting"


def test_a_failure_is_noted_and_tried_again_after_a_minute_then_two(heard):
    heard.fails = "the line is cut"
    say(1)

    run_once(lambda: NOON)
    first = Delivery.objects.get()
    assert (first.state, first.not_before) == ("waiting", NOON + MINUTE)
    assert first.problem == "ConnectionError: the line is cut"
    assert run_once(lambda: NOON + timedelta(seconds=59)) == 0

    run_once(lambda: NOON + MINUTE)
    assert Delivery.objects.get().not_before == NOON + MINUTE + 2 * MINUTE

    heard.fails = ""
    run_once(lambda: NOON + 3 * MINUTE)
    last = Delivery.objects.get()
    assert (last.state, last.problem) == ("done", "")


def test_one_that_fails_does_not_hold_up_the_others(heard):
    heard.fails = "the line is cut"
    say(1)
    run_once(lambda: NOON)
    heard.fails = ""
    say(2)

    run_once(lambda: NOON)

    assert heard == [2]


def test_it_is_given_up_after_about_two_days():
    waited = sum((pause(attempt) for attempt in range(1, ATTEMPTS)), timedelta())

    assert timedelta(hours=44) < waited < timedelta(hours=52)


def test_the_last_failure_is_final_and_keeps_its_reason(heard):
    heard.fails = "the line is cut"
    say(1)
    Delivery.objects.update(attempts=ATTEMPTS - 1)

    run_once(lambda: NOON)

    given_up = Delivery.objects.get()
    assert (given_up.state, given_up.problem) == ("failed", "ConnectionError: the line is cut")
    assert run_once(lambda: NOON + timedelta(days=9)) == 0


def test_a_delivery_to_somebody_who_is_gone_waits_for_them(heard):
    say(1)
    ear = REACTORS.pop("ear")

    run_once(lambda: NOON)
    assert Delivery.objects.get().problem == "No reactor is called ear."

    REACTORS["ear"] = ear
    run_once(lambda: NOON + MINUTE)
    assert heard == [1]
