"""Receivers killed and databases cut off in the middle: no letter lost, no ticket twice."""

import json
import subprocess
import sys

from tests.beside import free_port
from tests.house.ground import ROOT
from tests.own_database import own_database

COUNT = 60


def test_what_was_acknowledged_is_one_ticket_although_receivers_are_killed(tmp_path):
    with own_database(tmp_path) as environment:
        run = subprocess.run(
            [sys.executable, "-m", "tests.mail.incoming.killed", str(free_port()), str(COUNT)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.pop("kills") >= 4
    assert found.pop("cuts") >= 4 or "TRICORN_DATABASE" not in environment
    assert found == {
        "acknowledged": COUNT,
        "tickets": COUNT,
        "twice": 0,
        "messages": COUNT,
        "arrivals": {"filed": COUNT},
        "receipts": COUNT,
    }
