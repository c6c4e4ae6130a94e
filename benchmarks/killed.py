"""A web server killed a hundred times while reports come in: `python -m benchmarks.killed [KILLS]`.

On a fresh SQLite file, or on TRICORN_DATABASE. Prints how many reports were acknowledged, and how
many of them are missing, there twice or half written: none may be.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

KILLS = 100


def main(kills: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        began = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-m", "tests.web.killed", str(kills)],
            env={**os.environ, "TRICORN_HOME": home},
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(run.stdout)
    print(f"{found['kills']} kills in {time.monotonic() - began:.0f} s")
    print(f"{'acknowledged':<14}{found['acknowledged']:>8}")
    for name in ("lost", "twice", "half", "failed"):
        print(f"{name:<14}{len(found[name]):>8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS)
