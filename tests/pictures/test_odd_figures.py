"""Nothing, one, too many, too large, and names from hell: still a picture, still true."""

from decimal import Decimal

import numpy as np
import pytest

from tests.pictures import given
from tests.pictures.reading import plain, root, sound, texts
from tricorn.engine.hours import Hours
from tricorn.engine.measures import share
from tricorn.engine.replay import History
from tricorn.pictures import (
    Estimate,
    Money,
    Outcome,
    Picture,
    Series,
    Table,
    Times,
    before_after,
    frontier,
    heat_map,
    months,
    said,
    times,
    waits,
)
from tricorn.pictures.strokes import fit, width_of

NAMES = [
    given.NASTY,
    "",
    "]]>&amp;\"'><script>alert(1)</script>",
    "nul\x00 bell\x07 half\ud800",
    "عربي \u202e עברית",
    "漢字" * 60,
    "one\ntwo\tthree",
]
HUGE = 1e300


def every_picture(name):
    """Each kind, drawn about something of that name."""
    price = Money(Decimal(5), name[:3] or "EUR")
    one = Outcome(name, price, (1, 2), ((name, share(9, 10)),))
    extra = type(given.SATURDAY)(name, (5,), given.SATURDAY.window)
    few = given.history(40)
    return [
        heat_map("a", given.uncovered(few, extras=(extra,)), given.DESK, (extra,)),
        months("b", [Series(name, {"2026-01": share(9, 10)})], 0.9, title=name),
        times("c", [Times(name, np.array([1.0, 9.0]), 4)]),
        frontier("d", [one, Outcome(f"{name}2", price, (0, 1), beaten_by=name)]),
        before_after("e", one, one),
        waits("f", [Estimate(name, 1, 0, 2, note=name)]),
    ]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_of_any_kind_is_escaped_in_every_picture(name):
    for picture in every_picture(name):
        sound(picture)
        assert "<script" not in picture.svg
        assert "<b>" not in picture.svg


@pytest.mark.parametrize(
    "picture",
    [
        lambda: months("m", []),
        lambda: months("m", [Series("Now", {})], 0.95),
        lambda: times("t", []),
        lambda: times("t", [Times("Now", np.array([]), 8.0)]),
        lambda: frontier("f", []),
        lambda: frontier("f", [Outcome("Now")]),
        lambda: before_after("c", Outcome("Now"), Outcome("Then")),
        lambda: waits("w", []),
    ],
)
def test_nothing_is_said_to_be_nothing(picture):
    drawn = sound(picture())

    assert any(word in drawn.sentence.lower() for word in ("no ", "nothing", "cannot"))


def test_no_ticket_at_all_and_a_desk_that_never_opens():
    nobody = History.from_columns([], np.array([], dtype=np.int64))
    never = Hours(zone="UTC", weekly=((),) * 7)

    empty = sound(heat_map("a", given.uncovered(nobody), given.DESK))
    shut = sound(heat_map("b", given.uncovered(hours=never, extras=()), never))
    always = Hours.always("UTC")
    open_ = sound(heat_map("c", given.uncovered(hours=always, extras=()), always))

    assert empty.sentence == "There are no tickets to show yet."
    assert {row[1] for row in empty.table.rows} == {"0"}
    assert "the desk is never open" in texts(shut)
    assert "1,848 of 1,848 tickets (100 %) came while the desk was closed" in plain(shut.sentence)
    assert open_.sentence == "All 1,848 tickets came while the desk was open."


def test_one_ticket_fills_one_cell():
    one = History.from_columns(["T1"], np.array([given.history().reported[0]]))

    picture = sound(heat_map("a", given.uncovered(one, extras=()), given.DESK))

    shaded = [each for each in root(picture).iter("rect") if each.get("fill-opacity") == "1.00"]
    assert len(shaded) == 2, "the cell and its place in the key"
    assert "1 ticket" in picture.sentence or "The one ticket" in picture.sentence


def test_all_at_nought_is_drawn_at_nought():
    zero = Outcome("Now", Money(Decimal(0), "EUR"), (0, 0), (("R1", share(0, 50)),))

    sound(frontier("a", [zero]))
    sound(before_after("b", zero, zero))
    sound(waits("c", [Estimate("Now", 0, 0, 0)]))
    sound(times("d", [Times("Now", np.zeros(9), 0.0)]))
    picture = sound(months("e", [Series("Now", {"2026-01": share(0, 50)})], 0.0))

    assert "0 % on time in all, never below" in plain(picture.sentence)


