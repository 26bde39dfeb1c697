"""Convert stored samples to a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from inkread.core.errors import DataEmpty
from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.datasets.labels import from_texts


class Labelled(Protocol):
    """A cell with its label; `inkread.data.samples.store.StoredSample` is one."""

    @property
    def label(self) -> str: ...
    @property
    def cell(self) -> Grey: ...


def dataset_of(samples: Sequence[Labelled], name: str = "samples") -> Dataset:
    """Build a data set from samples.

    Parameters
    ----------
    samples : sequence of Labelled
        At least one; their cells are (28, 28) arrays of uint8, 0 (background) to 255 (ink).
    name : str
        Name of the source, in the data set and in error messages.

    Returns
    -------
    Dataset
        In their order, with their labels alone.

    Raises
    ------
    DataEmpty
        If there is none.
    DataMisshapen
        If there are too many different labels.
    """
    if not samples:
        raise DataEmpty(name=name, reason="nothing was taught yet")
    targets, labels = from_texts([sample.label for sample in samples], name)
    return Dataset(np.stack([sample.cell for sample in samples]), targets, labels, (name,))
