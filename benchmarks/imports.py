"""How long it takes to bring in an event log, and how much memory: `python -m benchmarks.imports`.

With a file, that log (ServiceNow, any zone); without, the demonstration's sample.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "src/tricorn/demo/data/incidents_sample.csv.gz"


def main(files: list[str]) -> None:
    print(f"{'file':<40}{'run':>10}{'seconds':>10}{'MB':>8}  answer")
    for name in files or [str(SAMPLE)]:
        with tempfile.TemporaryDirectory() as home:
            for run in ("first", "again"):
                environment = {**os.environ, "TRICORN_HOME": home}
                began = time.perf_counter()
                done = subprocess.run(
                    [
                        *(sys.executable, "-m", "tricorn", "import", "servicenow", name),
                        *("--zone", "America/Sao_Paulo", "--json"),
                    ],
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=True,
                )
                seconds = time.perf_counter() - began
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                print(
                    f"{Path(name).name:<40}{run:>10}{seconds:>10.1f}{peak:>8.0f}  "
                    f"{done.stdout.strip()[:90]}"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
