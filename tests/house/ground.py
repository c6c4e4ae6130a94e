"""Where things are: the project's files as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tricorn"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project: what git keeps or would keep, without what it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def source_files() -> list[Path]:
    """The Python of the program itself."""
    return sorted(SOURCE.rglob("*.py"))


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Every project file with one of the suffixes (none: every file that is text), and its text."""
    for path in project_files():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[str]:
    """Every module that the file imports by its full name, with `from a import b` as a and a.b."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def first_column(document: str, heading: str) -> set[str]:
    """The words between backticks or stars in the first column of the table below a heading."""
    _, found, rest = (ROOT / document).read_text(encoding="utf-8").partition(f"## {heading}\n")
    assert found, f"{document} has no part called {heading!r}"
    words: set[str] = set()
    for line in rest.split("\n## ")[0].splitlines():
        if line.startswith("|") and not set(line) <= set("|-: "):
            cell = line.strip("|").split("|")[0]
            words.update(word.strip(" `*") for word in cell.split(","))
    return words
