"""What two texts say differently is named clause by clause; nothing differs where hashes agree."""

import pytest
from hypothesis import given

from tests.cast import A7
from tests.engine.agreements_given import agreements
from tricorn.engine.agreement import Agreement, Change, differences


def text(*replacements):
    found = A7
    for old, new in replacements:
        assert old in found
        found = found.replace(old, new)
    return Agreement.from_toml(found)


FIRST = text()


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ('target = "8h"', 'target = "4h"', Change("clause", "R2", "target", "8h", "4h")),
        ('start = "began"', "", Change("clause", "R2", "start", "began", "reported")),
        (
            'mon = ["08:00-20:00"]',
            'mon = ["09:00-20:00"]',
            Change("hours", "desk", "weekly.mon", ["08:00-20:00"], ["09:00-20:00"]),
        ),
        ("from = 2026-05-04", "from = 2026-05-05", None),
        ("8240", "9000", Change("price", "per month", "amount", "8240", "9000")),
        ('kinds = ["incident"]', "", Change("clause", "R2", "kinds", ["incident"], None)),
    ],
)
def test_one_changed_field_is_one_change_with_its_place(old, new, change):
    expected = change or Change("agreement", "", "from", "2026-05-04", "2026-05-05")

    assert differences(FIRST, text((old, new))) == (expected,)


def test_a_clause_that_came_is_whole_and_one_that_went_too():
    other = text(('id = "R2"', 'id = "R3"'))

    gone, new = differences(FIRST, other)

    assert (gone.item, gone.after, gone.before["target"]) == ("R2", None, "8h")
    assert (new.item, new.before, new.after["target"]) == ("R3", None, "8h")


def test_the_order_of_clauses_is_a_difference_for_the_first_that_fits_applies():
    clauses = A7.split("[[clause]]")
    swapped = "[[clause]]".join(
        [clauses[0], clauses[2].partition("[[entitled]]")[0], clauses[1]]
    ) + ("[[entitled]]" + clauses[2].partition("[[entitled]]")[2])

    assert differences(FIRST, Agreement.from_toml(swapped)) == (
        Change("clause", "", "order", ["R1", "R2"], ["R2", "R1"]),
    )


def test_a_date_with_other_hours_is_named_by_its_day():
    closed = '[[hours.desk.closed]]\non = 2026-12-24\n\n[[clause]]\nid = "R1"'
    other = text(('[[clause]]\nid = "R1"', closed))

    assert [each.place for each in differences(FIRST, other)] == [
        "hours desk, closed.2026-12-24.is",
        "hours desk, closed.2026-12-24.on",
    ]


@given(agreements(), agreements())
def test_nothing_differs_exactly_where_the_hashes_agree(one, other):
    assert differences(one, one) == ()
    assert (differences(one, other) == ()) is (one.hash == other.hash)
