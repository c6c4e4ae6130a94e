"""Every pair of colours that meet on a page, in both themes, computed from the style sheet."""

import re

import pytest

from tests.web.gallery import SOURCE
from tricorn.web import shapes

TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
DOORS = ("teal", "indigo", "plum", "slate")
TONES = ("late", "soon", "good", "wait")
GROUNDS = ("ground", "surface", "raised")

TEXT = [
    *[(ink, ground) for ink in ("ink", "quiet") for ground in GROUNDS],
    *[(accent, ground) for accent in DOORS for ground in (*GROUNDS, f"{accent}-wash")],
    *[("on-accent", accent) for accent in DOORS],
    *[(tone, ground) for tone in TONES for ground in (*GROUNDS, f"{tone}-wash")],
    *[("ink", f"{tone}-wash") for tone in (*TONES, *DOORS, "note")],
    *[(accent, f"{tone}-wash") for accent in DOORS for tone in (*TONES, "note")],
    *[("quiet", f"{door}-wash") for door in DOORS],
    ("quiet", "note-wash"),
]
SHAPES = [
    *[("edge", ground) for ground in ("ground", "surface")],
    *[("note-edge", ground) for ground in ("ground", "note-wash")],
    *[(accent, "line") for accent in DOORS],
    *[(accent, "rest") for accent in DOORS],
]


def tokens():
    found = TOKEN.findall((SOURCE / "static/tricorn/tokens.css").read_text(encoding="utf-8"))
    return {name: {"light": light, "dark": dark} for name, light, dark in found}


def luminance(colour):
    """Relative luminance of #rrggbb as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_agrees_with_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground(theme):
    found = tokens()
    weak = {
        (ink, ground): round(ratio, 2)
        for ink, ground in TEXT
        if (ratio := contrast(found[ink][theme], found[ground][theme])) < 4.5
    }

    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_and_shapes_that_carry_meaning_stand_out(theme):
    found = tokens()
    weak = {
        (shape, ground): round(ratio, 2)
        for shape, ground in SHAPES
        if (ratio := contrast(found[shape][theme], found[ground][theme])) < 3
    }

    assert weak == {}


def test_pictures_carry_the_light_colours_for_places_without_style_sheets():
    found = tokens()

    assert found["ink"]["light"] == shapes.INK
    assert found["quiet"]["light"] == shapes.QUIET
    assert found["raised"]["light"] == shapes.TRACK
    assert found["line"]["light"] == shapes.LINE
    assert found["edge"]["light"] == shapes.EDGE
    assert found["slate"]["light"] == shapes.ACCENT
    assert found["ground"]["light"] == shapes.GROUND
