"""`make bench`: every benchmark in one go. Each prints a table of its own and needs no network."""

import subprocess
import sys

NAMES = (
    "hours",
    "replay",
    "staffing",
    "learn",
    "histories",
    "imports",
    "choosing",
    "own",
    "mail",
    "killed",
    "search",
    "web",
)

if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
