"""The best network of a run: its weights while the run goes on, a model when it is asked for.

To make a model is work that lets no other thread run: 0.2 s for 3 million weights, after each
pass. Weights are copied in 10 ms, beside whatever else there is to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from onnx import helper

from inkread.ml.gradients.registry import Array
from inkread.ml.graph.fold_batchnorm import fold_normalisation
from inkread.ml.graph.forward import Forward
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.progress import Epoch, TrainedModel


class BestNetwork:
    """Remembers the network that did best on held-out data.

    Parameters
    ----------
    forward : Forward
        What is trained.
    info : ModelInfo
        What a model of it shall say of itself; validation accuracy and temperature are filled in.
    keeps_last : bool
        Take the last one for the best.
    """

    def __init__(self, forward: Forward, info: ModelInfo, keeps_last: bool = False) -> None:
        self._keeps_last = keeps_last
        self._forward = forward
        self._info = info
        self._weights: dict[str, Array] = {}
        self._epochs: list[Epoch] = []
        self._best: Epoch | None = None
        self._temperature: float | None = None
        self._made: bytes | None = None

    def add(self, epoch: Epoch, weights: Mapping[str, Array], temperature: float | None) -> None:
        """Take note of a pass, and of its network if there is no better one."""
        self._epochs.append(epoch)
        is_worse = self._best is not None and _rank(epoch) < _rank(self._best)
        if is_worse and not self._keeps_last:
            return
        self._best, self._temperature, self._made = epoch, temperature, None
        if not self._weights:
            self._weights = {name: np.empty_like(array) for name, array in weights.items()}
        for name, array in weights.items():
            np.copyto(self._weights[name], array)

    def forget(self) -> None:
        """None of them is worth anything."""
        self._best = None

    def trained(self) -> TrainedModel | None:
        """The best network so far; None before one pass."""
        if self._best is None:
            return None
        if self._made is None:
            self._made = self._model(self._best)
        return TrainedModel(self._made, tuple(self._epochs), self._best.number)

    def _model(self, epoch: Epoch) -> bytes:
        model = fold_normalisation(self._forward.with_values(self._weights))
        scores = dict(self._info.scores)
        if epoch.validation_accuracy is not None:
            scores["validation_accuracy"] = epoch.validation_accuracy
        info = replace(self._info, scores=scores, temperature=self._temperature)
        helper.set_model_props(model, info.to_metadata())
        return bytes(model.SerializeToString())


def _rank(epoch: Epoch) -> tuple[float, float]:
    """Greater is better; without held-out data all are equal, and the last one counts."""
    if epoch.validation_accuracy is None or epoch.validation_loss is None:
        return 0.0, 0.0
    return epoch.validation_accuracy, -epoch.validation_loss
