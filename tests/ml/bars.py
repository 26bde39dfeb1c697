"""A small task that a small network learns in a moment: upright and lying bars."""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, helper

from inkread.ml.datasets.dataset import Dataset
from tests.ml.networks import model


def bars(count: int, seed: int = 0, labels: tuple[str, ...] = ("up", "flat")) -> Dataset:
    """8x8 cells with a bar each, and some noise."""
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 90, (count, 8, 8), dtype=np.uint8)
    targets = rng.integers(0, len(labels), count)
    for cell, target, place in zip(cells, targets, rng.integers(0, 8, count), strict=True):
        (cell.T if target % 2 else cell)[:, place] = 255
    return Dataset(cells, targets.astype(np.int64), labels)


def network(classes: int = 2, seed: int = 0) -> ModelProto:
    """(N, 1, 8, 8) -> conv, relu, pool, dropout, dense -> (N, classes)."""
    rng = np.random.default_rng(seed)
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c"], pads=[1, 1, 1, 1]),
        node("Relu", ["c"], ["r"]),
        node("MaxPool", ["r"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", ["p"], ["f"]),
        node("Dropout", ["f", "ratio"], ["d"]),
        node("Gemm", ["d", "w2", "b2"], ["y"]),
    ]
    values = {
        "w1": rng.normal(0, 0.5, (4, 1, 3, 3)),
        "b1": np.zeros(4),
        "ratio": np.array(0.1),
        "w2": rng.normal(0, 0.2, (64, classes)),
        "b2": np.zeros(classes),
    }
    typed = {name: np.asarray(v, np.float32) for name, v in values.items()}
    return model(nodes, typed, ["N", 1, 8, 8], classes)
