"""The table in docs/notices.md is the table in the code."""

from pathlib import Path

from tricorn.notices.abouts import ABOUTS, CAPACITIES, HOWS

PAGE = Path(__file__).parents[2] / "docs/notices.md"


def test_the_documented_table_is_the_one_that_counts():
    rows = [
        f"| {CAPACITIES[each.capacity]} | {each.words} | `{each.code}` | {HOWS[each.how]} |"
        for each in ABOUTS
    ]

    assert "\n".join(rows) in PAGE.read_text(encoding="utf-8")
