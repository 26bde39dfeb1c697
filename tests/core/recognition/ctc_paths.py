"""All paths of connectionist temporal classification one by one: the oracle of small cases."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np
from numpy.typing import NDArray

Signs = tuple[int, ...]
Path = tuple[int, ...]


def all_paths(probabilities: NDArray[np.float64]) -> dict[Signs, dict[Path, float]]:
    """Text -> its alignments, each a column for every step, and how probable each is."""
    steps, columns = probabilities.shape
    found: dict[Signs, dict[Path, float]] = defaultdict(dict)
    for path in product(range(columns), repeat=steps):
        weight = float(np.prod(probabilities[np.arange(steps), path]))
        found[text_of(path, columns - 1)][path] = weight
    return found


def text_of(path: Path, blank: int) -> Signs:
    return tuple(sign for sign, _ in groupby(path) if sign != blank)


def spans(path: Path, blank: int) -> list[tuple[int, int]]:
    """First and last step of each sign of a path."""
    runs, step = [], 0
    for sign, run in groupby(path):
        length = len(list(run))
        if sign != blank:
            runs.append((step, step + length - 1))
        step += length
    return runs


def rows(seed: int, steps: int, columns: int, sharpness: float = 2.0) -> NDArray[np.float32]:
    """Random logits."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((steps, columns)) * sharpness).astype(np.float32)
