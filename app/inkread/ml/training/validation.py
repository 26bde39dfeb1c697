"""Evaluate a network on held-out data while it is being trained."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import NamedTuple

import numpy as np

from inkread.ml.datasets.dataset import Dataset
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import Forward
from inkread.ml.inference.calibration import MAX_SAMPLES, best_temperature
from inkread.ml.inference.reading_session import ReadingSession
from inkread.ml.training.batches import layout_of, scaled

_BATCH = 256


class Validation(NamedTuple):
    """Mean loss, accuracy (0 to 1), and the best temperature for the logits."""

    loss: float
    accuracy: float
    temperature: float


class Validator:
    """Evaluates held-out data repeatedly with different weights.

    Parameters
    ----------
    forward : Forward
        The network. Weights are passed with each call, so that no model is built from them.
    dataset : Dataset
        At least one sample.
    threads : int
        Of onnxruntime; 0 for one per core.
    """

    def __init__(self, forward: Forward, dataset: Dataset, threads: int = 0) -> None:
        self._forward = forward
        self._dataset = dataset
        self._threads = threads
        self._session: ReadingSession | None = None

    def validate(self, weights: Mapping[str, Array]) -> Generator[None, None, Validation]:
        """Evaluate with these weights.

        Yields
        ------
        None
            After every 256 samples.
        """
        if self._session is None:
            model = self._forward.with_inputs(weights)
            self._session = ReadingSession(model, self._threads)
        layout = layout_of(self._forward)
        cells, targets = self._dataset.cells, self._dataset.targets
        loss, right, count = 0.0, 0, len(self._dataset)
        stride = -(-count // MAX_SAMPLES)
        sampled = []
        for start in range(0, count, _BATCH):
            piece = slice(start, start + _BATCH)
            fed = layout.feed(scaled(cells[piece]))
            rows = self._session.log_probabilities(fed, weights)
            loss -= float(rows[np.arange(len(rows)), targets[piece]].sum())
            right += int((rows.argmax(axis=1) == targets[piece]).sum())
            sampled.append(rows[-start % stride :: stride])
            yield
        temperature = best_temperature(np.concatenate(sampled), targets[::stride])
        return Validation(loss / count, right / count, temperature)
