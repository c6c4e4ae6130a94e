"""A worker killed in the middle: nothing lost, nothing twice but the one in flight."""

import subprocess
import sys
from collections import Counter

from tests.house.ground import ROOT
from tests.own_database import own_database

COUNT = 300


def test_every_line_is_told_although_workers_are_killed_at_random(tmp_path):
    told = tmp_path / "told"
    with own_database(tmp_path) as environment:
        run = subprocess.run(
            [sys.executable, "-m", "tests.journal.killed", str(told), str(COUNT)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    assert run.returncode == 0, run.stderr

    times = Counter(told.read_text().split())
    kills = int(run.stdout)
    assert len(times) == COUNT
    assert kills >= 20
    assert sum(times.values()) - COUNT <= kills + 2  # the last two are killed when all is done
