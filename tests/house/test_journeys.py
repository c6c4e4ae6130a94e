"""A journey waits for what it expects: who looks once looks too early on a busy machine."""

import re
from pathlib import Path

JOURNEYS = Path(__file__).parents[1] / "journeys"
LOOKS_ONCE = re.compile(r"assert .*\.(is_visible|is_hidden|is_checked|is_enabled)\(\)")


def test_no_journey_looks_only_once() -> None:
    files = sorted(JOURNEYS.glob("*.py"))
    hasty = [
        f"{path.name}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LOOKS_ONCE.search(line)
    ]
    assert files
    assert hasty == [], "use expect(...).to_be_visible(), which waits"
