from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from inkread.ml.graph.forward import read_forward
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.best_network import BestNetwork
from inkread.ml.training.progress import Epoch
from tests.ml.networks import Array, convolutional


def _epoch(number: int, accuracy: float | None, loss: float = 1.0) -> Epoch:
    return Epoch(number, 1.0, 0.5, None if accuracy is None else loss, accuracy, 1.0)


def _bias(data: bytes) -> Array:
    graph = onnx.load_from_string(data).graph
    return next(numpy_helper.to_array(t) for t in graph.initializer if t.name == "b3")


def _best() -> tuple[BestNetwork, dict[str, Array]]:
    forward = read_forward(convolutional(np.float32))
    info = ModelInfo(labels=("a", "b", "c"), preprocess_version=1)
    return BestNetwork(forward, info), {"b3": np.ones(3, np.float32)}


def test_before_one_pass_there_is_none() -> None:
    best, _ = _best()
    assert best.trained() is None


def test_the_best_accuracy_counts_then_the_least_loss_then_the_last() -> None:
    best, weights = _best()
    figures = [(0.5, 1.0), (0.9, 1.0), (0.8, 0.1), (0.9, 1.1), (0.9, 0.9), (0.9, 0.9)]
    chosen = []
    for number, (accuracy, loss) in enumerate(figures, 1):
        best.add(_epoch(number, accuracy, loss), weights, None)
        trained = best.trained()
        assert trained is not None
        assert len(trained.epochs) == number
        chosen.append(trained.best_epoch)
    assert chosen == [1, 2, 2, 2, 5, 6]


def test_without_held_out_data_the_last_counts() -> None:
    best, weights = _best()
    for number in (1, 2):
        best.add(_epoch(number, None), weights, None)
    trained = best.trained()
    assert trained is not None
    assert trained.best_epoch == 2


def test_the_weights_are_those_of_the_best_pass_whatever_becomes_of_the_arrays() -> None:
    best, weights = _best()
    best.add(_epoch(1, 0.9), weights, None)
    weights["b3"][:] = 7  # as the next step does
    best.add(_epoch(2, 0.1), weights, None)
    trained = best.trained()
    assert trained is not None
    np.testing.assert_array_equal(_bias(trained.data), [1, 1, 1])
    best.add(_epoch(3, 0.95), weights, None)
    again = best.trained()
    assert again is not None
    np.testing.assert_array_equal(_bias(again.data), [7, 7, 7])
    np.testing.assert_array_equal(_bias(trained.data), [1, 1, 1])
