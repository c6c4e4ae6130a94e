"""Every rule that the engine cites is written down, once, under the number it cites."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "tricorn").rglob("*.py"))
CITED = re.compile(
    r"(docs/engine/[a-z_]+\.md),\s+rules?\s+((?:[A-Z]\d+(?:,\s+|\s+and\s+|\s+to\s+)?)+)"
)
WRITTEN = re.compile(r"^(?:#+ |[-*] |\*\*|\| )*\**([A-Z]\d+)\b", re.MULTILINE)


def cited() -> list[tuple[str, str, str]]:
    """Return (file, document, rule) for each rule that a docstring names; "H1 to H5" names five."""
    found = []
    for path in SOURCES:
        for document, rules in CITED.findall(path.read_text(encoding="utf-8")):
            for rule in expand(rules):
                found.append((str(path.relative_to(ROOT)), document, rule))
    return found


def expand(rules: str) -> list[str]:
    ranges = re.findall(r"([A-Z])(\d+)\s+to\s+[A-Z](\d+)", rules)
    between = [f"{letter}{n}" for letter, a, b in ranges for n in range(int(a), int(b) + 1)]
    return sorted({*between, *re.findall(r"[A-Z]\d+", rules)})


def written(document: str) -> list[str]:
    path = ROOT / document
    return WRITTEN.findall(path.read_text(encoding="utf-8")) if path.exists() else []


def test_a_range_names_every_rule_in_it() -> None:
    assert expand("H1 to H3 and H7") == ["H1", "H2", "H3", "H7"]
    assert expand("C4 and C5") == ["C4", "C5"]


def test_every_cited_rule_is_written_down() -> None:
    rules = cited()
    missing = [
        f"{file} cites {document}, rule {rule}"
        for file, document, rule in rules
        if rule not in written(document)
    ]
    assert rules
    assert missing == []


def test_no_rule_has_two_texts() -> None:
    for path in (ROOT / "docs" / "engine").glob("*.md"):
        numbers = written(str(path.relative_to(ROOT)))
        assert sorted(set(numbers)) == sorted(numbers), path.name


def test_every_source_line_names_a_rule() -> None:
    """A Source that names a document without a rule could never be checked."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        named = len(re.findall(r"Source\s+docs/engine/", text))
        assert len(re.findall(r"Source\s+" + CITED.pattern, text)) == named, path
