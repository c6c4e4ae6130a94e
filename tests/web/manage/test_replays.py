"""Trying agreements on past months at Manage: begun, changed, made an offer, and never anybody's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import make_ticket
from tests.insight.replaying import begun
from tricorn.insight.models import Replay

SATURDAY = datetime(2026, 10, 3, 8, tzinfo=UTC)


@pytest.fixture
def october(a7, mail, cleo):
    for n in range(20):
        make_ticket(cleo, mail, at=SATURDAY + timedelta(hours=7 * n))


def test_somebody_who_has_tried_nothing_reads_how_to_begin(manage, mail):
    page = manage.get("/manage/replays/").content.decode()

    assert "Nothing has been tried yet" in page
    assert "/manage/replays/begin/" in page
    assert "/manage/replays/upload/" in page


def test_months_that_have_tickets_are_chosen_and_the_agreement_in_force_comes_along(
    manage, october
):
    page = manage.get("/manage/replays/begin/").content.decode()
    assert "October 2026, 14 tickets" in page

    told = manage.post(
        "/manage/replays/begin/", {"source": "0", "first": "2026-10", "last": "2026-10"}
    )

    run = Replay.objects.get()
    assert told["Location"] == f"/manage/replays/{run.key}/"
    assert 'ref = "A-7"' in run.present
    shown = manage.get(told["Location"]).content.decode()
    assert "How Today was kept" in shown


def test_a_window_is_added_by_one_press(manage, october, mail, mo):
    run = begun(mail, mo, last=date(2026, 10, 12))

    for more in ({"window": "sat 09:00-13:00"}, {"window": ""}):
        told = manage.post(f"/manage/replays/{run.key}/options/add/", more, follow=True)
        assert told.status_code == 200

    assert [each.name for each in run.options.all()] == ["Saturday 09:00–13:00", "Option 2"]
    page = manage.get(f"/manage/replays/{run.key}/").content.decode()
    assert "Waited while closed" in page
