"""`make bench`: every benchmark in one go. Each prints a table of its own and needs no network."""

import subprocess
import sys

<<<<<<< HEAD
NAMES = ("hours", "replay", "staffing", "histories", "imports", "choosing", "own", "web")
=======
NAMES = ("hours", "replay", "learn", "histories", "imports", "choosing", "web")
>>>>>>> 3b87d2ab0aab80750c83e24d6503d1fbfa471c72

if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
