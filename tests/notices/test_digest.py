"""Once a day, at seven in the morning where somebody is; in one letter, once."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.journal.actor import WORKER
from tricorn.journal.models import Line
from tricorn.notices.jobs import last_morning, send_digests
from tricorn.notices.models import Notice
from tricorn.notices.verbs import choose, read_all, send_digest, tell
from tricorn.tickets import verbs as tickets

NEXT_MORNING = datetime(2026, 10, 13, 5, tzinfo=UTC)  # 07:00 in Berlin


@pytest.fixture
def waiting(una, mail, desi):
    """Una wants answers once a day, and one waits since Monday noon."""
    choose(una, {("requester", "answer"): "digest"}, by=una.actor, at=MONDAY)
    ticket = make_ticket(una, mail)
    tickets.answer(ticket, by=desi.actor, at=NOON, text="Is it better?")
    tell(Line.objects.get(kind="ticket.answered"), NOON)
    return ticket


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        ("2026-10-12T05:00", "Europe/Berlin", "2026-10-12T05:00"),
        ("2026-10-12T04:59", "Europe/Berlin", "2026-10-11T05:00"),
        (
            "2026-10-25T06:00",
            "Europe/Berlin",
            "2026-10-25T06:00",
        ),  # an hour later in UTC since 3:00
        ("2026-10-25T05:30", "Europe/Berlin", "2026-10-24T05:00"),
        ("2026-03-29T05:00", "Europe/Berlin", "2026-03-29T05:00"),
        ("2026-10-12T01:00", "America/New_York", "2026-10-11T11:00"),
        ("2026-10-11T22:00", "Asia/Tokyo", "2026-10-11T22:00"),
    ],
)
def test_the_last_morning_is_seven_by_the_clock_on_the_wall(at, zone, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert last_morning(moment, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.django_db
def test_what_waits_goes_out_at_the_next_morning_and_once(waiting, una):
    assert send_digests(NEXT_MORNING - timedelta(seconds=1)) == 0
    assert send_digests(NEXT_MORNING) == 1
    assert send_digests(NEXT_MORNING + HOUR) == 0

    notice, line = Notice.objects.get(), Line.objects.get(kind="person.digested")
    assert notice.mailed_at == NEXT_MORNING
    assert (line.subject_id, line.data) == (una.pk, {"notices": [notice.pk]})


@pytest.mark.django_db
def test_a_morning_is_that_of_the_person(waiting, una):
    una.zone = "Pacific/Auckland"
    una.save()
    theirs = datetime(2026, 10, 12, 18, tzinfo=UTC)

    assert send_digests(theirs - timedelta(seconds=1)) == 0
    assert send_digests(theirs) == 1


@pytest.mark.django_db
def test_what_was_read_meanwhile_is_no_news(waiting, una):
    read_all(una, at=NOON)

    assert send_digests(NEXT_MORNING) == 0
    assert send_digest(una, by=WORKER, at=NEXT_MORNING) == []
    assert not Line.objects.filter(kind="person.digested").exists()


@pytest.mark.django_db
def test_who_has_no_address_or_left_gets_none(waiting, una):
    una.is_active = False
    una.save()

    assert send_digests(NEXT_MORNING) == 0
