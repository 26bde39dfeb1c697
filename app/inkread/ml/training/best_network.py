"""Keep the best network of a run: as weights during the run, as a model on request.

Building a model holds the interpreter lock: 0.2 s for 3 million weights, after each epoch.
Copying the weights takes 10 ms and lets other threads run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from onnx import helper

from inkread.ml.gradients.registry import Array
from inkread.ml.graph.fold_batchnorm import fold_batch_normalisation
from inkread.ml.graph.forward import Forward
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.progress import Epoch, TrainedModel


class BestNetwork:
    """Keeps the network that does best on held-out data.

    Parameters
    ----------
    forward : Forward
        The model that is trained.
    info : ModelInfo
        Metadata of the model; validation accuracy and temperature are filled in.
    keeps_last : bool
        Keep the network of the last epoch instead.
    """

    def __init__(self, forward: Forward, info: ModelInfo, keeps_last: bool = False) -> None:
        self._keeps_last = keeps_last
        self._forward = forward
        self._info = info
        self._weights: dict[str, Array] = {}
        self._epochs: list[Epoch] = []
        self._best: Epoch | None = None
        self._temperature: float | None = None
        self._model_bytes: bytes | None = None

    def add(self, epoch: Epoch, weights: Mapping[str, Array], temperature: float | None) -> None:
        """Record an epoch, and keep its network if it is the best."""
        self._epochs.append(epoch)
        is_worse = self._best is not None and _rank(epoch) < _rank(self._best)
        if is_worse and not self._keeps_last:
            return
        self._best, self._temperature, self._model_bytes = epoch, temperature, None
        if not self._weights:
            self._weights = {name: np.empty_like(array) for name, array in weights.items()}
        for name, array in weights.items():
            np.copyto(self._weights[name], array)

    def discard(self) -> None:
        """Discard the best network."""
        self._best = None

    def trained(self) -> TrainedModel | None:
        """The best network so far; None before the first epoch ends."""
        if self._best is None:
            return None
        if self._model_bytes is None:
            self._model_bytes = self._build(self._best)
        return TrainedModel(self._model_bytes, tuple(self._epochs), self._best.number)

    def _build(self, epoch: Epoch) -> bytes:
        model = fold_batch_normalisation(self._forward.with_values(self._weights))
        scores = dict(self._info.scores)
        if epoch.validation_accuracy is not None:
            scores["validation_accuracy"] = epoch.validation_accuracy
        info = replace(self._info, scores=scores, temperature=self._temperature)
        helper.set_model_props(model, info.to_metadata())
        return bytes(model.SerializeToString())


def _rank(epoch: Epoch) -> tuple[float, float]:
    """Sort key, greater is better; without held-out data all are equal and the last one wins."""
    if epoch.validation_accuracy is None or epoch.validation_loss is None:
        return 0.0, 0.0
    return epoch.validation_accuracy, -epoch.validation_loss
