from __future__ import annotations

import numpy as np
import pytest

from inkread.core.generators import finished
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.graph.forward import read_forward
from inkread.ml.training.validation import Validator
from tests.ml.networks import Array, convolutional, evaluate

RNG = np.random.default_rng(0)


def _data(count: int) -> Dataset:
    cells = RNG.integers(0, 256, (count, 6, 6), np.uint8)
    return Dataset(cells, RNG.integers(0, 3, count), ("a", "b", "c"))


def _logs(weights: dict[str, Array], data: Dataset) -> Array:
    """By the reference evaluator, on a model that is made of these weights."""
    network = read_forward(convolutional(np.float32)).with_values(weights)
    (rows,) = evaluate(network, {"x": data.cells[:, None].astype(np.float32) / 255})
    logs: Array = rows - np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return logs


@pytest.mark.parametrize("count", [1, 256, 300])
def test_it_reads_as_a_model_with_these_weights_does(count: int) -> None:
    forward = read_forward(convolutional(np.float32))
    data = _data(count)
    validator = Validator(forward, data, threads=1)
    names = ("w1", "b3", "mean", "variance")  # the rest is the model's own
    for _ in range(2):
        weights = {k: RNG.random(forward.values[k].shape, np.float32) for k in names}
        logs = _logs(weights, data)
        found = finished(validator.validate(weights))
        assert found.loss == pytest.approx(-logs[np.arange(count), data.targets].mean(), rel=1e-4)
        assert found.accuracy == (logs.argmax(axis=1) == data.targets).mean()
