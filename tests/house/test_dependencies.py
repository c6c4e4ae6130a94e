"""Every package that people must install has a reason; the locks name exact files and no place."""

import re
import tomllib

import pytest

from tests.house.ground import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
REASON = re.compile(r'^\s*"(?P<package>[^"]+)",?\s+#\s+\S+(?:\s+\S+){2,}')
PIN = re.compile(r"^(?P<package>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==\S+")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def pyproject_text():
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def wanted_packages():
    project = tomllib.loads(pyproject_text())["project"]
    return project["dependencies"]


def test_every_dependency_says_why():
    reasoned = {
        match["package"] for line in pyproject_text().splitlines() if (match := REASON.match(line))
    }

    assert [package for package in wanted_packages() if package not in reasoned] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_carries_hashes(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = [part for part in re.split(r"\n(?=\S)", text.strip()) if not part.startswith("#")]

    assert len(entries) > len(wanted_packages())
    assert [entry[:60] for entry in entries if not PIN.match(entry)] == []
    assert [entry[:60] for entry in entries if not HASH.search(entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_place_to_fetch_from(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"\S*(?:://|file:|--index|--find-links)\S*", text) == []


def test_both_locks_hold_what_the_project_asks_for():
    for lock in LOCKS:
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        locked = {plain(match["package"]) for line in lines if (match := PIN.match(line))}

        assert [name for name in map(plain, wanted_packages()) if name not in locked] == []


def test_both_locks_agree():
    plain_lock, dev_lock = (
        {line.split(" ")[0] for line in (ROOT / lock).read_text().splitlines() if PIN.match(line)}
        for lock in LOCKS
    )

    assert plain_lock - dev_lock == set()


def plain(package: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", package)
    assert found is not None, package
    return re.sub(r"[-_.]+", "-", found.group()).lower()
