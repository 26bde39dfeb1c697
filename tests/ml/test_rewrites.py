from __future__ import annotations

import numpy as np
from onnx import NodeProto, helper

from app.ml.rewrites import pool_before_relu
from tests.ml.networks import Array, evaluate, model

node = helper.make_node
RELU_POOL = [
    node("Conv", ["x", "w"], ["c"]),
    node("Relu", ["c"], ["r"]),
    node("MaxPool", ["r"], ["p"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
    node("Flatten", ["p"], ["y"]),
]


def _run(nodes: list[NodeProto], x: Array) -> Array:
    w = np.random.default_rng(1).normal(size=(2, 1, 2, 2))
    return evaluate(model(nodes, {"w": w}, ["N", 1, 6, 6], 18), {"x": x})[0]


def test_relu_and_pool_change_places_and_no_number() -> None:
    swapped = pool_before_relu(RELU_POOL, ["y"])
    assert [n.op_type for n in swapped] == ["Conv", "MaxPool", "Relu", "Flatten"]
    x = np.random.default_rng(0).normal(size=(2, 1, 6, 6))
    np.testing.assert_array_equal(_run(swapped, x), _run(RELU_POOL, x))


def test_a_relu_that_is_used_elsewhere_stays() -> None:
    nodes = [*RELU_POOL, node("Neg", ["r"], ["z"])]
    assert pool_before_relu(nodes, ["y", "z"]) == nodes
    assert pool_before_relu(RELU_POOL, ["y", "r"]) == RELU_POOL


def test_other_pairs_stay() -> None:
    nodes = [node("Tanh", ["x"], ["t"]), node("MaxPool", ["t"], ["y"], kernel_shape=[2, 2])]
    assert pool_before_relu(nodes, ["y"]) == nodes
