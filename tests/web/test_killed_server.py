"""The web server killed by force under load: every acknowledged report is there, and once."""

import json
import subprocess
import sys

from tests.house.ground import ROOT
from tests.own_database import own_database

KILLS = 10


def test_every_acknowledged_report_is_there_once_although_the_server_is_killed(tmp_path):
    with own_database(tmp_path) as environment:
        run = subprocess.run(
            [sys.executable, "-m", "tests.web.killed", str(KILLS)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)

    assert found["kills"] == KILLS
    assert found["acknowledged"] >= KILLS
    assert {name: found[name] for name in ("lost", "twice", "half", "failed")} == {
        "lost": [],
        "twice": [],
        "half": [],
        "failed": [],
    }
