"""Whether anything is lost when the program is killed at a random moment of its work.

    python -m tests.benchmarks.kills --what drawing [--count 200] [--jobs 2] [--seed 0]

The work is drawing, learning, teaching or training. Each trial has a home of its own and a real
process, which is killed by SIGKILL; then it is looked whether everything is there that must be.
Prints a line for each trial that lost something, and at last how many are whole. The figure to
reach: all of them.

Another kind of work is a function that makes one trial, and a line in `KINDS`.
"""

from __future__ import annotations

import argparse
import importlib
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

#: Kind of work -> module and function: ``function(home, rng)`` kills it once.
KINDS = {
    "drawing": ("tests.benchmarks.killed_drawing", "trial"),
    "learning": ("tests.benchmarks.killed_work", "learning"),
    "teaching": ("tests.benchmarks.killed_work", "teaching"),
    "training": ("tests.benchmarks.killed_work", "training"),
}
#: Trials from one line of progress to the next.
_REPORT = 20


@dataclass(frozen=True)
class Outcome:
    """What a trial found after the kill.

    Attributes
    ----------
    lost : str
        What is lost that must not be; empty: everything is whole.
    facts : dict
        Numbers that a test or a person may want to know.
    """

    lost: str = ""
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not self.lost


Trial = Callable[[Path, random.Random], Outcome]


def trial_of(what: str) -> Trial:
    module, name = KINDS[what]
    trial: Trial = getattr(importlib.import_module(module), name)
    return trial


def outcomes(what: str, count: int, seed: int = 0, jobs: int = 1) -> Iterator[Outcome]:
    """The outcome of each trial, in order; `jobs` at a time."""
    trial = trial_of(what)

    def one(index: int) -> Outcome:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return trial(Path(folder), random.Random(f"{seed} {index}"))

    with ThreadPoolExecutor(jobs) as threads:
        yield from threads.map(one, range(count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--what", choices=sorted(KINDS), required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2, help="trials at a time")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    start, whole = time.monotonic(), 0
    worst: dict[str, float] = {}
    for index, outcome in enumerate(outcomes(args.what, args.count, args.seed, args.jobs)):
        whole += outcome.is_whole
        for name, value in outcome.facts.items():
            worst[name] = max(value, worst.get(name, value))
        if not outcome.is_whole:
            print(f"{args.what} {index}: {outcome.lost}", flush=True)
        elif (index + 1) % _REPORT == 0:
            print(f"{args.what}: {whole} of {index + 1} whole so far", flush=True)
    for name, value in worst.items():
        print(f"at most {name}: {value:.2f}")
    seconds = time.monotonic() - start
    print(
        f"{args.what}: {whole} of {args.count} whole, {args.count - whole} lost ({seconds:.0f} s)"
    )


if __name__ == "__main__":
    main()
