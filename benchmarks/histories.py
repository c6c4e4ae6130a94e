"""How long it takes to read an export into a history, and how much memory: no database.

    ./tricorn --dev python -m benchmarks.histories [FILE ZONE [MAP]]

Without a file, the demonstration's sample of a ServiceNow log. Each file is read in a process of
its own: seconds of the processor and of the wall, memory beyond the program's own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from tricorn.histories import load_map, open_history

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "src/tricorn/demo/data/incidents_sample.csv.gz"


def read(file: str, zone: str, map_name: str | None = None) -> None:
    """Print one line about one file."""
    given = load_map(map_name) if map_name else None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, processor = time.perf_counter(), time.process_time()
    found = open_history(Path(file), zone=ZoneInfo(zone), map=given)
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    print(
        f"{Path(file).name:<40}{found.format:<18}{found.rows:>10,}{len(found.history):>10,}"
        f"{processor:>8.2f}{wall:>8.2f}{before:>8.0f}{more:>8.0f}"
    )


def main(given: list[str]) -> None:
    if given[:1] == ["--one"]:
        read(*given[1:])
        return
    print(
        f"{'file':<40}{'format':<18}{'rows':>10}{'tickets':>10}{'cpu s':>8}{'wall s':>8}"
        f"{'MB':>8}{'+ MB':>8}",
        flush=True,
    )
    asked = given or [str(SAMPLE), "America/Sao_Paulo"]
    subprocess.run([sys.executable, "-m", "benchmarks.histories", "--one", *asked], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
