"""The worker counts months that have ended, once."""

from datetime import UTC, datetime

from tests.cast import MONDAY, make_ticket
from tricorn.insight.jobs import count_months
from tricorn.insight.models import Counted

NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)


def test_every_month_in_which_an_agreement_ran_is_counted_once(cleo, mail, a7):
    make_ticket(cleo, mail, at=MONDAY)

    count_months(NOVEMBER)
    first = list(Counted.objects.order_by("month").values("month", "tickets", "counted_at"))
    count_months(NOVEMBER.replace(hour=10))

    assert [row["month"] for row in first] == [f"2026-{n:02d}" for n in range(5, 11)]
    assert [row["tickets"] for row in first] == [0, 0, 0, 0, 0, 1]
    assert list(Counted.objects.order_by("month").values("month", "tickets", "counted_at")) == first


def test_a_new_month_is_counted_and_the_one_before_is_read_once_more(cleo, mail, a7):
    make_ticket(cleo, mail, at=MONDAY)
    count_months(NOVEMBER)

    count_months(NOVEMBER.replace(month=12))

    october = Counted.objects.filter(month="2026-10").order_by("read_at")
    assert [row.read_at.isoformat() for row in october] == [
        "2026-10-31T23:00:00+00:00",
        "2026-11-30T23:00:00+00:00",
    ]
    assert Counted.objects.filter(month="2026-11").count() == 1


def test_an_empty_house_has_nothing_to_count(db):
    assert count_months(NOVEMBER) == 0
