from __future__ import annotations

import numpy as np
from onnx import NodeProto, helper

from inkread.ml.graph.rewrites import momentum_into_gemm, pool_before_relu
from tests.ml.gradients.finite_differences import evaluator, run
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


GEMM = [
    node("Mul", ["v", "mu"], ["kept"]),
    node("Gemm", ["a", "b"], ["g"], transA=1),
    node("Add", ["kept", "g"], ["next"]),
]


def test_momentum_goes_into_the_product() -> None:
    changed = momentum_into_gemm(GEMM, {"mu": 0.9}, {"v"})
    assert [n.op_type for n in changed] == ["Gemm"]
    rng = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {"a": (4, 2), "b": (4, 3), "v": (2, 3)}
    feed: dict[str, Array] = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    mu: dict[str, Array] = {"mu": np.array(0.9)}
    before, after = (
        run(evaluator(nodes, feed | mu, ["next"]), feed | mu)[0] for nodes in (GEMM, changed)
    )
    np.testing.assert_allclose(after, before, rtol=1e-6)


def test_products_that_are_used_otherwise_stay() -> None:
    cases: list[tuple[list[NodeProto], dict[str, float], set[str]]] = [
        ([*GEMM, node("Neg", ["g"], ["z"])], {"mu": 0.9}, {"v"}),
        (GEMM, {}, {"v"}),
        (GEMM, {"mu": 0.9}, set()),
        ([GEMM[0], node("Gemm", ["a", "b", "c"], ["g"]), GEMM[2]], {"mu": 0.9}, {"v"}),
        ([GEMM[0], node("MatMul", ["a", "b"], ["g"]), GEMM[2]], {"mu": 0.9}, {"v"}),
    ]
    for nodes, scalars, slots in cases:
        assert momentum_into_gemm(nodes, scalars, slots) == nodes


def test_other_pairs_stay() -> None:
    nodes = [node("Tanh", ["x"], ["t"]), node("MaxPool", ["t"], ["y"], kernel_shape=[2, 2])]
    assert pool_before_relu(nodes, ["y"]) == nodes
