"""Data sets of labelled cells for training and evaluation."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Grey

Targets = NDArray[np.int64]


class Purpose(Enum):
    """Purpose of the data: selects the part of sources that have a training and a test part."""

    TRAINING = "training"
    EVALUATION = "evaluation"


class Skipped(NamedTuple):
    """An item that could not be used, and why."""

    name: str
    reason: str


class Unit(StrEnum):
    """Unit of progress."""

    BYTES = "bytes"
    FILES = "files"
    SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Loading:
    """Progress of loading a source; `total` is 0 if unknown."""

    source: str
    done: int
    total: int
    unit: Unit


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Labelled cells of one size.

    Attributes
    ----------
    cells : (n, h, w) array of uint8, read-only
        0 (background) to 255 (ink).
    targets : (n,) array of int64, read-only
        Indices into `labels`.
    labels : tuple of str
        The classes, distinct; one may have no samples.
    sources : tuple of str
        Names of its sources, without folders.
    skipped : tuple of Skipped
        Items of the sources that could not be used.
    """

    cells: Grey
    targets: Targets
    labels: tuple[str, ...]
    sources: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def __post_init__(self) -> None:
        """Check that the arrays fit together, and make them read-only.

        Raises
        ------
        ValueError
            With the reason.
        """
        if self.cells.ndim != 3 or self.cells.dtype != np.uint8:
            raise ValueError(f"cells of shape {self.cells.shape}, {self.cells.dtype}")
        if self.targets.shape != (len(self.cells),) or self.targets.dtype != np.int64:
            raise ValueError(f"targets of shape {self.targets.shape}, {self.targets.dtype}")
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("labels that are not distinct")
        if len(self) and not 0 <= self.targets.min() <= self.targets.max() < len(self.labels):
            raise ValueError("targets without a label")
        for name in ("cells", "targets"):
            guarded = getattr(self, name).view()
            guarded.setflags(write=False)
            object.__setattr__(self, name, guarded)

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def height(self) -> int:
        """Of a cell, px."""
        return int(self.cells.shape[1])

    @property
    def width(self) -> int:
        """Of a cell, px."""
        return int(self.cells.shape[2])

    @property
    def counts(self) -> Targets:
        """(len(labels),) count of samples of each class."""
        return np.bincount(self.targets, minlength=len(self.labels)).astype(np.int64)

    def take(self, indices: NDArray[np.integer] | NDArray[np.bool_]) -> Dataset:
        """Copy the samples at these indices, in that order, or where a mask is true."""
        return replace(self, cells=self.cells[indices], targets=self.targets[indices])


#: Loads a source; yields progress, and can be stopped at each `yield`.
Loader = Generator[Loading, None, Dataset]


def split(dataset: Dataset, held_out: float, seed: int) -> tuple[Dataset, Dataset]:
    """Stratified split into a training part and a held-out part.

    Parameters
    ----------
    dataset : Dataset
        Any.
    held_out : float
        Share of the second part, between 0 and 1, rounded for each class. With two or more
        samples of a class each part gets at least one; a single sample goes to training.
    seed : int
        The same seed gives the same split.

    Returns
    -------
    training, held_out : Dataset
        Both in the order of `dataset`.

    Raises
    ------
    ValueError
        If `held_out` is not between 0 and 1.
    """
    if not 0 < held_out < 1:
        raise ValueError(f"a share of {held_out} cannot be held out")
    rng = np.random.default_rng(seed)
    out = np.zeros(len(dataset), np.bool_)
    for target in range(len(dataset.labels)):
        members = np.flatnonzero(dataset.targets == target)
        count = min(max(round(held_out * len(members)), 1), len(members) - 1)
        out[rng.permutation(members)[: max(0, count)]] = True
    return dataset.take(~out), dataset.take(out)
