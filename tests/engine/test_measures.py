"""Intervals against published figures; counts that name nobody, also not by subtraction."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.engine.errors import BadInput
from tricorn.engine.measures import fewer_than_five, safe_total, share, suppress, wilson


@pytest.mark.parametrize(
    ("met", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (score).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons_as_published(met: int, n: int, low: float, high: float) -> None:
    assert wilson(met, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_mirrors(met: int, more: int) -> None:
    n = met + more
    low, high = wilson(met, n)

    assert 0 <= low <= met / n <= high <= 1
    assert wilson(n - met, n) == pytest.approx((1 - high, 1 - low))
    wider_low, wider_high = wilson(met, n, level=0.99)
    assert wider_low <= low
    assert wider_high >= high


def test_a_share_says_n_the_interval_and_a_sentence() -> None:
    kept = share(81, 90)

    assert (kept.n, kept.met, kept.value, kept.can_tell) == (90, 81, 0.9, True)
    assert kept.sentence == "81 of 90: 90 % (likely 82 % to 95 %)."


def test_too_little_cannot_tell() -> None:
    few = share(2, 3)

    assert not few.can_tell
    assert few.sentence == "2 of 3: too few to tell (anywhere from 21 % to 94 %)."
    assert share(0, 0).value is None
    assert share(0, 0).sentence == "Nothing to count yet, so we cannot tell."


def test_nearly_all_never_reads_as_all() -> None:
    assert share(9_999, 10_000).sentence == (
        "9,999 of 10,000: over 99 % (likely over 99 % to over 99 %)."
    )


@pytest.mark.parametrize(("met", "n"), [(3, 2), (-1, 2), (0, -1)])
def test_what_is_no_share_is_refused(met: int, n: int) -> None:
    with pytest.raises(BadInput, match="is not a share"):
        wilson(met, n)


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="not between 0 and 1"):
        wilson(1, 2, level=95)


def test_counts_below_the_minimum_read_fewer_than_five() -> None:
    assert [fewer_than_five(n) for n in (0, 1, 4, 5, 1200)] == [
        "none",
        "fewer than five",
        "fewer than five",
        "5",
        "1,200",
    ]
    assert fewer_than_five(9, minimum=10) == "fewer than ten"
    assert fewer_than_five(2, minimum=3) == "fewer than three"


@pytest.mark.parametrize("minimum", [2, 0, -5])
def test_a_minimum_below_three_is_refused(minimum: int) -> None:
    for attempt in (lambda: fewer_than_five(9, minimum), lambda: suppress({"a": 9}, minimum)):
        with pytest.raises(BadInput, match="Use 3 or more"):
            attempt()


def test_one_small_part_takes_the_smallest_other_with_it() -> None:
    assert suppress({"north": 3, "south": 40, "east": 12, "west": 0}) == {
        "north": None,
        "south": 40,
        "east": None,
        "west": 0,
    }
    assert safe_total({"north": 3, "south": 40, "east": 12, "west": 0}) == 55


def test_two_that_are_small_together_take_a_third_with_them() -> None:
    assert suppress({"a": 1, "b": 2, "c": 9, "d": 30}) == {"a": None, "b": None, "c": None, "d": 30}


def test_large_parts_and_nothings_stay_as_they_are() -> None:
    assert suppress({"a": 5, "b": 0, "c": 700}) == {"a": 5, "b": 0, "c": 700}
    assert suppress({}) == {}


def test_a_total_that_would_give_a_part_away_is_not_shown() -> None:
    assert safe_total({"a": 4}) is None
    assert safe_total({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}) is None
    assert safe_total({"a": 4, "b": 3}) == 7


def test_negative_counts_are_refused() -> None:
    with pytest.raises(BadInput, match="cannot be negative"):
        suppress({"a": -1})


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=4))
def test_who_subtracts_finds_no_hidden_part(parts: dict[str, int]) -> None:
    """Whoever knows total, shown parts and that hidden ones are not none: two answers remain."""
    published, total = suppress(parts), safe_total(parts)
    hidden = [part for part, count in published.items() if count is None]
    assert all(parts[part] >= 5 or parts[part] == 0 for part in parts.keys() - set(hidden))
    if total is None or not hidden or any(parts[part] == 0 for part in hidden):
        return

    left = total - sum(count for count in published.values() if count is not None)
    assert left >= 5
    answers = [a for a in product(range(1, left + 1), repeat=len(hidden)) if sum(a) == left]
    for place in range(len(hidden)):
        assert len({answer[place] for answer in answers}) >= 2