def test_of_forty_options_the_first_are_drawn_and_the_table_has_all():
    names = [f"Option number {n} with a rather long name" for n in range(40)]
    outcomes = [
        Outcome(name, Money(Decimal(100 + n % 7), "EUR"), (n, 90 + n))
        for n, name in enumerate(names)
    ]
    monthly = {f"{2020 + n // 12}-{n % 12 + 1:02d}": share(9, 10) for n in range(60)}

    drawn = [
        months("a", [Series(name, monthly) for name in names], 0.9),
        times("b", [Times(name, np.array([1.0, 2.0]), 1.5) for name in names]),
        frontier("c", outcomes),
        waits("d", [Estimate(name, 1, 0.5, 2) for name in names]),
        before_after(
            "e",
            Outcome("Now", on_time=tuple((name, share(9, 10)) for name in names)),
            Outcome("Then", on_time=tuple((name, share(8, 10)) for name in names)),
        ),
    ]

    for picture, many in zip(drawn, (4, 6, 12, 12, 8), strict=True):
        sound(picture)
        assert f"Drawn are {many} of 40" in plain(picture.sentence)
        assert len(picture.svg) < 60_000
    assert "Drawn are the last 12 of 60 months" in plain(drawn[0].sentence)
    assert [len(drawn[0].table.rows), len(drawn[0].table.head)] == [62, 41]
    assert [len(drawn[k].table.rows) for k in (2, 3)] == [40, 40]


def test_enormous_figures_stay_inside_the_picture():
    big = Outcome("Now", Money(Decimal("1e30"), "EUR"), (1, HUGE), (("R1", share(10**12, 10**13)),))

    for picture in (
        frontier("a", [big, Outcome("Then", Money(Decimal(1), "EUR"), (0, 0))]),
        before_after("b", big, big),
        waits("c", [Estimate("Now", HUGE, 0, HUGE)]),
        times("d", [Times("Now", np.array([1e-9, 1e12]), 1e9)]),
        months("e", [Series("Now", {"2026-01": share(10**12, 10**13)})]),
    ):
        sound(picture)


def test_what_is_no_number_is_left_out_and_never_drawn():
    odd = np.array([np.nan, np.inf, -1.0, 2.0])
    lost = Outcome("Now", Money(Decimal("NaN"), "EUR"), (float("nan"), 1))

    took = sound(times("a", [Times("Now", odd, 4)]))
    plane = sound(frontier("b", [lost]))
    change = sound(before_after("c", lost, lost))

    assert "the one ticket took 2 h" in plain(took.sentence)
    assert "cannot be told: Now" in plane.sentence
    assert "nan" not in change.sentence


def test_a_picture_has_a_name_that_can_stand_in_an_id_and_rows_that_fit():
    with pytest.raises(ValueError, match="cannot be the name"):
        waits('x" onload="', [])
    with pytest.raises(ValueError, match="cannot be the name"):
        Picture("", "", "", "", Table((), ()))
    with pytest.raises(ValueError, match="does not fit"):
        Table.of(("a", "b"), [("1",)])


def test_words_are_shortened_to_their_place():
    assert fit("short", 100) == "short"
    assert fit("a  b\n c", 100) == "a b c"
    long = fit("Saturday mornings and every second evening", 80)
    assert long.endswith("…")
    assert width_of(long) <= 80


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        (said.hours(0), "0 h"),
        (said.hours(1 / 1000), "under a minute"),
        (said.hours(0.5), "30 min"),
        (said.hours(2 + 1 / 6), "2 h 10 min"),
        (said.hours(9.999), "10 h"),
        (said.hours(1204), "1,204 h"),
        (said.between(40, 94), "40–94 h"),
        (said.between(0.5, 2), "30 min to 2 h"),
        (said.between(3, 3), "3 h"),
        (said.share(0.9999), "99.9 %"),
        (said.share(0.0001), "0.1 %"),
        (said.share(1.0), "100 %"),
        (said.interval(0.93, 0.98), "93–98 %"),
        (said.number(1_957_000), "1.96 million"),
        (said.number(1e20), "1.0e+20"),
        (said.money(Money(Decimal("8240.50"), "EUR")), "8,240.50 EUR"),
        (said.money(None), "cannot tell"),
        (said.together(["A", "B", "C"]), "A, B and C"),
        (said.together(list("ABCDEF")), "A, B, C, D and 2 more"),
    ],
)
def test_figures_are_said_as_people_say_them(spoken, words):
    assert spoken == words
