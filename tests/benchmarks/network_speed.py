"""How fast the network alone answers: one digit on one thread, a thousand on two.

    python -m tests.benchmarks.network_speed [--data FOLDER] [--model FILE] [--rounds 7]

The figures to reach: one digit in 0.5 ms, 1,000 digits at 5,000 a second. The ONNX model zoo's
mnist-12 runs in turns with it; the best round of each counts, since other work on the machine can
only make them slower.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.benchmarks.corpus import argument_parser

MANY = 1000
ONES = 300


def seconds_of(work: Callable[[], object], times: int) -> float:
    """Mean seconds of one call."""
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    cells = rng.random((MANY, 1, 28, 28)).astype(np.float32)
    files = {"this model": arguments.model, "zoo mnist-12": arguments.data / "mnist-12.onnx"}
    one = {name: OnnxClassifier.open(path, threads=1) for name, path in files.items()}
    two = {name: OnnxClassifier.open(path, threads=2) for name, path in files.items()}
    best_one = dict.fromkeys(files, float("inf"))
    best_many = dict.fromkeys(files, float("inf"))
    for _ in range(arguments.rounds):
        for name in files:
            single = seconds_of(partial(one[name].probabilities, cells[:1]), ONES)
            many = seconds_of(partial(two[name].probabilities, cells), 1)
            best_one[name] = min(best_one[name], single)
            best_many[name] = min(best_many[name], many)
    for name, path in files.items():
        size, speed = path.stat().st_size / 1000, MANY / best_many[name]
        print(f"{name:13} {size:5.0f} kB, one digit {1000 * best_one[name]:.3f} ms, "
              f"{MANY} digits at {speed:,.0f} a second")  # fmt: skip
    ours, zoo = files
    print(f"ours / zoo: one digit {best_one[ours] / best_one[zoo]:.1f}, "
          f"{MANY} digits {best_many[ours] / best_many[zoo]:.1f} times the time")  # fmt: skip


if __name__ == "__main__":
    main()
