"""Held-out data, read by a network while it is being trained."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import NamedTuple

import numpy as np

from inkread.ml.datasets.dataset import Dataset
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import Forward
from inkread.ml.inference.calibration import ENOUGH, best_temperature
from inkread.ml.inference.reading_session import ReadingSession
from inkread.ml.training.batches import layout_of, scaled

_READ_AT_ONCE = 256


class Validation(NamedTuple):
    """Mean loss, accuracy (0 to 1), and the temperature that suits the network best."""

    loss: float
    accuracy: float
    temperature: float


class Validator:
    """Reads held-out data again and again, with other weights each time.

    Parameters
    ----------
    forward : Forward
        The network. Its weights are given with each reading, so that no model is made of them.
    dataset : Dataset
        At least one sample.
    threads : int
        Of onnxruntime; 0: as many as there are cores.
    """

    def __init__(self, forward: Forward, dataset: Dataset, threads: int = 0) -> None:
        self._forward = forward
        self._dataset = dataset
        self._threads = threads
        self._session: ReadingSession | None = None

    def reading(self, weights: Mapping[str, Array]) -> Generator[None, None, Validation]:
        """Read with these weights of the network.

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
        every = -(-count // ENOUGH)
        some = []
        for start in range(0, count, _READ_AT_ONCE):
            piece = slice(start, start + _READ_AT_ONCE)
            fed = layout.feed(scaled(cells[piece]))
            rows = self._session.log_probabilities(fed, weights)
            loss -= float(rows[np.arange(len(rows)), targets[piece]].sum())
            right += int((rows.argmax(axis=1) == targets[piece]).sum())
            some.append(rows[-start % every :: every])
            yield
        temperature = best_temperature(np.concatenate(some), targets[::every])
        return Validation(loss / count, right / count, temperature)
