"""Kept samples as a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from inkread.core.errors import DataEmpty
from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.datasets.labels import from_texts


class Labelled(Protocol):
    """A cell and what it is; `inkread.data.samples.store.StoredSample` is one."""

    @property
    def label(self) -> str: ...
    @property
    def cell(self) -> Grey: ...


def dataset_of(samples: Sequence[Labelled], name: str = "samples") -> Dataset:
    """The data set of samples.

    Parameters
    ----------
    samples : sequence of Labelled
        At least one; their cells are (28, 28) arrays of uint8, 0 (paper) to 255 (ink), as
        reading makes them.
    name : str
        What the data set, and error sentences, call their source.

    Returns
    -------
    Dataset
        In their order; the labels are just theirs.

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
