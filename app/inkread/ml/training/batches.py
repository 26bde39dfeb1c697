"""Fill batches from a data set, in the memory that a training step reads from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from inkread.core.reading import Cells, Grey
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import Forward
from inkread.ml.graph.surgery import NotTrainable
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.input_layout import InputLayout
from inkread.ml.training.session import Batch

_SHUFFLE, _BATCH = 0, 1
"""Streams of random numbers under one seed."""
_TYPE_NAMES = {"f4": "tensor(float)", "f8": "tensor(double)", "f2": "tensor(float16)",
               "u1": "tensor(uint8)"}  # fmt: skip


class Augment(Protocol):
    """Changes cells at random into others that a person could have written."""

    def __call__(self, cells: Grey, rng: np.random.Generator) -> Grey:
        """(n, h, w) uint8 cells -> new ones of the same shape and type; the input is kept."""
        ...


class Teacher(Protocol):
    """Gives class probabilities to learn from."""

    def __call__(self, cells: Cells, step: int) -> Cells:
        """(n, 1, h, w) float32 in 0..1, at a step counted from 0 -> (n, k) probabilities."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Outliers:
    """Cells of no class, on which the network is trained to be undecided (outlier exposure).

    Attributes
    ----------
    cells : (n, h, w) array of uint8
        Of the same size as those of the classes.
    weight : float
        Of each; a sample of a class has weight 1.
    """

    cells: Grey
    weight: float = 1.0


def layout_of(forward: Forward) -> InputLayout:
    """Input layout of a network.

    Raises
    ------
    NotTrainable
        If its input is not one for cells.
    """
    try:
        name = _TYPE_NAMES.get(forward.input_dtype.str[1:], str(forward.input_dtype))
        return InputLayout.of([None, *forward.cell_shape], name)
    except ValueError as error:
        raise NotTrainable(reason=str(error)) from error


def scaled(cells: Grey) -> Cells:
    """(n, h, w) uint8 -> (n, 1, h, w) float32 in 0..1."""
    result: Cells = np.multiply(cells[:, None], np.float32(1 / 255), dtype=np.float32)
    return result


class BatchMaker:
    """Fills batches; the same seed and step always give the same batch.

    Parameters
    ----------
    forward : Forward
        The network that reads them.
    dataset : Dataset
        Only the cells of a batch are ever scaled to float.
    batches : sequence of Batch
        Filled in turns.
    augment : Augment or None
        Applied to each batch before scaling.
    seed : int
        For order, augmentation and noise.
    weights : ndarray or None
        (n,) weight of each sample; None: 1.
    late_augment : Augment or None
        Replaces `augment` from epoch `late_from` (counted from 0) on.
    late_from : int or None
        None for never.
    others : Outliers or None
        Cells of no class, mixed in among the samples; their label is the count of classes.
    teacher : Teacher or None
        Called for each batch if the batches have room for its probabilities.
    """

    def __init__(
        self,
        forward: Forward,
        dataset: Dataset,
        batches: Sequence[Batch],
        augment: Augment | None,
        seed: int,
        weights: Array | None = None,
        outliers: Outliers | None = None,
        late_augment: Augment | None = None,
        late_from: int | None = None,
        teacher: Teacher | None = None,
    ) -> None:
        self._layout = layout_of(forward)
        self._dataset = dataset
        self._outliers = outliers
        self._count = len(dataset) + (0 if outliers is None else len(outliers.cells))
        self._batches = batches
        self._augment = augment
        self._late_augment, self._late_from = late_augment, late_from
        self._seed = seed
        self._teacher = teacher
        self._weights = weights
        self._size = len(batches[0].labels)
        self._steps = -(-self._count // self._size)
        self._order: tuple[int, npt.NDArray[np.int64]] = (-1, np.empty(0, np.int64))

    def make(self, step: int) -> Batch:
        """Fill the batch of a step (counted from 0 over the whole run)."""
        rng = np.random.default_rng([self._seed, _BATCH, step])
        epoch, index = divmod(step, self._steps)
        chosen = self._chosen(epoch, index)
        cells = self._cells(chosen)
        is_late = self._late_from is not None and epoch >= self._late_from
        augment = self._late_augment if is_late else self._augment
        if augment is not None:
            cells = augment(cells, rng)
        batch = self._batches[step % len(self._batches)]
        pictures = scaled(cells)
        batch.pictures[...] = self._layout.feed(pictures)
        if self._teacher is not None and len(batch.teacher):
            batch.teacher[...] = self._teacher(pictures, step)
        is_outlier = chosen >= len(self._dataset)
        samples = np.where(is_outlier, 0, chosen)
        known = self._dataset.targets[samples]
        batch.labels[...] = np.where(is_outlier, len(self._dataset.labels), known)
        if self._weights is not None:
            batch.weights[...] = self._weights[samples]
        if self._outliers is not None:
            batch.weights[...] = np.where(
                is_outlier, self._outliers.weight, 1.0 if self._weights is None else batch.weights
            )
        for noise in batch.noise.values():
            noise[...] = rng.random(noise.shape, dtype=np.float32)
        return batch

    def _cells(self, chosen: npt.NDArray[np.int64]) -> Grey:
        if self._outliers is None:
            return self._dataset.cells[chosen]
        known = len(self._dataset)
        cells = np.empty((len(chosen), *self._dataset.cells.shape[1:]), np.uint8)
        is_outlier = chosen >= known
        cells[~is_outlier] = self._dataset.cells[chosen[~is_outlier]]
        cells[is_outlier] = self._outliers.cells[chosen[is_outlier] - known]
        return cells

    def _chosen(self, epoch: int, step: int) -> npt.NDArray[np.int64]:
        """Sample indices of a step in the epoch's order; the last step wraps around."""
        if self._order[0] != epoch:
            rng = np.random.default_rng([self._seed, _SHUFFLE, epoch])
            self._order = (epoch, rng.permutation(self._count))
        places = np.arange(step * self._size, (step + 1) * self._size) % self._count
        chosen: npt.NDArray[np.int64] = self._order[1][places]
        return chosen


@dataclass(frozen=True, slots=True)
class TeacherEnsemble:
    """Models that take turns as the teacher.

    On average the student learns the mean of their answers, for the cost of one forward pass.

    Attributes
    ----------
    models : sequence of OnnxClassifier
        At least one; all with the same classes in the same order.
    """

    models: Sequence[OnnxClassifier]

    def __call__(self, cells: Cells, step: int) -> Cells:
        """(n, 1, h, w) float32 in 0..1 -> (n, k) probabilities of the model whose turn it is."""
        return self.models[step % len(self.models)].probabilities(cells)
