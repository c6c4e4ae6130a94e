"""How well and how fast the present rule of a log is learned: agreement, seconds, memory.

    ./tricorn --dev python -m benchmarks.learn [FILE ZONE [MAP] ...]

Without a file, the demonstration's sample of a ServiceNow log. Several files go one after the
other: FILE ZONE FILE ZONE MAP. A log with due times is learned by its groups (types), one with a
flag by priority. Prints the table of docs/engine/learn.md.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from tricorn.engine.learn import Learned, Rule, learn
from tricorn.engine.replay import MISSING
from tricorn.histories import load_map, open_history

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "src/tricorn/demo/data/incidents_sample.csv.gz"
FITS = 0.95


def measure(file: str, zone: str, map_name: str | None) -> None:
    """Learn from one file and print what came of it."""
    read = open_history(
        Path(file), zone=ZoneInfo(zone), map=load_map(map_name) if map_name else None
    )
    history = read.history
    by_group = bool((history.due != MISSING).any())
    groups = {"groups": read.groups.codes, "group_names": read.groups.names} if by_group else {}
    wall, processor = time.perf_counter(), time.process_time()
    learned = learn(history, zone=zone, **groups)
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{Path(file).name}: {len(history):,} tickets, learned by {learned.told}")
    print(f"{processor:.1f} s of the processor, {wall:.1f} s of the wall, {memory:.0f} MB in all")
    if by_group:
        summary(learned)
    else:
        for rule in learned.rules:
            print(line(rule))
    for sentence in learned.unidentified:
        print(f"not told apart: {sentence}")
    for name, why in learned.cannot.items() if not by_group else ():
        print(f"not learned: {name}: {why}")
    print(f"{len(learned.disagreements):,} disagreements; learned to {learned.train_until}")


def line(rule: Rule) -> str:
    train, test = rule.agreement_train, rule.agreement_test
    return (
        f"{rule.priority}: {rule.start} to {rule.stop}, {rule.hours}, {rule.target}; "
        f"train {train.met:,} of {train.n:,} ({shown(train.value)}), "
        f"test {test.met:,} of {test.n:,} ({shown(test.value)}), "
        f"balanced {shown(rule.balanced_test)}"
    )


def summary(learned: Learned) -> None:
    """Groups that fit what was learned from, and how they do on what was held back."""
    fitting = [rule for rule in learned.rules if (rule.agreement_train.value or 0) >= FITS]
    held_back = sum(rule.agreement_test.n for rule in learned.rules)
    for name, some in (
        ("hold from the beginning", [rule for rule in fitting if rule.since is None]),
        ("hold since a change", [rule for rule in fitting if rule.since is not None]),
        ("all that fit", fitting),
    ):
        train, test = (
            sum(getattr(rule, part).n for rule in some)
            for part in ("agreement_train", "agreement_test")
        )
        met = sum(rule.agreement_test.met for rule in some)
        print(
            f"{name}: {len(some)} of {len(learned.rules)} groups, {train:,} tickets learned from, "
            f"{met:,} of {test:,} held back reproduced ({shown(met / test if test else None)})"
        )
    print(f"held back of listed groups: {held_back:,}; distinct rules: {len(learned.agreements)}")


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def main(given: list[str]) -> None:
    asked = given or [str(SAMPLE), "America/Sao_Paulo"]
    files = [k for k, text in enumerate(asked) if Path(text).is_file()]
    for k, after in zip(files, [*files[1:], len(asked)], strict=True):
        part = asked[k:after]
        if len(part) not in (2, 3):
            sys.exit(__doc__)
        measure(part[0], part[1], part[2] if len(part) == 3 else None)


if __name__ == "__main__":
    main(sys.argv[1:])
